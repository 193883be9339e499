"""Noting every row that the demo makes, and removing exactly those."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database.model import metadata
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.database.trail import ChainHead, Change, Told
from core.demo.models import DemoRow
from core.language import _
from core.partners.models import Partner
from core.refusals import Refusal

# The trail and its heads are never removed.
KEPT = (Change, Told, ChainHead, DemoRow)
NEVER_NOTED = {model.__tablename__ for model in KEPT}


@contextmanager
def recording(session: Session) -> Iterator[None]:
    """Note every row that the session adds inside the block as a row of the demo, those inserted at once too."""
    made: list[tuple[str, UUID]] = []

    def note(flushed: Session, context: Any) -> None:
        made.extend((row.__tablename__, row.id) for row in flushed.new if not isinstance(row, KEPT))

    def note_many(state: Any) -> None:
        table = getattr(state.statement, "table", None) if state.is_insert else None
        if table is not None and isinstance(state.parameters, list) and table.name not in NEVER_NOTED:
            made.extend((table.name, row["id"]) for row in state.parameters)

    event.listen(session, "after_flush", note)
    event.listen(session, "do_orm_execute", note_many)
    try:
        yield
        session.flush()
    finally:
        event.remove(session, "after_flush", note)
        event.remove(session, "do_orm_execute", note_many)
    note_rows(session, made)


def note_rows(session: Session, made: list[tuple[str, UUID]]) -> None:
    """Write down rows of the demo, in the order in which they were made."""
    last = session.scalar(select(func.max(DemoRow.position))) or 0
    rows = [
        {"table": table, "row_id": key, "position": last + place, "version": 1}
        for place, (table, key) in enumerate(made, start=1)
    ]
    if rows:
        session.execute(insert(DemoRow), rows)


def remove_demo(database: Database) -> int:
    """Remove the demo's rows and nothing else, children first; says how many went.

    Lines of the audit trail cannot be deleted: they stay, and with them their partners' rows, as
    inactive partners. Refused whole when rows that somebody made later speak of the demo's.
    """
    return database.run(Scope(operator=True, actor="generazioni", reason="demo removed"), _remove)


def _remove(session: ScopedSession) -> int:
    tables = _recorded(session)
    partners = select(DemoRow.row_id).where(DemoRow.table == Partner.__tablename__)
    session.execute(update(Partner).where(Partner.id.in_(partners)).values(active=False))
    removed = 0
    for table in tables:
        mine = select(DemoRow.row_id).where(DemoRow.table == table.name)
        try:
            removed += session.execute(delete(table).where(table.c.id.in_(mine))).rowcount  # type: ignore[attr-defined]
        except IntegrityError as error:
            raise Refusal(
                _(
                    "Rows that were made later speak of the demo's (%(table)s): remove those first.",
                    table=table.name,
                )
            ) from error
    session.execute(delete(DemoRow))
    return removed


def _recorded(session: Session) -> list[Table]:
    """The tables that hold rows of the demo, those that refer to others first; partners are not among them."""
    names = set(session.scalars(select(DemoRow.table).distinct())) - {Partner.__tablename__}
    if unknown := names - set(metadata.tables):
        raise Refusal(
            _("The demo has rows of modules that are not installed: %(tables)s.", tables=", ".join(sorted(unknown)))
        )
    return [table for table in reversed(metadata.sorted_tables) if table.name in names]
