"""Accounts and who their users are at an OpenID provider: linked to what exists, never made."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import sessions
from core.access.models import Identity, SignIn, User
from core.access.second_factor import factor_of, is_needed
from core.access.sign_in import user_by_email
from core.config import OpenIdProvider
from core.database.field import now
from core.language import _
from core.refusals import Refusal

LONGEST_SUBJECT = 255
RECENT = 300  # seconds, as of a password that is asked again


@dataclass(frozen=True)
class Shown:
    """Who somebody is, as a provider says; `strong` when they showed more than a password, `shown_at` in Unix time."""

    issuer: str
    subject: str
    email: str
    strong: bool
    shown_at: int


class NotBelieved(Refusal):
    """A provider's answer does not prove who somebody is."""


class Unknown(Refusal):
    """The provider says who somebody is, and no account here is theirs."""


def sign_in_as(
    session: Session,
    shown: Shown,
    provider: OpenIdProvider,
    *,
    address: str,
    agent: str = "",
    second_factor: bool = False,
    at: datetime | None = None,
) -> tuple[SignIn, str]:
    """Begin the visit of who was shown; gives it with the token for the cookie.

    It owes a code as after a password, unless the provider says that more than a password was shown there.
    """
    at = at or now()
    user = account_of(session, shown, provider)
    partner = sessions.first_partner(session, user) if user.active else None
    if not user.active or not (partner or user.network_admin):
        raise _unknown()
    owes = factor_of(session, user) is not None or (second_factor and is_needed(session, user))
    return sessions.begin(
        session, user, partner_id=partner.id if partner else None, agent=agent, address=address,
        pending=owes and not shown.strong, at=at,
    )  # fmt: skip


def account_of(session: Session, shown: Shown, provider: OpenIdProvider) -> User:
    """The account that is linked, or the one of the verified address, which is linked now; `Unknown` for strangers."""
    user = linked(session, shown.issuer, shown.subject)
    if user is not None:
        return user
    domain = shown.email.rpartition("@")[2]
    user = user_by_email(session, shown.email) if domain and provider.let_in & {domain, "*"} else None
    # An address that somebody else had before is no proof: who is linked already comes by that identity alone.
    if user is None or _identity_at(session, user, shown.issuer) is not None:
        raise _unknown()
    link(session, user, issuer=shown.issuer, subject=shown.subject)
    return user


def link(session: Session, user: User, *, issuer: str, subject: str) -> Identity:
    """Let this identity open the account."""
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise Refusal(_("A subject has between 1 and %(n)s characters.", n=LONGEST_SUBJECT), field="subject")
    if linked(session, issuer, subject) is not None:
        raise Refusal(_("This identity belongs to another account."), field="subject")
    if _identity_at(session, user, issuer) is not None:
        raise Refusal(_("This account has an identity there already."), field="subject")
    identity = Identity(user_id=user.id, issuer=issuer, subject=subject)
    session.add(identity)
    session.flush()
    return identity


def unlink(session: Session, user: User, *, issuer: str) -> bool:
    """Let an identity open the account no more, and end the user's visits; whether there was one."""
    identity = _identity_at(session, user, issuer)
    if identity is None:
        return False
    session.delete(identity)
    session.flush()
    sessions.sign_out_everywhere(session, user.id)
    return True


def confirm(session: Session, visit: SignIn, shown: Shown, *, at: datetime | None = None) -> None:
    """Take it that the visitor showed again who they are: the same person, and just now."""
    at = at or now()
    user = linked(session, shown.issuer, shown.subject)
    if user is None or user.id != visit.user_id:
        raise NotBelieved(_("Somebody else signed in there than is signed in here."))
    if at.timestamp() - shown.shown_at > RECENT:
        raise NotBelieved(_("You were not asked again who you are: sign out there first, then try again."))
    visit.confirmed_at = at
    session.flush()


def linked(session: Session, issuer: str, subject: str) -> User | None:
    """The account that an identity opens."""
    wanted = select(User).join(Identity, Identity.user_id == User.id)
    return session.scalars(wanted.where(Identity.issuer == issuer, Identity.subject == subject)).one_or_none()


def _identity_at(session: Session, user: User, issuer: str) -> Identity | None:
    wanted = select(Identity).where(Identity.user_id == user.id, Identity.issuer == issuer)
    return session.scalars(wanted).one_or_none()


def _unknown() -> Unknown:
    return Unknown(
        _("You are known there, but have no access here: the head of your organisation gives it, for the same e-mail.")
    )
