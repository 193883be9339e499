"""The rows that a merge touches: their values before, a fingerprint after, and putting them back byte for byte."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Table, TypeDecorator, Uuid, select, update
from sqlalchemy.orm import Session

from core.database.changes import plain
from core.database.field import Exact, Money
from core.database.model import metadata
from core.people.models import Merge, MergedRow

AT_ONCE = 500
Spot = tuple[str, UUID]


class Touched:
    """Rows in the order in which they are first touched, with what stood in them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.before: dict[Spot, dict[str, Any]] = {}

    def note(self, table: str, keys: Iterable[UUID]) -> None:
        """Read rows before they are changed; a row that was noted keeps what stood in it first."""
        new = [key for key in keys if (table, key) not in self.before]
        rows = present(self.session, table, new)
        self.before.update({(table, key): rows[key] for key in new})

    def keep(self, merge: Merge, partner: UUID) -> None:
        """Write down what was changed, once everything is."""
        after: dict[Spot, dict[str, Any]] = {}
        for table in {table for table, _key in self.before}:
            keys = [key for name, key in self.before if name == table]
            after |= {(table, key): row for key, row in present(self.session, table, keys).items()}
        for place, (spot, before) in enumerate(self.before.items()):
            row = after[spot]
            changed = {name: plain(value) for name, value in before.items() if row[name] != value}
            self.session.add(
                MergedRow(
                    partner_id=partner,
                    merge_id=merge.id,
                    place=place,
                    table=spot[0],
                    row_id=spot[1],
                    before=changed,
                    fingerprint=fingerprint(row),
                )
            )
        self.session.flush()


def present(session: Session, table: str, keys: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Rows as they stand in the database now, by key."""
    columns, wanted = metadata.tables[table], list(keys)
    found: dict[UUID, dict[str, Any]] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = session.execute(select(columns).where(columns.c.id.in_(wanted[first : first + AT_ONCE]))).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return found


def fingerprint(row: dict[str, Any]) -> str:
    """SHA-256 of every column of a row."""
    told = {name: plain(value) for name, value in row.items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def put_back(session: Session, row: MergedRow) -> dict[str, list[Any]]:
    """Give a row its values again; says field → [now, then] of what is told in the audit trail."""
    table = metadata.tables[row.table]
    now = present(session, row.table, [row.row_id])[row.row_id]
    then = {name: _typed(table, name, value) for name, value in row.before.items()}
    if then:
        session.execute(update(table).where(table.c.id == row.row_id).values(then))
    return {name: [now[name], value] for name, value in then.items()}


def _typed(table: Table, name: str, value: Any) -> Any:
    """A value that JSON kept as text, as its column takes it."""
    column: Column[Any] = table.c[name]
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if not isinstance(value, str):
        return value
    if isinstance(column.type, Money | Exact):
        return Decimal(value)
    readers = ((Uuid, UUID), (DateTime, datetime.fromisoformat), (Date, date.fromisoformat))
    return next((read(value) for of, read in readers if isinstance(kind, of)), value)
