"""Links by which somebody sets a password: asked for when it is forgotten, or sent with an invitation."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import throttle, users
from core.access.models import Reset, User
from core.access.secret import hash_of, new_token
from core.access.sign_in import user_by_email
from core.database.field import now
from core.language import _
from core.refusals import NotFound, TooOften

FORGOTTEN = timedelta(minutes=60)
# Who is invited has no password that the link could open: they may come after the weekend.
INVITED = timedelta(days=3)


def ask_reset(session: Session, *, email: str, address: str, at: datetime | None = None) -> tuple[User, str] | None:
    """A link's token for the user of this address; None, silently, when there is no such user to be sent one.

    The same person is sent three an hour at most, and an address asks for thirty at most.
    """
    at = at or now()
    email = email.strip().lower()
    by_address = throttle.claim(session, throttle.ADDRESS, f"reset {address}", at=at)
    throttle.count(session, throttle.ADDRESS, by_address, at=at)
    try:
        by_account = throttle.claim(session, throttle.RESET, email, at=at)
    except TooOften:
        return None
    throttle.count(session, throttle.RESET, by_account, at=at)
    user = user_by_email(session, email)
    if user is None or not user.active:
        return None
    return user, new_link(session, user, lasting=FORGOTTEN, at=at)


def new_link(session: Session, user: User, *, lasting: timedelta, at: datetime | None = None) -> str:
    """The token of a new link; the ones before it stop working."""
    at = at or now()
    session.execute(update(Reset).where(Reset.user_id == user.id, Reset.used_at.is_(None)).values(used_at=at))
    token, kept = new_token()
    session.add(Reset(token_hash=kept, user_id=user.id, expires_at=at + lasting))
    session.flush()
    return token


def open_reset(session: Session, token: str, *, at: datetime | None = None) -> Reset:
    """The link of a token while it can be used; `NotFound` when it is unknown, used or too old."""
    wanted = select(Reset).where(Reset.token_hash == hash_of(token)).with_for_update()
    reset = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if reset is None or reset.used_at is not None or (at or now()) >= reset.expires_at or not reset.user.active:
        raise NotFound(_("This link does not work any more: ask for a new one."))
    return reset


def use_reset(session: Session, token: str, *, password: str, at: datetime | None = None) -> User:
    """Set the password by a link, once; it ends every visit and signs nobody in."""
    at = at or now()
    reset = open_reset(session, token, at=at)
    users.set_password(session, reset.user, password=password, at=at)
    return reset.user
