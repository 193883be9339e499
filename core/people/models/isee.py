"""ISEE certificates: the amounts as INPS certified them, until when, and whether they may be used."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, Exact, Money, fact, field
from core.database.model import Model
from core.database.ownership import ConsentBound
from core.database.scope import today
from core.language import _
from core.people.models.household import Household
from core.people.models.person import Person


class IseeKind(Choice):
    """What the certificate is for (DPCM 159/2013)."""

    ORDINARY = "ordinary", _("Ordinary")
    MINORS = "minors", _("Minors")
    UNIVERSITY = "university", _("University")
    SOCIAL_HEALTH = "social_health", _("Social and health care")
    RESIDENTIAL_CARE = "residential_care", _("Residential care")
    CURRENT = "current", _("Current")


class CurrentGround(Choice):
    """What changed, for a current ISEE: it decides how long the certificate lasts."""

    INCOME = "income", _("Income only")
    ASSETS = "assets", _("Assets, or income and assets")


class IseeScale(Choice):
    """Which equivalence scale the value was made with."""

    ORDINARY_2013 = "2013", _("2013, for municipal services")
    FAMILY_2026 = "2026_family", _("2026, for family benefits only")


class IseeState(Choice):
    """Whether somebody else compared what was typed with the document."""

    UPLOADED = "uploaded", _("Uploaded"), "warn"
    VERIFIED = "verified", _("Verified"), "ok"


class IseeStanding(Choice):
    """Its state today, expiry included."""

    UPLOADED = "uploaded", _("Uploaded"), "warn"
    VERIFIED = "verified", _("Verified"), "ok"
    EXPIRED = "expired", _("Expired"), "bad"


class OmissionsResolution(Choice):
    """How omissions or discrepancies were dealt with, so that a decision may stand on the value."""

    DOCUMENTARY_PROOF = "documentary_proof", _("Documentary proof")
    NEW_DSU = "new_dsu", _("New DSU")
    CAF_CORRECTION = "caf_correction", _("Correction by the CAF")
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")


class IseeCertificate(ConsentBound, Model):
    """One certificate of one household; who may see the reference person at registration may see it."""

    __tablename__ = "people_isee_certificate"
    facet = "isee"
    __table_args__ = (
        CheckConstraint("isee >= 0 and ise >= 0 and isr >= 0 and isp >= 0 and se > 0", name="amounts"),
        CheckConstraint("expires_on >= submitted_on", name="period"),
        CheckConstraint("(kind = 'current') = (ground is not null)", name="ground"),
        CheckConstraint("resolution is null or omissions", name="resolution"),
        Index("ix_people_isee_certificate_list", "registered_by_id", "submitted_on", "id"),
        Index("ix_people_isee_certificate_household", "household_id", "expires_on"),
        Index("ix_people_isee_certificate_person", "person_id"),
    )

    household_id: Mapped[UUID] = field(_("Household"), ForeignKey("people_household.id"))
    person_id: Mapped[UUID] = field(_("Reference person"), ForeignKey("people_person.id"))
    kind: Mapped[IseeKind] = field(_("Kind"), IseeKind)
    ground: Mapped[CurrentGround | None] = field(
        _("What changed"), CurrentGround, help=_("For a current ISEE: it decides how long the certificate lasts")
    )
    protocol: Mapped[str | None] = field(_("INPS protocol"), String(40), help=_("INPS-ISEE-…"))
    submitted_on: Mapped[date] = field(_("DSU submitted on"))
    expires_on: Mapped[date] = field(_("Valid until"), help=_("Its last valid day"))
    isr: Mapped[Decimal | None] = field(_("ISR"), Money, help=_("Income indicator"))
    isp: Mapped[Decimal | None] = field(_("ISP"), Money, help=_("Assets indicator"))
    se: Mapped[Decimal | None] = field(_("Scale"), Exact(2), help=_("Equivalence scale, such as 2.24"))
    ise: Mapped[Decimal | None] = field(_("ISE"), Money, help=_("Left empty, it is computed from ISR and ISP"))
    isee: Mapped[Decimal] = field(_("ISEE"), Money, help=_("Left empty, it is computed from ISE and the scale"))
    scale_version: Mapped[IseeScale] = field(_("Scale version"), IseeScale, default=IseeScale.ORDINARY_2013)
    omissions: Mapped[bool] = field(_("Omissions or discrepancies"), default=False)
    omissions_note: Mapped[str | None] = field(_("Which omissions"), String(500))
    resolution: Mapped[OmissionsResolution | None] = field(_("How they were resolved"), OmissionsResolution)
    resolution_reason: Mapped[str | None] = field(_("Reason"), String(500))
    state: Mapped[IseeState] = field(_("State"), IseeState, default=IseeState.UPLOADED)
    uploaded_by_id: Mapped[UUID | None] = field(_("Uploaded by"), kind="hidden")
    uploaded_by: Mapped[str] = field(_("Uploaded by"))
    verified_by: Mapped[str | None] = field(_("Verified by"))
    verified_on: Mapped[date | None] = field(_("Verified on"))

    household: Mapped[Household] = relationship(lazy="selectin")
    person: Mapped[Person] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.protocol or f"ISEE {self.submitted_on.year} · {self.kind.label}"

    def is_valid_on(self, day: date) -> bool:
        """Whether it is in force: from the day of the DSU to its last day, both included."""
        return self.submitted_on <= day <= self.expires_on

    @fact(_("Standing"))
    def standing(self) -> IseeStanding:
        """Its state today, expiry included."""
        return IseeStanding.EXPIRED if today() > self.expires_on else IseeStanding(self.state.value)

    @fact(_("To be resolved"))
    def needs_resolution(self) -> bool:
        """Whether omissions still bar a decision from standing on it."""
        return self.omissions and self.resolution is None
