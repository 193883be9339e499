"""What is done about a debt: the steps of the ladder, the contacts, the short social note."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, Person, _, field, same_partner, today
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.rules.ladder import Rung

UNSETTLED = text("settled_on is null")


class Channel(Choice):
    """How somebody was reached, or tried."""

    LETTER = "letter", _("Letter")
    REGISTERED = "registered", _("Registered letter with receipt")
    CERTIFIED_MAIL = "certified_mail", _("Certified mail (PEC)")
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Telephone")
    OFFICE = "office", _("At the office")
    HOME = "home", _("At home")


class StepState(Choice):
    """Where a step of the ladder stands."""

    DUE = "due", _("To be done"), "warn"
    RESTING = "resting", _("Rests: a plan is running"), "info"
    DONE = "done", _("Done"), "ok"
    SETTLED = "settled", _("Closed: the debt was paid")


class LadderStep(PartnerOwned, Model):
    """One step about the debt of one lease; each step is taken once until the debt is paid."""

    __tablename__ = "housing_ladder_step"
    __table_args__ = (
        same_partner("lease_id", Lease),
        CheckConstraint("state <> 'done' or done_on is not null", name="done"),
        Index(
            "uq_housing_ladder_step_open", "partner_id", "lease_id", "kind", unique=True,
            sqlite_where=UNSETTLED, postgresql_where=UNSETTLED,
            info={"message": _("This step is already on the ladder of this debt.")},
        ),
        Index("ix_housing_ladder_step_due", "partner_id", "state", "due_on"),
    )  # fmt: skip

    lease_id: Mapped[UUID] = field(_("Lease"))
    kind: Mapped[Rung] = field(_("Step"), Rung)
    debt_since: Mapped[date] = field(_("Oldest debt of"))
    owed: Mapped[Decimal] = field(_("Owed at the time"), Money)
    due_on: Mapped[date] = field(_("Due on"))
    done_on: Mapped[date | None] = field(_("Done on"))
    done_by: Mapped[str | None] = field(_("Done by"), String(120))
    channel: Mapped[Channel | None] = field(_("Channel"), Channel)
    note: Mapped[str | None] = field(_("Note"), String(300), help=_("No health data"))
    settled_on: Mapped[date | None] = field(_("Debt paid on"))
    state: Mapped[StepState] = field(_("State"), StepState, default=StepState.DUE)

    lease: Mapped[Lease] = relationship(back_populates="ladder_steps", foreign_keys=[lease_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.kind.label} · {self.lease.number}"


class ContactOutcome(Choice):
    """How a contact went."""

    MET = "met", _("Met"), "ok"
    APPOINTMENT = "appointment", _("Appointment made"), "info"
    NOT_REACHED = "not_reached", _("Not reached"), "warn"
    DECLINED = "declined", _("Declined help"), "warn"
    REFERRED = "referred", _("Referred to the social services"), "info"


class SupportContact(PartnerOwned, Model):
    """One contact of the educational support of a household; never its health."""

    __tablename__ = "housing_support_contact"
    __table_args__ = (
        same_partner("lease_id", Lease),
        Index("ix_housing_support_contact_day", "partner_id", "made_on", "id"),
        Index("ix_housing_support_contact_lease", "partner_id", "lease_id", "made_on"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    person_id: Mapped[UUID | None] = field(
        _("Person"), ForeignKey("people_person.id"), index=True, help=_("Whom, when not all the tenants")
    )
    made_on: Mapped[date] = field(_("Day"))
    made_by: Mapped[str] = field(_("By"), String(120))
    channel: Mapped[Channel] = field(_("Channel"), Channel)
    outcome: Mapped[ContactOutcome] = field(_("Outcome"), ContactOutcome)
    note: Mapped[str | None] = field(_("Note"), String(300), help=_("No health data"))
    next_on: Mapped[date | None] = field(_("Next contact"))

    lease: Mapped[Lease] = relationship(back_populates="support_contacts", foreign_keys=[lease_id], lazy="joined")
    person: Mapped[Person | None] = relationship(Person, foreign_keys=[person_id])

    def __str__(self) -> str:
        return f"{self.lease.number} · {self.made_on:%d/%m/%Y}"


class SocialNote(PartnerOwned, Model):
    """A few words on a household's situation for who follows its debt; the last one is shown."""

    __tablename__ = "housing_social_note"
    __table_args__ = (
        same_partner("lease_id", Lease),
        Index("ix_housing_social_note_lease", "partner_id", "lease_id", "written_on"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    text: Mapped[str] = field(_("Note"), String(300), help=_("Work, family, agreements: no health data"))
    written_on: Mapped[date] = field(_("Written on"), default=today)
    written_by: Mapped[str] = field(_("Written by"), String(120))

    lease: Mapped[Lease] = relationship(back_populates="social_notes", foreign_keys=[lease_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.lease.number} · {self.written_on:%d/%m/%Y}"
