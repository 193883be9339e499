"""Asking for the password once more before something that cannot be undone."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.access import passwords, throttle
from core.access.models import User
from core.database.field import now
from core.language import _
from core.refusals import Refusal


class NotYou(Refusal):
    """The password is not that of who is signed in; the failure is counted."""


def refuse_without_password(session: Session, user_id: UUID, password: str) -> None:
    """Refuse whoever sits at somebody else's open session; the failures are counted as at the door."""
    at = now()
    user = session.get_one(User, user_id)
    tries = throttle.claim(session, throttle.ACCOUNT, user.email, at=at)
    if not passwords.matches(user.password_hash, password):
        throttle.count(session, throttle.ACCOUNT, tries, at=at)
        raise NotYou(_("This is not your password."), field="password")
    throttle.forgive(session, tries, at=at)
