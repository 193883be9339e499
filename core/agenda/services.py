"""Addresses of feeds: made, which ends the one before, and revoked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.secret import hash_of, new_token
from core.agenda.models import AgendaFeed
from core.database.field import now


def open_feed(session: Session, *, user_id: UUID, partner_id: UUID, at: datetime | None = None) -> str:
    """A new secret address for the user in the partner, seen this once; the one before stops working."""
    revoke_feed(session, user_id=user_id, partner_id=partner_id, at=at)
    text, kept = new_token()
    session.add(AgendaFeed(token_hash=kept, user_id=user_id, partner_id=partner_id, made_at=at or now()))
    session.flush()
    return text


def revoke_feed(session: Session, *, user_id: UUID, partner_id: UUID, at: datetime | None = None) -> None:
    """Stop the user's address in the partner, if there is one, at once."""
    if feed := feed_of(session, user_id=user_id, partner_id=partner_id):
        feed.revoked_at = at or now()
        session.flush()


def feed_of(session: Session, *, user_id: UUID, partner_id: UUID) -> AgendaFeed | None:
    """The user's address in the partner, while it works."""
    mine = select(AgendaFeed).where(AgendaFeed.user_id == user_id, AgendaFeed.partner_id == partner_id)
    return session.scalars(mine.where(AgendaFeed.revoked_at.is_(None))).first()


def feed_at(session: Session, token: str) -> AgendaFeed | None:
    """The feed that a secret address names, while it works."""
    wanted = select(AgendaFeed).where(AgendaFeed.token_hash == hash_of(token), AgendaFeed.revoked_at.is_(None))
    return session.scalars(wanted).first()
