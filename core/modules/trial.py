"""An upgrade tried on a copy: a file beside the database on SQLite, a schema that is undone on PostgreSQL."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, inspect, text

from core.database import migrate
from core.database.migrate import Line
from core.database.session import make_engine
from core.modules.scratch import copy_into_scratch
from core.modules.tables import names_of

COPY = ".trial"


@dataclass(frozen=True)
class Trial:
    """What the pending migrations did to the copy."""

    revisions: list[str]
    seconds: float
    made: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    fault: str = ""


class Undo(Exception):  # noqa: N818
    """The trial is over; nothing of it is kept."""


def try_on_copy(url: str, line: Line) -> Trial:
    """Run a line's pending migrations where nobody works, and say what changed and how long it took."""
    with _copy_of_file(url, line) if url.startswith("sqlite") else _copy_in_schema(url, line) as connection:
        before = _shape(connection, line.key)
        begun = time.monotonic()
        revisions = _pending(connection, line)
        try:
            migrate.run(connection, line, by="trial")
        except Exception as error:  # noqa: BLE001  whatever a migration does is what the trial is for
            return Trial(revisions, time.monotonic() - begun, fault=_told(error))
        seconds = time.monotonic() - begun
        after = _shape(connection, line.key)
    return Trial(
        revisions, seconds, made=sorted(after.keys() - before.keys()), dropped=sorted(before.keys() - after.keys()),
        changed=sorted(name for name in after.keys() & before.keys() if after[name] != before[name]),
    )  # fmt: skip


def _told(error: Exception) -> str:
    """The first line of what went wrong: the statement with its values is for nobody's page."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else ''}"[:300]


def _pending(connection: Connection, line: Line) -> list[str]:
    known = connection.execute(text(f"select version_num from {line.version_table}")).scalars().all()  # noqa: S608
    return line.after(known[0]) if known else line.after("")


def _shape(connection: Connection, key: str) -> dict[str, Any]:
    """Table → its columns with their types: what a person would call the table's form."""
    looked = inspect(connection)
    return {
        name: sorted((one["name"], str(one["type"]), one["nullable"]) for one in looked.get_columns(name))
        for name in names_of(connection, key)
    }


@contextmanager
def _copy_of_file(url: str, line: Line) -> Iterator[Connection]:
    copy = migrate.keep_copy(url, COPY)
    engine = make_engine(f"{url}{COPY}")
    try:
        with migrate.locked(engine) as connection:
            yield connection
    finally:
        engine.dispose()
        if copy:
            for left in copy.parent.glob(f"{copy.name}*"):
                left.unlink()


@contextmanager
def _copy_in_schema(url: str, line: Line) -> Iterator[Connection]:
    """A schema in a transaction that is never committed: stopped anywhere, nothing of it is left."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            transaction = connection.begin()
            try:
                connection.execute(text("set local statement_timeout = 0"))
                connection.execute(text("set local lock_timeout = '10s'"))
                copy_into_scratch(connection, line)
                yield connection
            finally:
                transaction.rollback()
    finally:
        engine.dispose()
