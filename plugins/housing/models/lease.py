"""Leases: who lives where, from when to when, at what rent."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    Choice,
    Exact,
    Money,
    PartnerOwned,
    Person,
    _,
    fact,
    field,
    in_context,
    referable,
    same_partner,
    today,
)
from plugins.housing.models.assignment import Assignment
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling
from plugins.housing.rules.leases import Period

if TYPE_CHECKING:
    from plugins.housing.models.blameless import BlamelessCheck
    from plugins.housing.models.deposit import DepositMovement
    from plugins.housing.models.handover import Handover
    from plugins.housing.models.ledger import Charge, Payment
    from plugins.housing.models.plan import RepaymentPlan
    from plugins.housing.models.recovery import LadderStep, SocialNote, SupportContact
    from plugins.housing.models.rent import Rent


class LeaseKind(Choice):
    """What the law calls a lease."""

    SAP = "sap", _("Public housing (SAP)")
    SAS = "sas", _("Social housing (SAS)")
    AGREED = "agreed", _("Agreed rent, 3+2 years")
    TRANSITORY = "transitory", _("Transitory")
    STUDENTS = "students", _("Students")
    FREE_MARKET = "free_market", _("Free market, 4+4 years")
    LOAN = "loan", _("Loan for use")
    HOSPITALITY = "hospitality", _("Hospitality agreement")


class Indexation(Choice):
    """How the rent follows prices, year after year."""

    NONE = "none", _("None")
    FOI75 = "foi75", _("75% of ISTAT FOI")
    FOI100 = "foi100", _("100% of ISTAT FOI")


class LeaseState(Choice):
    """Where a lease stands."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed"), "info"
    REGISTERED = "registered", _("Registered"), "info"
    ACTIVE = "active", _("Active"), "ok"
    NOTICE = "notice", _("Notice given"), "warn"
    EVICTION = "eviction", _("Eviction under way"), "bad"
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated"), "bad"
    CLOSED = "closed", _("Closed")


CHARGED = (LeaseState.ACTIVE, LeaseState.NOTICE, LeaseState.EVICTION)


class Lease(PartnerOwned, Model):
    """One home let for a period; no two leases of a home share a day."""

    __tablename__ = "housing_lease"
    __table_args__ = (
        referable(),
        same_partner("dwelling_id", Dwelling),
        same_partner("assignment_id", Assignment),
        UniqueConstraint("partner_id", "number", info={"message": _("Another lease has this number.")}),
        UniqueConstraint("partner_id", "assignment_id", info={"message": _("This assignment has a lease already.")}),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="period"),
        CheckConstraint("due_day between 1 and 28", name="due_day"),
        CheckConstraint("monthly_rent >= 0 and charges_advance >= 0 and deposit >= 0", name="amounts"),
        Index("ix_housing_lease_dwelling", "partner_id", "dwelling_id", "starts_on"),
        Index("ix_housing_lease_state", "partner_id", "state", "ends_on"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    dwelling_id: Mapped[UUID] = field(in_context("dwelling", "Home"))
    assignment_id: Mapped[UUID | None] = field(_("Assignment"), help=_("When the home was assigned by a ranking"))
    kind: Mapped[LeaseKind] = field(_("Kind"), LeaseKind)
    starts_on: Mapped[date] = field(_("First day"))
    ends_on: Mapped[date | None] = field(_("Last day"))
    monthly_rent: Mapped[Decimal] = field(_("Monthly rent"), Money, help=_("As signed; later rents stand by month"))
    charges_advance: Mapped[Decimal] = field(_("Monthly service charges"), Money, default=Decimal(0))
    deposit: Mapped[Decimal] = field(_("Deposit"), Money, default=Decimal(0), help=_("At most three monthly rents"))
    due_day: Mapped[int] = field(_("Due day"), default=5, help=_("From 1 to 28"))
    indexation: Mapped[Indexation] = field(_("Indexation"), Indexation, default=Indexation.FOI75)
    flat_rate_tax: Mapped[bool] = field(_("Flat-rate tax (cedolare secca)"), default=False)
    base_month: Mapped[date | None] = field(
        _("Month of the starting index"), help=_("Empty takes the last one published when the lease begins")
    )
    rent_may_fall: Mapped[bool] = field(
        _("The rent falls with the index"), default=False, server_default=false(), help=_("When the lease says so")
    )
    agreed_zone: Mapped[str | None] = field(
        _("Zone of the agreement"), String(40), help=_("As in the bands of the local agreement")
    )
    agreed_area: Mapped[Decimal | None] = field(
        _("Conventional area"), Exact(2, "m²"), help=_("In m², as the local agreement counts them")
    )
    agreed_cap: Mapped[Decimal | None] = field(
        _("Highest agreed rent"), Money, help=_("Euro a m² a year, of the local agreement")
    )
    registration: Mapped[str | None] = field(_("Registration code"), String(40))
    registered_on: Mapped[date | None] = field(_("Registered on"))
    registration_year: Mapped[int | None] = field(
        _("Annuality paid"), help=_("The last year whose registration tax is paid; empty when it was paid whole")
    )
    guarantor: Mapped[str | None] = field(
        _("Guarantor"), String(200), help=_("Who answers for the tenant, and the guarantee's number")
    )
    state: Mapped[LeaseState] = field(_("State"), LeaseState, default=LeaseState.SIGNED)
    ending_reason: Mapped[str | None] = field(_("Reason of the end"), String(300))

    dwelling: Mapped[Dwelling] = relationship(back_populates="leases", foreign_keys=[dwelling_id], lazy="joined")
    assignment: Mapped[Assignment | None] = relationship(foreign_keys=[assignment_id])
    tenants: Mapped[list["LeaseTenant"]] = relationship(
        back_populates="lease", foreign_keys="LeaseTenant.lease_id", order_by="LeaseTenant.id", lazy="selectin"
    )
    charges: Mapped[list["Charge"]] = relationship(
        back_populates="lease", foreign_keys="Charge.lease_id", order_by="Charge.due_on, Charge.id"
    )
    payments: Mapped[list["Payment"]] = relationship(
        back_populates="lease", foreign_keys="Payment.lease_id", order_by="Payment.paid_on, Payment.id"
    )
    rents: Mapped[list["Rent"]] = relationship(
        back_populates="lease", foreign_keys="Rent.lease_id", order_by="Rent.starts_on, Rent.id", lazy="selectin"
    )
    deposit_movements: Mapped[list["DepositMovement"]] = relationship(
        back_populates="lease", foreign_keys="DepositMovement.lease_id", order_by="DepositMovement.on"
    )
    handovers: Mapped[list["Handover"]] = relationship(
        back_populates="lease", foreign_keys="Handover.lease_id", order_by="Handover.made_on"
    )
    ladder_steps: Mapped[list["LadderStep"]] = relationship(
        back_populates="lease", foreign_keys="LadderStep.lease_id", order_by="LadderStep.due_on"
    )
    support_contacts: Mapped[list["SupportContact"]] = relationship(
        back_populates="lease", foreign_keys="SupportContact.lease_id", order_by="SupportContact.made_on"
    )
    social_notes: Mapped[list["SocialNote"]] = relationship(
        back_populates="lease", foreign_keys="SocialNote.lease_id", order_by="SocialNote.written_on, SocialNote.id"
    )
    blameless_checks: Mapped[list["BlamelessCheck"]] = relationship(
        back_populates="lease", foreign_keys="BlamelessCheck.lease_id", order_by="BlamelessCheck.made_on"
    )
    plans: Mapped[list["RepaymentPlan"]] = relationship(
        back_populates="lease", foreign_keys="RepaymentPlan.lease_id", order_by="RepaymentPlan.proposed_on"
    )

    def __str__(self) -> str:
        return f"{self.number} · {self.dwelling.code}"

    @property
    def period(self) -> Period:
        """The days it covers."""
        return Period(self.starts_on, self.ends_on)

    def rent_on(self, day: date) -> Decimal:
        """The monthly rent in force on a day: the last that began, or the rent as signed."""
        begun = [one for one in self.rents if one.starts_on <= day]
        return begun[-1].amount if begun else self.monthly_rent

    @fact(_("Rent in force"), money=True)
    def current_rent(self) -> Decimal:
        """The monthly rent today, or on its first day when the lease has not begun."""
        return self.rent_on(max(today(), self.starts_on))

    @fact(_("Tenants"))
    def tenant_names(self) -> str:
        """Who signed, as far as they may be seen."""
        return ", ".join(str(one.person) for one in self.tenants if one.person is not None)


class LeaseTenant(PartnerOwned, Model):
    """One person who signed a lease."""

    __tablename__ = "housing_lease_tenant"
    __table_args__ = (
        same_partner("lease_id", Lease),
        UniqueConstraint(
            "partner_id", "lease_id", "person_id", info={"message": _("This person is already a tenant.")}
        ),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    person_id: Mapped[UUID] = field(_("Tenant"), ForeignKey("people_person.id"), index=True)

    lease: Mapped[Lease] = relationship(back_populates="tenants", foreign_keys=[lease_id])
    person: Mapped[Person | None] = relationship(Person, foreign_keys=[person_id], lazy="joined")

    def __str__(self) -> str:
        return str(self.person or "")
