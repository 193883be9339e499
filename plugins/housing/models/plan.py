"""Repayment plans: a debt in instalments, agreed by tenant and manager, and which charges it is made of."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, fact, field, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.models.ledger import Charge
from plugins.housing.rules import plans as rules
from plugins.housing.rules.ledger import NOTHING

OPEN = text("state in ('proposed', 'accepted', 'active')")


class PlanState(Choice):
    """Where a repayment plan stands."""

    PROPOSED = "proposed", _("Proposed"), "info"
    ACCEPTED = "accepted", _("Accepted"), "info"
    ACTIVE = "active", _("Active"), "ok"
    KEPT = "kept", _("Kept"), "ok"
    FALLEN = "fallen", _("Fallen"), "bad"
    RENEGOTIATED = "renegotiated", _("Renegotiated")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RepaymentPlan(PartnerOwned, Model):
    """A plan for what was past due on the day it was proposed; one at a time on a lease."""

    __tablename__ = "housing_plan"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        UniqueConstraint("partner_id", "number"),
        CheckConstraint("total > 0", name="total"),
        Index(
            "uq_housing_plan_open", "partner_id", "lease_id", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN,
            info={"message": _("A plan of this lease is already being kept or discussed.")},
        ),
        Index("ix_housing_plan_state", "partner_id", "state", "proposed_on"),
    )  # fmt: skip

    number: Mapped[str] = field(_("Number"), String(40))
    lease_id: Mapped[UUID] = field(_("Lease"))
    total: Mapped[Decimal] = field(_("Total"), Money)
    proposed_on: Mapped[date] = field(_("Proposed on"))
    tenant_accepted_on: Mapped[date | None] = field(_("Accepted by the tenant on"))
    manager_accepted_on: Mapped[date | None] = field(_("Accepted by the manager on"))
    manager_name: Mapped[str | None] = field(_("Manager"), String(120))
    active_on: Mapped[date | None] = field(_("Active since"))
    ended_on: Mapped[date | None] = field(_("Ended on"))
    reason: Mapped[str | None] = field(_("Reason"), String(300))
    replaces_id: Mapped[UUID | None] = field(_("Takes the place of"), kind="hidden")
    state: Mapped[PlanState] = field(_("State"), PlanState, default=PlanState.PROPOSED)

    lease: Mapped[Lease] = relationship(back_populates="plans", foreign_keys=[lease_id], lazy="joined")
    instalments: Mapped[list["Instalment"]] = relationship(
        back_populates="plan", foreign_keys="Instalment.plan_id", order_by="Instalment.order", lazy="selectin"
    )
    covered: Mapped[list["CoveredCharge"]] = relationship(
        back_populates="plan", foreign_keys="CoveredCharge.plan_id", order_by="CoveredCharge.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return f"{self.number} · {self.lease.number}"

    @property
    def is_running(self) -> bool:
        """Whether tenant and manager hold to it."""
        return self.state in {PlanState.ACCEPTED, PlanState.ACTIVE}

    @fact(_("Paid"), money=True)
    def paid(self) -> Decimal:
        """What was settled of the charges it covers since it was proposed; what is taken back is owed again."""
        left = sum((min(one.amount, one.charge.owed) for one in self.covered), NOTHING)
        return self.total - left

    @fact(_("Still owed"), money=True)
    def left(self) -> Decimal:
        """What is left to pay of it."""
        return self.total - self.paid

    @property
    def schedule(self) -> list[rules.PlanInstalment]:
        """The instalments with what was paid of each, the first one first."""
        told = [rules.PlanInstalment(one.order, one.due_on, one.amount) for one in self.instalments]
        return rules.with_paid(told, self.paid)


class Instalment(PartnerOwned, Model):
    """One part of a plan and the day it is due."""

    __tablename__ = "housing_plan_instalment"
    __table_args__ = (
        same_partner("plan_id", RepaymentPlan),
        UniqueConstraint("partner_id", "plan_id", "order", name="uq_housing_plan_instalment_order"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_housing_plan_instalment_due", "partner_id", "due_on"),
    )

    plan_id: Mapped[UUID] = field(_("Plan"))
    order: Mapped[int] = field(_("Instalment"))
    due_on: Mapped[date] = field(_("Due on"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)

    plan: Mapped[RepaymentPlan] = relationship(back_populates="instalments", foreign_keys=[plan_id])

    def __str__(self) -> str:
        return f"{self.plan.number} · {self.order}"


class CoveredCharge(PartnerOwned, Model):
    """A charge that a plan pays, and what was owed on it then."""

    __tablename__ = "housing_plan_charge"
    __table_args__ = (
        same_partner("plan_id", RepaymentPlan),
        same_partner("charge_id", Charge),
        UniqueConstraint("partner_id", "plan_id", "charge_id", name="uq_housing_plan_charge_once"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_housing_plan_charge_charge", "partner_id", "charge_id"),
    )

    plan_id: Mapped[UUID] = field(_("Plan"))
    charge_id: Mapped[UUID] = field(_("Charge"))
    amount: Mapped[Decimal] = field(_("Owed at the time"), Money)

    plan: Mapped[RepaymentPlan] = relationship(back_populates="covered", foreign_keys=[plan_id])
    charge: Mapped[Charge] = relationship(foreign_keys=[charge_id], lazy="joined")

    def __str__(self) -> str:
        return str(self.charge)
