"""From the address of a list to its rows: search, filters, order and keyset pages."""

import base64
import binascii
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from core.database.scope import ROME, scope_of
from core.language import _, reading
from core.refusals import Refusal
from core.resource import lookup
from core.resource.collections import Collection
from core.resource.columns import Column, tell

SIZES = (25, 50, 100)
COUNTED, COUNTED_EVERY = 10_000, 60  # rows, seconds
_long_lists: dict[tuple[UUID | None, str], float] = {}


@dataclass(frozen=True)
class ListState:
    """What a list's address says; the address alone makes the same list again."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    size: int = 50
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, collection: Collection, arguments: Any) -> "ListState":
        """Read the query of an address; names that the list does not have are passed over."""
        filters = {}
        for column in collection.filters:
            for name in (column.name, f"{column.name}.from", f"{column.name}.to"):
                if given := tuple(v.strip() for v in arguments.getlist(f"f.{name}") if v.strip()):
                    filters[name] = given
        size = int(arguments.get("size", "50")) if arguments.get("size", "50").isdigit() else 50
        return cls(
            q=arguments.get("q", "").strip(), filters=filters, sort=arguments.get("sort", ""),
            size=max(1, min(size, SIZES[-1])), after=arguments.get("after", ""), before=arguments.get("before", ""),
        )  # fmt: skip

    def query(self, **changes: Any) -> list[tuple[str, str]]:
        """The pairs of an address that says this, with some of it changed; paging starts again."""
        state = replace(self, **{"after": "", "before": "", **changes})
        pairs = [("q", state.q), *((f"f.{name}", v) for name, values in state.filters.items() for v in values)]
        pairs += [("sort", state.sort), ("size", "" if state.size == 50 else str(state.size))]  # noqa: PLR2004
        return [(name, value) for name, value in [*pairs, ("after", state.after), ("before", state.before)] if value]

    def without(self, name: str, value: str) -> dict[str, tuple[str, ...]]:
        """The filters less one value."""
        left = {n: tuple(v for v in values if (n, v) != (name, value)) for n, values in self.filters.items()}
        return {n: values for n, values in left.items() if values}


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where the next and previous ones begin; `total` is None past 10,000."""

    rows: list[Any]
    next: str
    previous: str
    total: int | None


def narrowed(session: Session, collection: Collection, state: ListState) -> Select[Any]:
    """The rows that the state asks for, in no order yet."""
    statement = lookup.base(session, collection)
    if state.q:
        statement = lookup.searching(session, statement, collection, state.q)
    for column in collection.filters:
        for step in column.path[:1]:
            statement = statement.join(getattr(collection.resource.model, step))
        narrower = _filtered(statement, column, state)
        statement = narrower if narrower is statement else _where_open(session, narrower, column)
    return statement


def _where_open(session: Session, statement: Any, column: Column) -> Any:
    """Who may not see a field learns nothing by filtering with it."""
    scope, where_open = scope_of(session), getattr(column.model, "where_open", None)
    if where_open is None or scope.operator:
        return statement
    return statement.where(where_open(scope.partner_id, column.expression.key))


def _filtered(statement: Any, column: Column, state: ListState) -> Any:
    expression = column.expression
    if given := state.filters.get(column.name):
        if column.kind in {"text", "email", "phone", "long"}:
            statement = statement.where(
                or_(*(func.lower(expression).contains(v.lower(), autoescape=True) for v in given))
            )
        else:
            statement = statement.where(expression.in_([_read(column, value) for value in given]))
    if lowest := state.filters.get(f"{column.name}.from"):
        statement = statement.where(expression >= _read(column, lowest[0]))
    if highest := state.filters.get(f"{column.name}.to"):
        statement = statement.where(expression <= _read(column, highest[0], end=True))
    return statement


def _read(column: Column, text: str, *, end: bool = False) -> Any:
    """A filter's text as the column's own value; a Refusal names the filter when it cannot be."""
    try:
        return _readers(end=end).get(column.kind, str)(text) if column.kind != "choice" else column.choices(text)
    except ValueError as error:
        raise Refusal(_("%(value)s is not among the choices of %(label)s.", value=text, label=column.label)) from error


def _readers(*, end: bool) -> dict[str, Any]:
    def moment(text: str) -> datetime:
        return datetime.combine(reading.read_date(text), clock.max if end else clock.min, tzinfo=ROME)

    return {
        "money": reading.read_money, "decimal": reading.read_decimal, "integer": reading.read_integer,
        "date": reading.read_date, "moment": moment, "boolean": reading.read_boolean, "relation": UUID, "key": UUID,
    }  # fmt: skip


def ordering(collection: Collection, state: ListState) -> tuple[Column | None, bool]:
    """The column a list is ordered by, and whether downwards; its own order when the address asks for none."""
    wanted = state.sort or collection.resource.order
    sortable = {
        c.name: c for c in collection.columns if c.mapped and c.kind != "relation" and not c.path and not c.special
    }
    own = collection.resource.order.lstrip("-")
    if own and own not in sortable:
        sortable[own] = collection.column(own)
    column = sortable.get(wanted.lstrip("-")) or sortable.get(own)
    return column, (wanted if wanted.lstrip("-") in sortable else collection.resource.order).startswith("-")


def ordered(session: Session, collection: Collection, state: ListState) -> Select[Any]:
    """All the rows of a list in its order, as exports read them."""
    column, down = ordering(collection, state)
    model = collection.resource.model
    statement = narrowed(session, collection, state).options(*loads_of(collection.resource.model, collection.columns))
    if column is None:
        return statement.order_by(model.id)
    key = column.expression.desc() if down else column.expression.asc()
    return statement.order_by(key.nulls_last(), model.id.desc() if down else model.id)


def page_of(session: Session, collection: Collection, state: ListState) -> Page:
    """One page of a list: as cheap in the middle of a million rows as at their beginning."""
    backwards, walk = bool(state.before), _walk(session, collection, state)
    rows = list(session.scalars(_page(session, collection, state, walk, backwards=backwards)).unique())
    more, rows = len(rows) > state.size, rows[: state.size]
    if backwards:
        rows.reverse()
    has_next = backwards or more
    has_previous = more if backwards else bool(state.after)
    return Page(
        rows=rows,
        next=cursor(collection, state, rows[-1]) if rows and has_next else "",
        previous=cursor(collection, state, rows[0]) if rows and has_previous else "",
        total=_total(session, collection, state, walk),
    )


def _total(session: Session, collection: Collection, state: ListState, walk: Any) -> int | None:
    """How many rows there are, counted up to 10,000; None beyond.

    A whole list that was longer a minute ago is not counted again: that would be most of what its page asks.
    """
    whole = (
        (scope_of(session).partner_id, collection.key) if walk is not None and not (state.q or state.filters) else None
    )
    if whole and time.monotonic() - _long_lists.get(whole, -COUNTED_EVERY) < COUNTED_EVERY:
        return None
    if walk is None:
        keys = narrowed(session, collection, state).with_only_columns(collection.resource.model.id).order_by(None)
    else:
        keys = select(walk.c.id)
    found: int = session.scalar(select(func.count()).select_from(keys.limit(COUNTED + 1).subquery())) or 0
    if found <= COUNTED:
        return found
    if whole:
        _long_lists[whole] = time.monotonic()
    return None


def cursor(collection: Collection, state: ListState, record: Any) -> str:
    """Where a record stands in the order, as an address can carry it."""
    column, _down = ordering(collection, state)
    value = tell(column.value(record)) if column else None
    return base64.urlsafe_b64encode(json.dumps([value, str(record.id)]).encode()).decode().rstrip("=")


def _page(session: Session, collection: Collection, state: ListState, walk: Any, *, backwards: bool) -> Select[Any]:
    """The rows of a page and one more, from the address's place on."""
    model = collection.resource.model
    column, down = ordering(collection, state)
    downwards = down != backwards
    place = _read_cursor(column, state.before or state.after)
    if column is not None and not column.path and walk is not None and column.attribute in walk.c:
        along = select(walk.c.id)
        value = walk.c[column.attribute]
        keys = _at(along, value, walk.c.id, place, downwards=downwards, backwards=backwards)
        statement = select(model).where(model.id.in_(keys.limit(state.size + 1)))
        place = None
    else:
        statement = narrowed(session, collection, state).limit(state.size + 1)
    value = column.expression if column is not None else None
    return _at(
        statement.options(*loads_of(model, collection.columns)), value, model.id, place,
        downwards=downwards, backwards=backwards,
    )  # fmt: skip


def _walk(session: Session, collection: Collection, state: ListState) -> Any:
    """The keys that the state asks for, beside what orders them; None where the rows are read themselves."""
    seen = lookup.in_sight(session, collection, state.q)
    if seen is None or not state.filters:
        return seen
    unsearched = narrowed(session, collection, replace(state, q="")).with_only_columns(collection.resource.model.id)
    return select(seen).where(seen.c.id.in_(unsearched)).subquery()


def _at(statement: Any, value: Any, identity: Any, place: Any, *, downwards: bool, backwards: bool) -> Any:
    """The statement in order, from a place on; rows without a value stand last."""
    key = identity.desc() if downwards else identity.asc()
    if value is None:
        if place:
            statement = statement.where(identity < place[1] if downwards else identity > place[1])
        return statement.order_by(key)
    if place:
        statement = statement.where(_beyond(value, identity, place, downwards=downwards, backwards=backwards))
    first = value.desc() if downwards else value.asc()
    return statement.order_by(first.nulls_first() if backwards else first.nulls_last(), key)


def _beyond(value: Any, identity: Any, place: tuple[Any, UUID], *, downwards: bool, backwards: bool) -> Any:
    """The rows past a place in the order, where rows without a value stand last."""
    at, key = place
    past_key = identity < key if downwards else identity > key
    if at is None:
        same = and_(value.is_(None), past_key)
        return or_(same, value.is_not(None)) if backwards else same
    # The first condition alone is a range of an index, which begins at the place instead of at the first row.
    beyond = and_(value <= at if downwards else value >= at, or_(value != at, past_key))
    return beyond if backwards or not _can_miss(value) else or_(beyond, value.is_(None))


def _can_miss(value: Any) -> bool:
    """Whether rows may have no value there; what the database computes may."""
    return bool(getattr(value, "nullable", True))


def _read_cursor(column: Column | None, text: str) -> tuple[Any, UUID] | None:
    if not text:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return (None if value is None or column is None else _as_stored(column, value)), UUID(key)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Refusal(_("This page of the list no longer exists: go back to its beginning.")) from error


def _as_stored(column: Column, value: Any) -> Any:
    readers: dict[str, Any] = {
        "money": Decimal, "decimal": Decimal, "date": date.fromisoformat, "moment": datetime.fromisoformat,
        "key": UUID, "choice": column.choices,
    }  # fmt: skip
    return readers.get(column.kind, lambda same: same)(value)


def loads_of(model: type[Any], shown: Iterable[Column]) -> list[Any]:
    """What the columns of a list or table need, loaded in the rows' own question: the steps lead to one record each."""
    loads = []
    for column in shown:
        path = [*column.path, *([column.attribute] if column.kind == "relation" else [])]
        if path:
            option, owner = None, model
            for step in path:
                attribute = getattr(owner, step)
                option = option.joinedload(attribute) if option else joinedload(attribute)
                owner = attribute.property.mapper.class_
            loads.append(option)
    return loads
