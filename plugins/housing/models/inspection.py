"""Inspections: somebody of the office goes and looks at a home."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, PartnerOwned, _, field, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling


class InspectionPurpose(Choice):
    """Why somebody goes."""

    PERIODIC = "periodic", _("Periodic")
    BEFORE_RETURN = "before_return", _("Before the return of the keys")
    REPORT = "report", _("After a report")
    WORKS = "works", _("Check of works done")


class InspectionOutcome(Choice):
    """What was found."""

    GOOD = "good", _("In order"), "ok"
    WORKS_NEEDED = "works_needed", _("Works needed"), "warn"
    IRREGULAR = "irregular", _("Use against the lease"), "bad"
    NO_ACCESS = "no_access", _("Nobody opened"), "warn"


class Inspection(PartnerOwned, Model):
    """One visit to a home: what was found of the home, not of who lives in it."""

    __tablename__ = "housing_inspection"
    __table_args__ = (
        same_partner("dwelling_id", Dwelling),
        CheckConstraint("next_on is null or next_on > made_on", name="next_on"),
        Index("ix_housing_inspection_day", "partner_id", "made_on", "id"),
        Index("ix_housing_inspection_dwelling", "partner_id", "dwelling_id"),
    )

    dwelling_id: Mapped[UUID] = field(_("Home"))
    made_on: Mapped[date] = field(_("Made on"))
    purpose: Mapped[InspectionPurpose] = field(_("Purpose"), InspectionPurpose)
    inspector: Mapped[str] = field(_("Made by"), String(120))
    outcome: Mapped[InspectionOutcome] = field(_("Outcome"), InspectionOutcome)
    findings: Mapped[str | None] = field(_("What was found"), Text, help=_("Of the home, not of who lives in it"))
    next_on: Mapped[date | None] = field(_("Next visit"))

    dwelling: Mapped[Dwelling] = relationship(back_populates="inspections", foreign_keys=[dwelling_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.dwelling.code} · {self.made_on:%d/%m/%Y}"
