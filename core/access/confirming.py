"""Fresh sign-in: before a dangerous act somebody shows again that it is them, for five minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.access import second_factor, users
from core.access.models import SignIn, User
from core.database.field import now

LASTING = timedelta(seconds=300)


def is_fresh(visit: SignIn, *, at: datetime) -> bool:
    """Whether the visitor signed in, or confirmed it, within five minutes."""
    return at < visit.confirmed_at + LASTING


def confirm(
    session: Session, visit_id: UUID, *, password: str = "", code: str = "", at: datetime | None = None
) -> None:
    """Take the password again, or a code: an open screen is no leave for whoever sits down at it.

    Wrong ones are counted with those of signing in; the count outlives the refusal only if it is kept.
    """
    at = at or now()
    visit = session.get_one(SignIn, visit_id)
    user = session.get_one(User, visit.user_id)
    if code:
        second_factor.check(session, user, code, at=at)
    else:
        users.check_current_password(session, user, password, field="password", at=at)
    visit.confirmed_at = at
    session.flush()
