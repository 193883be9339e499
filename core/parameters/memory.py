"""What a transaction asked of the parameters already: a month of charges asks for the same few thousands of times."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.database.scope import ScopedSession
from core.parameters.models import Dated

Values = dict[str, str]


def recalled(session: Session, asked: Hashable, read: Callable[[], Values]) -> Values:
    """What was read for this question in the same transaction, else what is read now."""
    known: dict[Hashable, Values] = session.info.setdefault("parameters", {})
    if asked not in known:
        known[asked] = read()
    return dict(known[asked])


@event.listens_for(ScopedSession, "after_flush")
def _written(session: Session, flush_context: Any) -> None:
    if session.info.get("parameters") and any(
        isinstance(row, Dated) for row in (*session.new, *session.dirty, *session.deleted)
    ):
        session.info.pop("parameters")


@event.listens_for(ScopedSession, "after_soft_rollback")
def _undone(session: Session, undone: SessionTransaction) -> None:
    session.info.pop("parameters", None)


@event.listens_for(ScopedSession, "after_transaction_end")
def _ended(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop("parameters", None)
