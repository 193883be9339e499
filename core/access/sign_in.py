"""The front door: one sentence for every failure, and the same time whether the account exists or not."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import passwords, sessions, throttle
from core.access.models import SignIn, User
from core.access.second_factor import factor_of, is_needed
from core.database.field import now
from core.language import _
from core.refusals import Refusal, TooOften


class WrongSignIn(Refusal):
    """The e-mail address, the password or the account will not do; which of them, is not said."""


def sign_in(
    session: Session,
    *,
    email: str,
    password: str,
    address: str,
    agent: str = "",
    second_factor: bool = False,
    at: datetime | None = None,
) -> tuple[SignIn, str]:
    """Begin a visit; gives it with the token for the cookie.

    It is pending for who has a second factor, and, where those who need one must have it, for who has none yet.
    The failures are counted in this session: its transaction must be kept although the sign-in is refused.
    """
    at = at or now()
    email = email.strip().lower()
    throttle.look(session, throttle.ADDRESS, address, at=at)
    tries = throttle.claim(session, throttle.ACCOUNT, email, at=at)
    user = user_by_email(session, email)
    fits = passwords.matches(user.password_hash if user else "", password)
    partner = sessions.first_partner(session, user) if user and fits else None
    if user is None or not fits or not user.active or not (partner or user.network_admin):
        throttle.count(session, throttle.ACCOUNT, tries, at=at)
        count_address(session, address, at=at)
        raise WrongSignIn(_("The e-mail address or the password is wrong, or the account is closed."))
    throttle.forgive(session, tries, at=at)
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    owes = factor_of(session, user) is not None or (second_factor and is_needed(session, user))
    return sessions.begin(
        session, user, partner_id=partner.id if partner else None, agent=agent, address=address, pending=owes, at=at
    )


def count_address(session: Session, address: str, *, at: datetime) -> None:
    """One more failure from the address, unless somebody beside us just closed it."""
    try:
        tries = throttle.claim(session, throttle.ADDRESS, address, at=at)
    except TooOften:
        return
    throttle.count(session, throttle.ADDRESS, tries, at=at)


def user_by_email(session: Session, email: str) -> User | None:
    """The user of an address, however its letters are typed."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()
