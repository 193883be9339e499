"""Visits that the server keeps: begun, recognised by their token, moved to another partner, ended."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import literal, or_, select, update
from sqlalchemy.orm import Session

from core.access.models import Membership, SignIn, User
from core.access.secret import hash_of, new_token
from core.database.field import now
from core.language import _
from core.partners.models import Partner
from core.refusals import NotFound

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# How long who gave the password may take to find the code, or to set their app up.
PENDING = timedelta(minutes=15)
TOUCH_EVERY = timedelta(minutes=1)
AGENT_LENGTH = 200


def begin(
    session: Session,
    user: User,
    *,
    partner_id: UUID | None,
    agent: str = "",
    address: str = "",
    pending: bool = False,
    at: datetime,
) -> tuple[SignIn, str]:
    """A new visit and the token that its cookie carries."""
    token, kept = new_token()
    visit = SignIn(
        token_hash=kept, user_id=user.id, partner_id=partner_id, began_at=at, seen_at=at, confirmed_at=at,
        agent=agent[:AGENT_LENGTH], address=address, pending=pending,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    return visit, token


def is_open(visit: SignIn, *, at: datetime) -> bool:
    """Whether it was not ended, is not idle for half an hour, and did not begin twelve hours ago."""
    return visit.ended_at is None and at < visit.seen_at + IDLE and at < visit.began_at + LONGEST


def touch(session: Session, visit_id: UUID, *, at: datetime) -> None:
    """Note that the visitor is still there."""
    session.execute(update(SignIn).where(SignIn.id == visit_id, SignIn.ended_at.is_(None)).values(seen_at=at))


def sign_out(session: Session, token: str, *, at: datetime | None = None) -> None:
    """End the visit of this token; one that does not exist is as well ended."""
    _end(session, SignIn.token_hash == hash_of(token), at=at)


def sign_out_everywhere(
    session: Session, user_id: UUID, *, except_for: UUID | None = None, at: datetime | None = None
) -> None:
    """End every visit of a user, or every other one."""
    _end(session, SignIn.user_id == user_id, SignIn.id != except_for if except_for else True, at=at)


def sign_out_of_partner(session: Session, user_id: UUID, partner_id: UUID, *, at: datetime | None = None) -> None:
    """End a user's visits at one partner, as when their roles there change."""
    _end(session, SignIn.user_id == user_id, SignIn.partner_id == partner_id, at=at)


def _end(session: Session, *which: object, at: datetime | None) -> None:
    session.execute(
        update(SignIn).where(*which, SignIn.ended_at.is_(None)).values(ended_at=at or now())  # type: ignore[arg-type]
    )


def open_visits(session: Session, user_id: UUID, *, at: datetime | None = None) -> list[SignIn]:
    """A user's visits that are not over, the latest first."""
    at = at or now()
    wanted = select(SignIn).where(
        SignIn.user_id == user_id,
        SignIn.ended_at.is_(None),
        ~SignIn.pending,
        SignIn.seen_at > at - IDLE,
        SignIn.began_at > at - LONGEST,
    )
    return list(session.scalars(wanted.order_by(SignIn.seen_at.desc())))


def partners_of(session: Session, user: User) -> list[Partner]:
    """Where a user may act, by name: where they have a role; a system administrator everywhere."""
    member = select(Membership.partner_id).where(Membership.user_id == user.id)
    wanted = select(Partner).where(Partner.active, or_(Partner.id.in_(member), literal(user.network_admin)))
    return list(session.scalars(wanted.order_by(Partner.name, Partner.id)))


def first_partner(session: Session, user: User) -> Partner | None:
    """Where a user starts: where they were last, if they still may, or else the first by name."""
    open_to_them = partners_of(session, user)
    last = session.scalars(
        select(SignIn.partner_id)
        .where(SignIn.user_id == user.id, SignIn.partner_id.is_not(None))
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
        .limit(1)
    ).first()
    return next((partner for partner in open_to_them if partner.id == last), open_to_them[0] if open_to_them else None)


def change_partner(session: Session, visit_id: UUID, partner_id: UUID) -> str:
    """Go on with the same visit in another partner; the new token makes the old cookie worthless.

    The visit keeps its beginning: changing partner does not lengthen it.
    """
    visit = session.get_one(SignIn, visit_id)
    user = session.get_one(User, visit.user_id)
    if partner_id not in {partner.id for partner in partners_of(session, user)}:
        raise NotFound(_("There is no such partner among yours."))
    visit.partner_id = partner_id
    return renew(session, visit)


def renew(session: Session, visit: SignIn) -> str:
    """A new token for the same visit; the old one is worthless from now on."""
    token, visit.token_hash = new_token()
    session.flush()
    return token


def pending(session: Session, token: str, *, at: datetime | None = None) -> SignIn | None:
    """The visit of a token that gave its password a few minutes ago and owes a code."""
    at = at or now()
    visit = session.scalars(select(SignIn).where(SignIn.token_hash == hash_of(token), SignIn.pending)).one_or_none()
    return visit if visit and is_open(visit, at=at) and at < visit.began_at + PENDING else None
