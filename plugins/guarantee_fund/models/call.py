"""Calls on guarantees, and what came back."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, fact, field, referable, same_partner
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.guarantee import Guarantee

NOTHING = Decimal("0.00")
WAITING = text("state in ('requested', 'contested', 'accepted', 'to_pay')")


class CallState(Choice):
    """Where a call stands."""

    REQUESTED = "requested", _("Requested"), "warn"
    CONTESTED = "contested", _("Contested"), "warn"
    ACCEPTED = "accepted", _("Accepted by one"), "info"
    TO_PAY = "to_pay", _("To be paid"), "info"
    PAID = "paid", _("Paid"), "bad"
    TURNED_DOWN = "turned_down", _("Turned down"), ""


class Call(PartnerOwned, Model):
    """A counterpart asks the fund to pay: two people accept it, never the same twice."""

    __tablename__ = "guarantee_fund_call"
    __table_args__ = (
        referable(),
        same_partner("guarantee_id", Guarantee),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("written_off >= 0 and written_off <= amount", name="written_off"),
        CheckConstraint("second_id is null or second_id <> first_id", name="four_eyes",
                        info={"message": _("Who accepted first may not accept second.")}),
        CheckConstraint("state <> 'paid' or (paid_on is not null and second_id is not null)", name="paid"),
        Index("uq_guarantee_fund_call_waiting", "partner_id", "guarantee_id", unique=True,
              sqlite_where=WAITING, postgresql_where=WAITING,
              info={"message": _("This guarantee already has a call that waits.")}),
        Index("ix_guarantee_fund_call_list", "partner_id", "requested_on", "id"),
        Index("ix_guarantee_fund_call_guarantee", "partner_id", "guarantee_id"),
    )  # fmt: skip

    guarantee_id: Mapped[UUID] = field(_("Guarantee"))
    requested_on: Mapped[date] = field(_("Requested on"))
    unpaid: Mapped[Decimal | None] = field(_("Unpaid principal"), Money, help=_("Of loans"))
    unpaid_months: Mapped[int | None] = field(_("Unpaid months"), help=_("Of rents"))
    amount: Mapped[Decimal] = field(_("To be paid"), Money)
    arrears_list: Mapped[bool] = field(_("List of what is unpaid"), default=False)
    notice_on: Mapped[date | None] = field(_("Formal notice of"))
    attempt: Mapped[str | None] = field(_("Attempt of agreement"), String(300), help=_("When, with whom, how it ended"))
    first_by: Mapped[str | None] = field(_("Accepted by the manager"), String(120))
    first_id: Mapped[UUID | None] = field(_("Accepted by the manager"), kind="hidden")
    second_by: Mapped[str | None] = field(_("Accepted by the accountant"), String(120))
    second_id: Mapped[UUID | None] = field(_("Accepted by the accountant"), kind="hidden")
    requested_by_id: Mapped[UUID | None] = field(_("Written down by"), kind="hidden")
    paid_on: Mapped[date | None] = field(_("Paid on"))
    written_off: Mapped[Decimal] = field(_("Written off"), Money, default=NOTHING)
    reason: Mapped[str | None] = field(_("Reason"), String(300))
    state: Mapped[CallState] = field(_("State"), CallState, default=CallState.REQUESTED)

    guarantee: Mapped[Guarantee] = relationship(foreign_keys=[guarantee_id])
    recoveries: Mapped[list["Recovery"]] = relationship(
        back_populates="call", order_by="Recovery.on, Recovery.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return str(_("Call on %(guarantee)s", guarantee=self.guarantee))

    @fact(_("Came back to the fund"), money=True)
    def recovered(self) -> Decimal:
        """The fund's share of every recovery."""
        return sum((one.fund_share for one in self.recoveries), NOTHING)

    @fact(_("Still to be recovered"), money=True)
    def credit(self) -> Decimal:
        """What the fund may still claim back."""
        if self.state is not CallState.PAID:
            return NOTHING
        before = sum((one.fund_share for one in self.recoveries if not one.after_loss), NOTHING)
        return self.amount - before - self.written_off


class Recovery(PartnerOwned, Model):
    """Money that came back after a call, shared with the counterpart; never edited."""

    __tablename__ = "guarantee_fund_recovery"
    __table_args__ = (
        same_partner("call_id", Call),
        CheckConstraint("amount > 0 and fund_share >= 0 and counterpart_share >= 0", name="amounts"),
        CheckConstraint("fund_share + counterpart_share = amount", name="shares"),
        Index("ix_guarantee_fund_recovery_list", "partner_id", "on", "id"),
        Index("ix_guarantee_fund_recovery_call", "partner_id", "call_id"),
    )

    call_id: Mapped[UUID] = field(_("Call"))
    on: Mapped[date] = field(_("Day"))
    amount: Mapped[Decimal] = field(_("Recovered"), Money)
    fund_share: Mapped[Decimal] = field(_("The fund's share"), Money)
    counterpart_share: Mapped[Decimal] = field(_("The counterpart's share"), Money)
    after_loss: Mapped[bool] = field(_("After it was written off"), default=False)
    note: Mapped[str | None] = field(_("Note"), String(200))

    call: Mapped[Call] = relationship(back_populates="recoveries", foreign_keys=[call_id])

    def __str__(self) -> str:
        return str(_("Recovery of %(day)s", day=f"{self.on:%d/%m/%Y}"))
