"""Fresh sign-in: before a dangerous act somebody shows again that it is them, for five minutes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.access import passwords, throttle
from core.access.models import SignIn, User
from core.database.field import now
from core.language import _
from core.refusals import Refusal

LASTING = timedelta(seconds=300)


def is_fresh(visit: SignIn, *, at: datetime) -> bool:
    """Whether the visitor signed in, or confirmed it, within five minutes."""
    return at < visit.confirmed_at + LASTING


def confirm(session: Session, visit_id: UUID, *, password: str, at: datetime | None = None) -> None:
    """Take the password again: an open screen is no leave for whoever sits down at it.

    Wrong ones are counted with those of signing in; the count outlives the refusal only if it is kept.
    """
    at = at or now()
    visit = session.get_one(SignIn, visit_id)
    user = session.get_one(User, visit.user_id)
    tries = throttle.claim(session, throttle.ACCOUNT, user.email, at=at)
    if not passwords.matches(user.password_hash, password):
        throttle.count(session, throttle.ACCOUNT, tries, at=at)
        raise Refusal(_("This is not your current password."), field="password")
    throttle.forgive(session, tries, at=at)
    visit.confirmed_at = at
    session.flush()
