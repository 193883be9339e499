"""Addresses at which a user's calendar program reads the agenda of one partner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import field, now
from core.database.model import Model
from core.database.ownership import Common
from core.language import _

SHA256_HEX = 64


class AgendaFeed(Common, Model):
    """One secret address: whoever knows it reads what its user may see, until it is revoked."""

    __tablename__ = "agenda_feed"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_agenda_feed_user", "user_id", "partner_id"))

    token_hash: Mapped[str] = field(_("Token"), String(SHA256_HEX), kind="secret")
    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    partner_id: Mapped[UUID] = field(_("Partner"), ForeignKey("partners_partner.id"))
    made_at: Mapped[datetime] = field(_("Made"), default=now)
    revoked_at: Mapped[datetime | None] = field(_("Revoked"))

    def __str__(self) -> str:
        return f"{self.made_at:%d/%m/%Y}"
