"""What is measured, and the bar that each figure is held to."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.load import Request
from bench.registry import Registry, get, mistyped

# Answers a page may be slower by on SQLite than on PostgreSQL.
SQLITE_FACTOR = 1.5


@dataclass(frozen=True)
class Row:
    """A page asked for over and over; `bar` is the middle answer's milliseconds on PostgreSQL."""

    key: str
    title: str
    bar: float | None
    requests: Callable[[Registry], list[Request]]


def typed(registry: Registry) -> list[Request]:
    """What a lookup asks while somebody types a name in it, with a typo."""
    return [Request(f"/people/lookup?field=person&person.q={text}") for _key, text in mistyped(registry.names)]


def records(registry: Registry) -> list[Request]:
    """The pages of five hundred people, in turn."""
    return [Request(f"/people/{key}") for key in registry.keys]


ROWS = (
    Row("list", "List of 50 people by name, of all", None, lambda _registry: get("/people")),
    Row("page-1000", "Page 1,000 of the same list", None, lambda registry: get("/people", after=registry.page_1000)),
    Row("search-common", "Search “ross” in the list", 8, lambda _registry: get("/people", q="ross")),
    Row("search-rare", "Search a rare name", 6, lambda registry: get("/people", q=registry.rare)),
    Row("search-absent", "Search what is not there", 5, lambda _registry: get("/people", q="zzzq")),
    Row("search-typo", "Search as one types, mistyped", 15, typed),
    Row("record", "Record page with its panels", 8, records),
    Row("json", "JSON list of 50", 4, lambda _registry: get("/api/v1/people", sort="sort_name")),
)  # fmt: skip
