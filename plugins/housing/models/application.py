"""Applications: a household's request, with a copy of the household that nobody can change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    Choice,
    Exact,
    Household,
    IseeCertificate,
    Money,
    PartnerOwned,
    Person,
    _,
    fact,
    field,
    never_edited,
    referable,
    same_partner,
)
from plugins.housing.models.base import Model
from plugins.housing.models.call import Call
from plugins.housing.models.dwelling import Dwelling
from plugins.housing.rules.calls import Entry
from plugins.housing.rules.requirements import Answer


class ApplicationState(Choice):
    """Where an application stands between submission and the keys."""

    SUBMITTED = "submitted", _("Submitted"), "info"
    UNDER_REVIEW = "under_review", _("Under review"), "info"
    INTEGRATION = "integration", _("More documents asked"), "warn"
    ADMITTED = "admitted", _("Admitted"), "ok"
    EXCLUDED = "excluded", _("Excluded"), "bad"
    RANKED = "ranked", _("Ranked"), "ok"
    OFFERED = "offered", _("Offered a home"), "info"
    ASSIGNED = "assigned", _("Assigned"), "ok"
    DECLINED_WITH_CAUSE = "declined_with_cause", _("Declined with cause"), "warn"
    DECLINED = "declined", _("Declined"), "bad"
    LEASED = "leased", _("Leased"), "ok"
    LAPSED = "lapsed", _("Lapsed"), "bad"


class Application(PartnerOwned, Model):
    """One household's request in one call."""

    __tablename__ = "housing_application"
    __table_args__ = (
        referable(),
        same_partner("call_id", Call),
        same_partner("first_choice_id", Dwelling),
        same_partner("second_choice_id", Dwelling),
        UniqueConstraint("partner_id", "protocol", info={"message": _("Another application has this protocol.")}),
        UniqueConstraint(
            "partner_id", "external_protocol", info={"message": _("Another application has this protocol of yours.")}
        ),
        UniqueConstraint(
            "partner_id", "call_id", "person_id", info={"message": _("This person already applied to this call.")}
        ),
        Index("ix_housing_application_call", "partner_id", "call_id", "state"),
        Index("ix_housing_application_list", "partner_id", "submitted_at", "id"),
    )

    protocol: Mapped[str] = field(_("Protocol"), String(40))
    external_protocol: Mapped[str | None] = field(
        _("Protocol of your office"), String(40), help=_("The number that your protocol gave to the paper")
    )
    submitted_at: Mapped[datetime] = field(_("Submitted"))
    call_id: Mapped[UUID] = field(_("Call"))
    person_id: Mapped[UUID | None] = field(
        _("Applicant"),
        ForeignKey("people_person.id"),
        index=True,
        help=_("Not known yet for applications that the region ranked"),
    )
    household_id: Mapped[UUID | None] = field(_("Household"), ForeignKey("people_household.id"), index=True)
    isee_certificate_id: Mapped[UUID | None] = field(
        _("ISEE certificate"), ForeignKey("people_isee_certificate.id"), index=True
    )
    snapshot: Mapped[dict[str, Any]] = field(_("Household as declared"), JSON)
    answers: Mapped[dict[str, Any]] = field(_("Declared conditions"), JSON, sensitivity="special")
    isee: Mapped[Decimal | None] = field(_("ISEE"), Money)
    isee_flagged: Mapped[bool] = field(_("ISEE to be completed"), default=False)
    first_choice_id: Mapped[UUID | None] = field(_("First home asked for"))
    second_choice_id: Mapped[UUID | None] = field(_("Second home asked for"))
    state: Mapped[ApplicationState] = field(_("State"), ApplicationState, default=ApplicationState.SUBMITTED)
    rule: Mapped[str | None] = field(_("Rule not met"), String(40))
    note: Mapped[str | None] = field(_("Reason, or documents asked"), String(500))
    answer_by: Mapped[date | None] = field(_("Documents by"))
    total: Mapped[Decimal | None] = field(_("Points"), Exact(2))

    call: Mapped[Call] = relationship(back_populates="applications", foreign_keys=[call_id])
    person: Mapped[Person | None] = relationship(Person, foreign_keys=[person_id])
    household: Mapped[Household | None] = relationship(Household, foreign_keys=[household_id])
    isee_certificate: Mapped[IseeCertificate | None] = relationship(IseeCertificate, foreign_keys=[isee_certificate_id])
    first_choice: Mapped[Dwelling | None] = relationship(foreign_keys=[first_choice_id])
    second_choice: Mapped[Dwelling | None] = relationship(foreign_keys=[second_choice_id])
    lines: Mapped[list["ScoreLine"]] = relationship(
        back_populates="application",
        foreign_keys="ScoreLine.application_id",
        order_by="ScoreLine.position",
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.protocol

    @property
    def entry(self) -> Entry:
        """The application as a ranking reads it: numbers exact again after their stay in JSON."""
        return Entry(self.protocol, self.submitted_at, {key: _exact(value) for key, value in self.answers.items()})

    @fact(_("Members"))
    def member_count(self) -> int:
        """How many people the household had on the day of the application."""
        return len(self.snapshot.get("members", ()))


class ScoreLine(PartnerOwned, Model):
    """One addend of an application's points: what was answered and what it is worth."""

    __tablename__ = "housing_score_line"
    __table_args__ = (
        same_partner("application_id", Application),
        UniqueConstraint("partner_id", "application_id", "position"),
    )

    application_id: Mapped[UUID] = field(_("Application"))
    position: Mapped[int] = field(_("Order"))
    key: Mapped[str] = field(_("Key of the criterion"), String(60), default="", server_default="")
    group: Mapped[str] = field(_("Group"), String(120))
    criterion: Mapped[str] = field(_("Criterion"), String(200))
    datum: Mapped[str] = field(_("Datum"), String(60), sensitivity="special")
    points: Mapped[Decimal] = field(_("Points before the cap"), Exact(2))
    counted: Mapped[Decimal] = field(_("Points counted"), Exact(2))

    application: Mapped[Application] = relationship(back_populates="lines", foreign_keys=[application_id])

    def __str__(self) -> str:
        return self.criterion


def _exact(value: Any) -> Answer:
    return Decimal(value) if isinstance(value, str) else value


never_edited(
    Application,
    _("What was declared with the application cannot be changed: ask for documents or for a new application."),
    "protocol", "external_protocol", "submitted_at", "call_id", once=("snapshot", "person_id", "household_id"),
)  # fmt: skip
