"""Guarantees, and the loans behind them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    Choice,
    Exact,
    Household,
    Money,
    Municipality,
    Organisation,
    PartnerOwned,
    Person,
    _,
    fact,
    field,
    referable,
    same_partner,
)
from plugins.guarantee_fund.models.application import Application, Lender
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.committee import AgendaItem
from plugins.guarantee_fund.models.fund import Fund, FundLine
from plugins.guarantee_fund.rules.schedules import Repayment
from plugins.guarantee_fund.rules.settlement import Part

NOTHING = Decimal("0.00")


class GuaranteeState(Choice):
    """Where a guarantee stands."""

    APPROVED = "approved", _("Approved"), "info"
    ISSUED = "issued", _("Issued"), "info"
    ACTIVE = "active", _("Active"), "ok"
    REPAID = "repaid", _("Ended: repaid"), ""
    EXPIRED = "expired", _("Ended: term passed"), ""
    CALL_REQUESTED = "call_requested", _("Call requested"), "warn"
    CONTESTED = "contested", _("Call contested"), "warn"
    CALLED = "called", _("Called"), "bad"
    IN_RECOVERY = "in_recovery", _("In recovery"), "warn"
    CLOSED_RECOVERED = "closed_recovered", _("Closed: recovered"), ""
    CLOSED_LOST = "closed_lost", _("Closed at a loss"), "bad"
    REVOKED = "revoked", _("Revoked"), ""
    LAPSED = "lapsed", _("Lapsed"), ""


class Guarantee(PartnerOwned, Model):
    """What the fund promised to a counterpart for a household.

    `available_before` is what could be guaranteed when it was approved: the database refuses a
    guarantee of more. `exposure` is what it still puts at risk (R-G1), kept by services.
    """

    __tablename__ = "guarantee_fund_guarantee"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        same_partner("line_id", FundLine),
        same_partner("application_id", Application),
        same_partner("item_id", AgendaItem),
        UniqueConstraint("partner_id", "application_id", info={"message": _("This application has its guarantee.")}),
        UniqueConstraint("partner_id", "number"),
        CheckConstraint("amount > 0 and amount <= available_before", name="amount",
                        info={"message": _("The fund cannot guarantee that much.")}),
        CheckConstraint("exposure between 0 and amount and advanced between 0 and amount", name="exposure"),
        CheckConstraint("expires_on is null or issued_on is null or expires_on >= issued_on", name="period"),
        Index("ix_guarantee_fund_guarantee_list", "partner_id", "approved_on", "id"),
        Index("ix_guarantee_fund_guarantee_fund", "partner_id", "fund_id", "state"),
        Index("ix_guarantee_fund_guarantee_household", "household_id"),
        Index("ix_guarantee_fund_guarantee_person", "person_id"),
    )  # fmt: skip

    number: Mapped[str | None] = field(_("Number"), String(40))
    fund_id: Mapped[UUID] = field(_("Fund"))
    line_id: Mapped[UUID] = field(_("Line"))
    application_id: Mapped[UUID] = field(_("Application"))
    item_id: Mapped[UUID] = field(_("Decision"))
    person_id: Mapped[UUID] = field(_("Beneficiary"), ForeignKey("people_person.id"))
    household_id: Mapped[UUID] = field(_("Household"), ForeignKey("people_household.id"))
    municipality_id: Mapped[UUID | None] = field(_("Municipality"), ForeignKey("places_municipality.id"))
    counterpart_id: Mapped[UUID] = field(_("Lender or landlord"), ForeignKey("organisations_organisation.id"))
    principal: Mapped[Decimal] = field(_("Principal"), Money, help=_("Of the loan, the deposit, or the months of rent"))
    coverage: Mapped[Decimal] = field(_("Coverage"), Exact(2, "%"), help=_("In percent"))
    amount: Mapped[Decimal] = field(_("Guaranteed"), Money)
    monthly_rent: Mapped[Decimal | None] = field(_("Monthly rent"), Money)
    rent_months: Mapped[int | None] = field(_("Months of rent covered"))
    available_before: Mapped[Decimal] = field(_("Available when approved"), Money)
    exposure: Mapped[Decimal] = field(_("Exposure"), Money)
    advanced: Mapped[Decimal] = field(_("Advance still out"), Money, default=NOTHING)
    approved_on: Mapped[date] = field(_("Approved on"))
    valid_until: Mapped[date] = field(_("To be issued by"))
    issued_on: Mapped[date | None] = field(_("Issued on"))
    expires_on: Mapped[date | None] = field(_("Expires on"), help=_("The last day on which it may be called"))
    subject: Mapped[str | None] = field(_("Loan or lease"), String(80))
    lease_key: Mapped[UUID | None] = field(_("Lease"), kind="hidden")
    ending: Mapped[str | None] = field(_("Why it ended"), String(300))
    state: Mapped[GuaranteeState] = field(_("State"), GuaranteeState, default=GuaranteeState.APPROVED)

    fund: Mapped[Fund] = relationship(foreign_keys=[fund_id])
    line: Mapped[FundLine] = relationship(foreign_keys=[line_id])
    application: Mapped[Application] = relationship(foreign_keys=[application_id])
    item: Mapped[AgendaItem] = relationship(foreign_keys=[item_id])
    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id])
    household: Mapped[Household] = relationship(Household, foreign_keys=[household_id])
    municipality: Mapped[Municipality | None] = relationship(Municipality, foreign_keys=[municipality_id])
    counterpart: Mapped[Organisation] = relationship(Organisation, foreign_keys=[counterpart_id])
    loan: Mapped["Loan | None"] = relationship(back_populates="guarantee", uselist=False)

    def __str__(self) -> str:
        return self.number or str(self.application)


class LoanState(Choice):
    """How a loan is repaid."""

    REGULAR = "regular", _("Regular"), "ok"
    LATE = "late", _("Late"), "warn"
    NON_PERFORMING = "non_performing", _("More than 90 days late"), "bad"
    CALLED = "called", _("Called"), "bad"
    REPAID = "repaid", _("Repaid"), ""


class Loan(PartnerOwned, Model):
    """A loan of a lender that the fund guarantees; the fund itself never lends."""

    __tablename__ = "guarantee_fund_loan"
    __table_args__ = (
        referable(),
        same_partner("guarantee_id", Guarantee),
        UniqueConstraint("partner_id", "guarantee_id", info={"message": _("This guarantee has its loan.")}),
        CheckConstraint("principal > 0 and count > 0 and grace >= 0 and rate >= 0", name="terms"),
        Index("ix_guarantee_fund_loan_list", "partner_id", "disbursed_on", "id"),
    )

    guarantee_id: Mapped[UUID] = field(_("Guarantee"))
    lender: Mapped[Lender] = field(_("Kind of lender"), Lender)
    principal: Mapped[Decimal] = field(_("Principal"), Money)
    rate: Mapped[Decimal] = field(_("Rate"), Exact(2, "%"), help=_("Percent a year"))
    count: Mapped[int] = field(_("Instalments"))
    grace: Mapped[int] = field(_("Grace months"), default=0, help=_("Interest alone, before the instalments"))
    first_due: Mapped[date] = field(_("First due"))
    repayment: Mapped[Repayment] = field(_("Repayment"), Repayment)
    disbursed_on: Mapped[date] = field(_("Disbursed on"))
    costs: Mapped[Decimal] = field(_("Costs owed"), Money, default=NOTHING)
    default_interest: Mapped[Decimal] = field(_("Default interest owed"), Money, default=NOTHING)
    state: Mapped[LoanState] = field(_("State"), LoanState, default=LoanState.REGULAR)

    guarantee: Mapped[Guarantee] = relationship(back_populates="loan", foreign_keys=[guarantee_id], lazy="selectin")
    rows: Mapped[list["LoanInstalment"]] = relationship(
        back_populates="loan", order_by="LoanInstalment.number", lazy="selectin"
    )
    payments: Mapped[list["LoanPayment"]] = relationship(back_populates="loan", order_by="LoanPayment.id")

    def __str__(self) -> str:
        return str(_("Loan of %(guarantee)s", guarantee=self.guarantee))

    @fact(_("Still to repay"), money=True)
    def outstanding(self) -> Decimal:
        """The principal not repaid yet."""
        return sum((row.principal - row.principal_paid for row in self.rows), NOTHING)

    def days_late(self, on: date) -> int:
        """Days since the oldest instalment that is not wholly paid fell due."""
        late = [(on - row.due).days for row in self.rows if row.owed > 0]
        return max([*late, 0])


class LoanInstalment(PartnerOwned, Model):
    """One instalment as the schedule says it, and what was paid of it."""

    __tablename__ = "guarantee_fund_instalment"
    __table_args__ = (
        same_partner("loan_id", Loan),
        UniqueConstraint("partner_id", "loan_id", "number"),
        CheckConstraint("interest_paid between 0 and interest and principal_paid between 0 and principal", name="paid"),
    )

    loan_id: Mapped[UUID] = field(_("Loan"))
    number: Mapped[int] = field(_("Number"))
    due: Mapped[date] = field(_("Due on"))
    interest: Mapped[Decimal] = field(_("Interest"), Money)
    principal: Mapped[Decimal] = field(_("Principal"), Money)
    balance: Mapped[Decimal] = field(_("Left after it"), Money)
    interest_paid: Mapped[Decimal] = field(_("Interest paid"), Money, default=NOTHING)
    principal_paid: Mapped[Decimal] = field(_("Principal paid"), Money, default=NOTHING)

    loan: Mapped[Loan] = relationship(back_populates="rows", foreign_keys=[loan_id])

    def __str__(self) -> str:
        return f"{self.number}"

    @fact(_("Instalment"), money=True)
    def amount(self) -> Decimal:
        """Interest and principal together."""
        return self.interest + self.principal

    @fact(_("Still owed"), money=True)
    def owed(self) -> Decimal:
        """What is left to pay of it."""
        return self.amount - self.interest_paid - self.principal_paid


class LoanPayment(PartnerOwned, Model):
    """Money that the lender got from the borrower; never edited."""

    __tablename__ = "guarantee_fund_loan_payment"
    __table_args__ = (
        referable(),
        same_partner("loan_id", Loan),
        CheckConstraint("amount > 0 and credit >= 0", name="amount"),
        Index("ix_guarantee_fund_loan_payment_loan", "partner_id", "loan_id"),
    )

    loan_id: Mapped[UUID] = field(_("Loan"))
    paid_on: Mapped[date] = field(_("Paid on"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    credit: Mapped[Decimal] = field(_("Left over"), Money, default=NOTHING)
    reference: Mapped[str | None] = field(_("Reference"), String(140))

    loan: Mapped[Loan] = relationship(back_populates="payments", foreign_keys=[loan_id])
    parts: Mapped[list["LoanSettlement"]] = relationship(
        back_populates="payment", order_by="LoanSettlement.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return str(_("Payment of %(day)s", day=f"{self.paid_on:%d/%m/%Y}"))


class LoanSettlement(PartnerOwned, Model):
    """What a part of a payment settled."""

    __tablename__ = "guarantee_fund_settlement"
    __table_args__ = (
        same_partner("payment_id", LoanPayment),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_guarantee_fund_settlement_payment", "partner_id", "payment_id"),
    )

    payment_id: Mapped[UUID] = field(_("Payment"))
    part: Mapped[Part] = field(_("Settles"), Part)
    number: Mapped[int] = field(_("Instalment"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)

    payment: Mapped[LoanPayment] = relationship(back_populates="parts", foreign_keys=[payment_id])

    def __str__(self) -> str:
        return str(self.part.label)
