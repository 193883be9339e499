"""The history of a record in words: who changed which field from what to what, newest first."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import inspect, select

from core.database.merging import keys_of
from core.database.trail import Act, Change
from core.language import Words, _
from core.resource.collections import Collection
from core.resource.columns import Column, UnknownColumn, column, columns, show

RECENT = 12
UNSHOWN = {"hidden", "key"}  # a bare key says nothing to anybody
READ_BACK: dict[str, Any] = {
    "money": Decimal, "decimal": Decimal, "date": date.fromisoformat, "moment": datetime.fromisoformat,
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of a change, in words."""

    label: Words
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of the trail, ready to be drawn; `erased` when what it told was destroyed."""

    line: Change
    differences: list[Difference]
    erased: bool


def recent(collection: Collection, record: Any) -> list[dict[str, Any]]:
    """The last changes of a record with the labels of their fields, for its summary."""
    lines = g.session.scalars(lines_of(collection, record).limit(RECENT))
    return [{"at": c.at, "who": c.actor, "text": c.act.label, "meta": _what(collection, c)} for c in lines]


def lines_of(collection: Collection, record: Any) -> Any:
    """The lines of the trail about a record, the latest first."""
    wanted = select(Change).where(
        Change.entity == collection.table, Change.entity_id.in_(keys_of(record)), Change.act != Act.READ
    )
    return wanted.order_by(Change.sequence.desc())


def entries_of(collection: Collection, lines: list[Change]) -> list[Entry]:
    """The lines in words; records that values name are asked for together, and only those that may be seen."""
    fields = {name: _field(collection.resource.model, name) for line in lines for name in line.fields}
    named = _named(fields, lines)
    return [
        Entry(
            line,
            [
                Difference(one.label if one else name, *(_said(one, value, named) for value in line.fields[name]))
                for name, one in fields.items()
                if name in line.fields and (one is None or one.kind not in UNSHOWN)
            ],
            line.told is None,
        )
        for line in lines
    ]


def _field(model: type[Any], name: str) -> Column | None:
    """The column of a field: a key that points at a record is the relationship; None for what is no more."""
    try:
        own = column(model, name)
    except UnknownColumn:
        return None
    if own.kind != "key":
        return own
    for relationship in inspect(model).relationships:
        points = {inspect(model).get_property_by_column(c).key for c in relationship.local_columns}
        if not relationship.uselist and name in points and name != "partner_id":
            return columns(model, [relationship.key])[0]
    return own


def _named(fields: dict[str, Column | None], lines: list[Change]) -> dict[UUID, str]:
    """Key → name of the records that the values point at, as far as the session sees them."""
    wanted: dict[Any, set[UUID]] = {}
    for name, one in fields.items():
        if one is not None and one.kind == "relation":
            keys = {UUID(value) for line in lines for value in line.fields.get(name, ()) if value}
            wanted.setdefault(one.target, set()).update(keys)
    found = {}
    for model, keys in wanted.items():
        for record in g.session.scalars(select(model).where(model.id.in_(keys))).unique():
            found[record.id] = str(record)
    return found


def _said(one: Column | None, value: Any, named: dict[UUID, str]) -> str:
    """A value of the trail as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if one is None:
        return str(value)
    try:
        if one.kind == "relation":
            return named.get(UUID(value)) or str(_("a record that you do not see"))
        read = one.choices if one.kind == "choice" else READ_BACK.get(one.kind)
        return show(read(value) if read else value, one.kind)
    except (ValueError, ArithmeticError):  # written when the field was of another kind
        return str(value)


def _what(collection: Collection, change: Change) -> str:
    """The labels of the fields that changed, and the reason that was given."""
    named = [_field(collection.resource.model, name) for name in change.fields]
    labels = [str(one.label) for one in named if one is not None and one.kind not in UNSHOWN]
    told = ", ".join(labels[:6]) if change.act is Act.CHANGED else ""
    return " · ".join(part for part in (told, change.reason) if part)
