"""What the office verified of an application: one datum or requirement at a time, and by which document."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, PartnerOwned, _, field, never_edited, referable, same_partner
from plugins.housing.models.application import Application
from plugins.housing.models.base import Model


class CheckOutcome(Choice):
    """What the document says of what was declared."""

    CONFIRMED = "confirmed", _("Confirmed"), "ok"
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed"), "bad"


class Check(PartnerOwned, Model):
    """One verification; a later one of the same subject counts in its place and both stay."""

    __tablename__ = "housing_check"
    __table_args__ = (
        referable(),
        same_partner("application_id", Application),
        Index("ix_housing_check_application", "partner_id", "application_id", "subject", "checked_at"),
        Index("ix_housing_check_list", "partner_id", "checked_at", "id"),
    )

    application_id: Mapped[UUID] = field(_("Application"))
    subject: Mapped[str] = field(_("What is verified"), String(60), help=_("A rule, or the key of an answer"))
    outcome: Mapped[CheckOutcome] = field(_("Outcome"), CheckOutcome, sensitivity="special")
    document: Mapped[str] = field(_("Document"), String(200), help=_("Which one, of whom and of when"))
    note: Mapped[str | None] = field(_("Note"), String(300))
    checked_by_id: Mapped[UUID | None] = field(_("Verified by"), kind="hidden")
    checked_by: Mapped[str] = field(_("Verified by"))
    checked_at: Mapped[datetime] = field(_("Verified"))

    application: Mapped[Application] = relationship(foreign_keys=[application_id])

    @property
    def person_id(self) -> UUID | None:
        """Who applied: the outcome is read for their sake."""
        return self.application.person_id

    def __str__(self) -> str:
        return f"{self.application}: {self.subject}"


never_edited(Check, _("What was verified stays: record another verification."))
