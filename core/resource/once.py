"""One-time keys: a form or request sent twice has one effect, and the second gets the first one's answer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.access.models import OnceKey
from core.database.field import now


@dataclass(frozen=True)
class Answer:
    """What the first sending was answered."""

    status: int
    location: str
    body: str


def claim(session: Session, user_id: UUID, key: str) -> Answer | None:
    """None when this is the first sending; else its answer. A second one waits until the first has ended."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"id": uuid7(), "version": 1, "created_at": now(), "user_id": user_id, "key": key[:80],
              "status": 0, "location": "", "body": ""}  # fmt: skip
    claimed = insert(OnceKey).values(**values).on_conflict_do_nothing().returning(OnceKey.id)
    if session.scalar(claimed) is not None:
        return None
    first = session.scalars(select(OnceKey).where(OnceKey.user_id == user_id, OnceKey.key == key[:80])).one()
    return Answer(first.status, first.location, first.body)


def answered(session: Session, user_id: UUID, key: str, *, status: int, location: str = "", body: str = "") -> None:
    """Keep the answer for whoever sends the same again."""
    wanted = select(OnceKey).where(OnceKey.user_id == user_id, OnceKey.key == key[:80])
    claimed = session.scalars(wanted).one()
    claimed.status, claimed.location, claimed.body = status, location, body
    session.flush()
