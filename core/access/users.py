"""Users and their passwords."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import passwords, sessions, throttle
from core.access.models import Membership, Reset, Role, User
from core.access.sign_in import user_by_email
from core.database.field import now
from core.language import FIRST_LANGUAGE, LANGUAGES, _
from core.refusals import Refusal


def register_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str = "",
    language: str = FIRST_LANGUAGE,
    network_admin: bool = False,
) -> User:
    """Let somebody have an account; without a password they can only come by a link sent to them."""
    email = read_email(email)
    if user_by_email(session, email) is not None:
        raise Refusal(_("Another user has the address %(email)s.", email=email), field="email")
    name = _read_name(name)
    if password:
        passwords.check_password(password, administrator=network_admin, about=(name, email))
    user = User(
        email=email,
        name=name,
        password_hash=passwords.hashed(password) if password else "",
        language=_read_language(language),
        network_admin=network_admin,
    )
    session.add(user)
    session.flush()
    return user


def read_email(text: str) -> str:
    """An e-mail address in small letters, as it is kept."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  slow to import

    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Refusal(_("This is not an e-mail address: write it like name@example.it."), field="email") from error


def amend_user(session: Session, user: User, *, name: str, language: str) -> None:
    """Change how somebody is called and spoken to."""
    user.name, user.language = _read_name(name), _read_language(language)
    session.flush()


def change_password(
    session: Session, user: User, *, current: str, password: str, visit_id: UUID | None, at: datetime | None = None
) -> None:
    """Take a new password and end the user's other visits at once."""
    at = at or now()
    check_current_password(session, user, current, field="current", at=at)
    set_password(session, user, password=password, visit_id=visit_id, at=at)


def check_current_password(session: Session, user: User, password: str, *, field: str, at: datetime) -> None:
    """Refuse a wrong one, and count it like those at sign-in: an open screen is no place to guess either."""
    tries = throttle.claim(session, throttle.ACCOUNT, user.email, at=at)
    if not passwords.matches(user.password_hash, password):
        throttle.count(session, throttle.ACCOUNT, tries, at=at)
        raise Refusal(_("This is not your current password."), field=field)
    throttle.forgive(session, tries, at=at)


def set_password(
    session: Session, user: User, *, password: str, visit_id: UUID | None = None, at: datetime | None = None
) -> None:
    """Take a new password; every other visit and every unused link of the user ends."""
    at = at or now()
    passwords.check_password(password, administrator=is_administrator(session, user), about=(user.name, user.email))
    user.password_hash = passwords.hashed(password)
    sessions.sign_out_everywhere(session, user.id, except_for=visit_id, at=at)
    for reset in session.scalars(select(Reset).where(Reset.user_id == user.id, Reset.used_at.is_(None))):
        reset.used_at = at
    session.flush()


def is_administrator(session: Session, user: User) -> bool:
    """Whether they administer the network or a partner, and so need a longer password."""
    heads = select(Membership.id).where(Membership.user_id == user.id, Membership.role == Role.ORG_MANAGER)
    return user.network_admin or session.scalars(heads.limit(1)).first() is not None


def _read_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Write a name."), field="name")
    return name


def _read_language(language: str) -> str:
    if language not in LANGUAGES:
        raise Refusal(_("Choose one of the languages."), field="language")
    return language
