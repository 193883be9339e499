"""A form begun and not saved yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import field, now
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _


class Draft(PartnerOwned, Model):
    """What one user has typed in the form of one page, for one partner; sealed, because it may say anything."""

    __tablename__ = "drafts_draft"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint(
            "partner_id", "user_id", "page", info={"message": _("The draft was kept by another page of yours.")}
        ),
    )

    user_id: Mapped[UUID] = field(_("User"), ForeignKey("access_user.id", ondelete="CASCADE"))
    page: Mapped[str] = field(_("Page"), String(300))
    sealed: Mapped[str] = field(_("What was typed"), Text, kind="sealed")
    kept_at: Mapped[datetime] = field(_("Kept at"), default=now)
