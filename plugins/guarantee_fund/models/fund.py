"""Funds, their lines, and the money that donors put in."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    Choice,
    Exact,
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
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.rules.settlement import Order

if TYPE_CHECKING:
    from plugins.guarantee_fund.models.committee import CommitteeMember

PERCENT = Exact(2, "%")


class FundState(Choice):
    """Whether a fund takes new practices."""

    OPEN = "open", _("Open to applications"), "ok"
    CLOSED = "closed", _("Closed to applications"), ""


class LineKind(Choice):
    """What a line of a fund does."""

    LOAN = "loan_guarantee", _("Guarantee on a loan")
    RENT = "rent_guarantee", _("Guarantee on a rent")
    DEPOSIT = "deposit_advance", _("Deposit advance")
    SOCIAL_LOAN = "bank_social_loan", _("Social loan of a bank")


class Fund(PartnerOwned, Model):
    """Money that stands behind guarantees, and the limits of its regulation.

    Whoever commits some of it locks this row first: two approvals never count the same euro.
    """

    __tablename__ = "guarantee_fund_fund"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "name", info={"message": _("Another fund has this name.")}),
        CheckConstraint("leverage >= 100", name="leverage", info={"message": _("The leverage is at least 1.")}),
        CheckConstraint("coverage_default between 0 and coverage_most", name="coverage_default"),
        CheckConstraint("coverage_most between 0 and 10000", name="coverage_most"),
        CheckConstraint("approval_days > 0", name="approval_days"),
    )

    name: Mapped[str] = field(_("Name"), String(120))
    managed_by_id: Mapped[UUID | None] = field(_("Managed by"), ForeignKey("organisations_organisation.id"))
    regulation: Mapped[str | None] = field(
        _("Regulation"), String(200), help=_("The act that approved it; attach the text to the fund")
    )
    leverage: Mapped[Decimal] = field(
        _("Leverage"), Exact(2), default=Decimal(1), help=_("How many euro may be guaranteed for each euro of capital")
    )
    household_most: Mapped[Decimal | None] = field(
        _("Highest exposure of a household"), Money, help=_("In euro; empty, only the share of the endowment counts")
    )
    household_percent: Mapped[Decimal | None] = field(
        _("Highest exposure, share of the endowment"), PERCENT, help=_("In percent")
    )
    coverage_default: Mapped[Decimal] = field(_("Usual coverage"), PERCENT, default=Decimal(80), help=_("In percent"))
    coverage_most: Mapped[Decimal] = field(_("Highest coverage"), PERCENT, default=Decimal(80), help=_("In percent"))
    approval_days: Mapped[int] = field(
        _("Days an approval lasts"), default=90, help=_("Without issue by then the application lapses")
    )
    iban: Mapped[str | None] = field(_("IBAN"), String(34), kind="iban")
    bic: Mapped[str | None] = field(_("BIC"), String(11))
    closed_until: Mapped[date | None] = field(_("Accounts closed until"), help=_("No entry may be dated before"))
    state: Mapped[FundState] = field(_("State"), FundState, default=FundState.OPEN)

    managed_by: Mapped[Organisation | None] = relationship(Organisation, foreign_keys=[managed_by_id])
    lines: Mapped[list["FundLine"]] = relationship(back_populates="fund", order_by="FundLine.name")
    contributions: Mapped[list["Contribution"]] = relationship(back_populates="fund", order_by="Contribution.on")
    members: Mapped[list["CommitteeMember"]] = relationship(back_populates="fund", order_by="CommitteeMember.name")

    def __str__(self) -> str:
        return self.name


class FundLine(PartnerOwned, Model):
    """One thing that a fund does, with its limits."""

    __tablename__ = "guarantee_fund_line"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        UniqueConstraint("partner_id", "fund_id", "name", info={"message": _("Another line has this name.")}),
        CheckConstraint("lowest is null or highest is null or lowest <= highest", name="amounts"),
        CheckConstraint("coverage between 0 and 10000", name="coverage"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    kind: Mapped[LineKind] = field(_("Kind"), LineKind)
    name: Mapped[str] = field(_("Name"), String(120))
    lowest: Mapped[Decimal | None] = field(_("Lowest amount"), Money)
    highest: Mapped[Decimal | None] = field(_("Highest amount"), Money)
    most_months: Mapped[int | None] = field(_("Most months"))
    coverage: Mapped[Decimal | None] = field(
        _("Highest coverage"), PERCENT, help=_("In percent; empty, the fund's own holds")
    )
    highest_rate: Mapped[Decimal | None] = field(_("Highest rate"), PERCENT, help=_("Percent a year, of loans"))
    rent_months: Mapped[int] = field(
        _("Months of rent covered"), default=12, help=_("The most unpaid months that may be called")
    )
    order: Mapped[Order] = field(_("Order of settlement"), Order, default=Order.ARTICLE_1194)
    open: Mapped[bool] = field(_("Takes applications"), default=True)

    fund: Mapped[Fund] = relationship(back_populates="lines", foreign_keys=[fund_id])

    def __str__(self) -> str:
        return self.name


class Contribution(PartnerOwned, Model):
    """Money given to a fund; a negative one takes another back. Never edited."""

    __tablename__ = "guarantee_fund_contribution"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        same_partner("line_id", FundLine),
        UniqueConstraint("partner_id", "reverses_id", info={"message": _("This contribution is already taken back.")}),
        CheckConstraint("(reverses_id is null) = (amount > 0)", name="amount"),
        CheckConstraint("(organisation_id is null) <> (person_id is null)", name="donor"),
        CheckConstraint("line_id is null or municipality_id is null", name="restriction"),
        Index("ix_guarantee_fund_contribution_list", "partner_id", "on", "id"),
        Index("ix_guarantee_fund_contribution_fund", "partner_id", "fund_id"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    organisation_id: Mapped[UUID | None] = field(
        _("Organisation that gives"), ForeignKey("organisations_organisation.id")
    )
    person_id: Mapped[UUID | None] = field(_("Person who gives"), ForeignKey("people_person.id"))
    on: Mapped[date] = field(_("Day"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    line_id: Mapped[UUID | None] = field(
        _("Only for the line"), help=_("A restriction of the donor: for one line or for one municipality")
    )
    municipality_id: Mapped[UUID | None] = field(_("Only for residents of"), ForeignKey("places_municipality.id"))
    document: Mapped[str | None] = field(_("Document"), String(200), help=_("The act or letter; attach the file"))
    note: Mapped[str | None] = field(_("Note"), Text)
    reverses_id: Mapped[UUID | None] = field(_("Takes back"), kind="hidden")

    fund: Mapped[Fund] = relationship(back_populates="contributions", foreign_keys=[fund_id])
    line: Mapped[FundLine | None] = relationship(foreign_keys=[line_id], lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(
        Organisation, foreign_keys=[organisation_id], lazy="joined"
    )
    person: Mapped[Person | None] = relationship(Person, foreign_keys=[person_id], lazy="joined")
    municipality: Mapped[Municipality | None] = relationship(
        Municipality, foreign_keys=[municipality_id], lazy="joined"
    )

    def __str__(self) -> str:
        return f"{self.donor} {self.on:%d/%m/%Y}"

    @fact(_("Who gives"))
    def donor(self) -> str:
        """Who gave."""
        return str(self.organisation or self.person)

    @fact(_("Only for"))
    def meant_for(self) -> str:
        """The line or the municipality that the donor meant it for."""
        return str(self.line or self.municipality or "")
