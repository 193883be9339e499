"""API tokens: made by a user for one partner, shown once, revocable."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import ApiToken, User
from core.access.secret import new_token
from core.access.sessions import partners_of
from core.database.field import now
from core.database.scope import scope_of
from core.language import _
from core.refusals import NotFound, Refusal

LONGEST_DAYS = 365


def issue_token(
    session: Session, user: User, *, partner_id: UUID, label: str, days: int = LONGEST_DAYS, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token that acts as the user in the partner, for a year at most; its text is never seen again."""
    if not label.strip():
        raise Refusal(_("Write what will use the token."), field="label")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(_("A token lasts from 1 to %(n)s days.", n=LONGEST_DAYS), field="days")
    if partner_id not in {partner.id for partner in partners_of(session, user)}:
        raise NotFound(_("There is no such partner among yours."), field="partner")
    text, kept = new_token()
    token = ApiToken(
        label=label.strip(), token_hash=kept, user_id=user.id, partner_id=partner_id,
        expires_at=(at or now()) + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    return token, text


def revoke_token(session: Session, user_id: UUID, token_id: UUID, *, at: datetime | None = None) -> None:
    """Stop one of the user's tokens at once."""
    token = next((one for one in tokens_of(session, user_id) if one.id == token_id), None)
    if token is None:
        raise NotFound(_("There is no such token."))
    token.revoked_at = at or now()
    session.flush()


def tokens_of(session: Session, user_id: UUID) -> list[ApiToken]:
    """A user's tokens for the session's partner that were not revoked, the newest first.

    Those for other partners are dealt with there, so that each partner's audit trail tells of its own.
    """
    wanted = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    if not scope_of(session).operator:
        wanted = wanted.where(ApiToken.partner_id == scope_of(session).partner_id)
    return list(session.scalars(wanted.order_by(ApiToken.created_at.desc(), ApiToken.id)))


def is_open(token: ApiToken, *, at: datetime) -> bool:
    """Whether it was neither revoked nor left to expire."""
    return token.revoked_at is None and at < token.expires_at
