"""The outbox: what happened, written in the transaction in which it happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped

from core.database.field import field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _

UNTOLD = text("told_at is null")


class Event(PartnerOwned, Model):
    """Something that happened at a partner; once told, each listener has a job of its own."""

    __tablename__ = "events_event"
    __audited__ = False
    __table_args__ = (
        # Across partners, and only of what nobody was told yet.
        Index("ix_events_event_untold", "id", postgresql_where=UNTOLD, sqlite_where=UNTOLD),
        Index("ix_events_event_told", "partner_id", "told_at"),
    )

    name: Mapped[str] = field(_("What happened"), String(120))
    facts: Mapped[dict[str, Any]] = field(_("Facts"), JSON)
    also: Mapped[list[str]] = field(_("Other partners told"), JSON, default=list)
    told_at: Mapped[datetime | None] = field(_("Told"))

    def __str__(self) -> str:
        return self.name
