"""What households ask of a fund."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    Choice,
    Exact,
    Household,
    IseeCertificate,
    Money,
    Organisation,
    PartnerOwned,
    Person,
    _,
    fact,
    field,
    referable,
    same_partner,
)
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.fund import Fund, FundLine

NOTHING = Decimal("0.00")


class ApplicationState(Choice):
    """Where an application stands."""

    DRAFT = "draft", _("Draft"), ""
    SUBMITTED = "submitted", _("Submitted"), "info"
    UNDER_ENQUIRY = "under_enquiry", _("Under enquiry"), "info"
    INTEGRATION = "integration", _("More documents asked"), "warn"
    IN_COMMITTEE = "in_committee", _("Before the committee"), "info"
    APPROVED = "approved", _("Approved"), "ok"
    REJECTED = "rejected", _("Rejected"), "bad"
    LAPSED = "lapsed", _("Lapsed"), "bad"


class Lender(Choice):
    """Who lends: lending to the public is reserved (artt. 106 and 111 TUB)."""

    BANK = "bank", _("Bank")
    MICROCREDIT = "microcredit", _("Microcredit operator (art. 111 TUB)")
    NON_PROFIT = "non_profit", _("Non-profit body (art. 111 c. 4 TUB)")


class Microcredit(Choice):
    """Which limits of the microcredit rules hold (DM 176/2014)."""

    BUSINESS = "business", _("For a business")
    COMPANY = "company", _("For a limited company (S.r.l.)")
    SOCIAL = "social", _("Social")


class BudgetKind(Choice):
    """What a line of the household's budget is."""

    INCOME = "income", _("Income")
    COST = "cost", _("Fixed cost")
    DEBT = "debt", _("Instalment of a debt")


class Application(PartnerOwned, Model):
    """A household's request for a guarantee or an advance."""

    __tablename__ = "guarantee_fund_application"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        same_partner("line_id", FundLine),
        UniqueConstraint("partner_id", "number"),
        CheckConstraint("amount > 0", name="amount", info={"message": _("Write an amount above zero.")}),
        CheckConstraint("months > 0", name="months", info={"message": _("Write how many months.")}),
        Index("ix_guarantee_fund_application_list", "partner_id", "submitted_on", "id"),
        Index("ix_guarantee_fund_application_fund", "partner_id", "fund_id", "state"),
        Index("ix_guarantee_fund_application_person", "person_id"),
        Index("ix_guarantee_fund_application_household", "household_id"),
    )

    number: Mapped[str | None] = field(_("Number"), String(40))
    fund_id: Mapped[UUID] = field(_("Fund"))
    line_id: Mapped[UUID] = field(_("Line"))
    person_id: Mapped[UUID] = field(_("Applicant"), ForeignKey("people_person.id"))
    household_id: Mapped[UUID] = field(
        _("Household"), ForeignKey("people_household.id"), help=_("Empty takes the registry household")
    )
    isee_certificate_id: Mapped[UUID | None] = field(
        _("ISEE certificate"), ForeignKey("people_isee_certificate.id"), help=_("Empty takes the one in force")
    )
    purpose: Mapped[str] = field(_("What it is for"), Text)
    amount: Mapped[Decimal] = field(
        _("Amount"), Money, help=_("The loan, the deposit, or the months of rent to be covered")
    )
    months: Mapped[int] = field(_("Months"), help=_("How long the loan or the lease lasts"))
    monthly_rent: Mapped[Decimal | None] = field(_("Monthly rent"), Money, help=_("Of guarantees on a rent"))
    counterpart_id: Mapped[UUID] = field(
        _("Lender or landlord"), ForeignKey("organisations_organisation.id"),
        help=_("Who is guaranteed: a bank, a body, a landlord"),
    )  # fmt: skip
    lender: Mapped[Lender | None] = field(_("Kind of lender"), Lender, help=_("Of loans"))
    microcredit: Mapped[Microcredit | None] = field(_("Microcredit"), Microcredit)
    subject: Mapped[str | None] = field(
        _("Loan or lease"), String(80), help=_("Its number or address, as the counterpart calls it")
    )
    lease_key: Mapped[UUID | None] = field(_("Lease"), kind="hidden")
    tutor: Mapped[str | None] = field(_("Tutor"), String(120), help=_("The facilitator who follows the household"))
    opinion: Mapped[str | None] = field(
        _("Tutor's opinion"), String(600), help=_("Short; nothing of health or care: the committee reads it")
    )
    submitted_on: Mapped[date | None] = field(_("Submitted on"))
    prepared_by: Mapped[str] = field(_("Prepared by"), String(120))
    prepared_by_id: Mapped[UUID | None] = field(_("Prepared by"), kind="hidden")
    asked: Mapped[str | None] = field(_("Documents asked"), String(500))
    decided_on: Mapped[date | None] = field(_("Decided on"))
    decision: Mapped[str | None] = field(_("Decision"), Text)
    valid_until: Mapped[date | None] = field(_("Approval valid until"))
    state: Mapped[ApplicationState] = field(_("State"), ApplicationState, default=ApplicationState.DRAFT)

    fund: Mapped[Fund] = relationship(foreign_keys=[fund_id])
    line: Mapped[FundLine] = relationship(foreign_keys=[line_id])
    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id])
    household: Mapped[Household] = relationship(Household, foreign_keys=[household_id])
    isee_certificate: Mapped[IseeCertificate | None] = relationship(IseeCertificate, foreign_keys=[isee_certificate_id])
    counterpart: Mapped[Organisation] = relationship(Organisation, foreign_keys=[counterpart_id])
    budget: Mapped[list["BudgetLine"]] = relationship(
        back_populates="application", order_by="BudgetLine.id", cascade="all, delete-orphan"
    )
    scores: Mapped[list["EnquiryScore"]] = relationship(
        back_populates="application", order_by="EnquiryScore.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.number or str(_("Draft of %(day)s", day=f"{self.created_at:%d/%m/%Y}"))

    def total(self, kind: BudgetKind) -> Decimal:
        """The sum a month of one kind of budget line."""
        return sum((line.amount for line in self.budget if line.kind is kind), NOTHING)

    @fact(_("Left each month"), money=True)
    def margin(self) -> Decimal:
        """Income less fixed costs and instalments of debts, a month."""
        return self.total(BudgetKind.INCOME) - self.total(BudgetKind.COST) - self.total(BudgetKind.DEBT)


class BudgetLine(PartnerOwned, Model):
    """An income, a fixed cost or a debt of the household, a month."""

    __tablename__ = "guarantee_fund_budget_line"
    __table_args__ = (
        same_partner("application_id", Application),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("residual is null or kind = 'debt'", name="residual"),
        Index("ix_guarantee_fund_budget_line_application", "partner_id", "application_id"),
    )

    application_id: Mapped[UUID] = field(_("Application"))
    kind: Mapped[BudgetKind] = field(_("Kind"), BudgetKind)
    label: Mapped[str] = field(_("What"), String(120))
    amount: Mapped[Decimal] = field(_("Amount a month"), Money)
    residual: Mapped[Decimal | None] = field(_("Still to repay"), Money, help=_("Of debts"))

    application: Mapped[Application] = relationship(back_populates="budget", foreign_keys=[application_id])

    def __str__(self) -> str:
        return self.label


class EnquiryScore(PartnerOwned, Model):
    """One line of the enquiry's grid: a criterion, its points, and why."""

    __tablename__ = "guarantee_fund_score"
    __table_args__ = (
        same_partner("application_id", Application),
        UniqueConstraint(
            "partner_id", "application_id", "criterion", info={"message": _("This criterion is already there.")}
        ),
        CheckConstraint("points between 0 and most", name="points",
                        info={"message": _("The points are between zero and the criterion's highest.")}),
    )  # fmt: skip

    application_id: Mapped[UUID] = field(_("Application"))
    criterion: Mapped[str] = field(_("Criterion"), String(120))
    points: Mapped[Decimal] = field(_("Points"), Exact(2))
    most: Mapped[Decimal] = field(_("Highest points"), Exact(2))
    reason: Mapped[str | None] = field(_("Why"), String(300))

    application: Mapped[Application] = relationship(back_populates="scores", foreign_keys=[application_id])

    def __str__(self) -> str:
        return self.criterion
