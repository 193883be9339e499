"""The rent ledger: charges, payments, and what settles what; rows are added and never edited."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, fact, field, never_edited, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.rules.ledger import NOTHING, ChargeKind, OpenCharge


class PaymentMethod(Choice):
    """How money came in."""

    TRANSFER = "transfer", _("Bank transfer")
    PAGOPA = "pagopa", _("pagoPA")
    DIRECT_DEBIT = "direct_debit", _("Direct debit (SDD)")
    CASH = "cash", _("Cash")
    ADJUSTMENT = "adjustment", _("Adjustment in the tenant's favour")
    OTHER = "other", _("Other")


class Charge(PartnerOwned, Model):
    """Something a tenant owes; a negative one takes another back."""

    __tablename__ = "housing_charge"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        UniqueConstraint(
            "partner_id", "lease_id", "monthly_key", info={"message": _("This month is already charged.")}
        ),
        UniqueConstraint("partner_id", "reverses_id", info={"message": _("This charge is already reversed.")}),
        CheckConstraint("(reverses_id is null) = (amount > 0)", name="amount"),
        Index("ix_housing_charge_due", "partner_id", "due_on", "id"),
        Index("ix_housing_charge_lease", "partner_id", "lease_id", "due_on"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    kind: Mapped[ChargeKind] = field(_("Kind"), ChargeKind)
    due_on: Mapped[date] = field(_("Due on"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    first_day: Mapped[date | None] = field(_("From"))
    last_day: Mapped[date | None] = field(_("Until"))
    note: Mapped[str | None] = field(_("Note"), String(200))
    monthly_key: Mapped[str | None] = field(_("Month"), String(40), kind="hidden")
    reverses_id: Mapped[UUID | None] = field(_("Takes back"), kind="hidden")

    lease: Mapped[Lease] = relationship(back_populates="charges", foreign_keys=[lease_id])
    allocations: Mapped[list["Allocation"]] = relationship(
        back_populates="charge", foreign_keys="Allocation.charge_id", lazy="selectin"
    )

    def __str__(self) -> str:
        month = self.first_day or self.due_on
        return f"{self.kind.label} {month.month:02}/{month.year}"

    @property
    def settled(self) -> Decimal:
        """What payments and counter-entries settled of it."""
        return sum((one.amount for one in self.allocations), NOTHING)

    @fact(_("Still owed"), money=True)
    def owed(self) -> Decimal:
        """What is left of it; nothing on a counter-entry."""
        return self.amount - self.settled if self.reverses_id is None else NOTHING

    @property
    def open(self) -> OpenCharge:
        """The charge as the rules of settlement read it."""
        return OpenCharge(self.id, self.kind, self.due_on, self.owed)


class Payment(PartnerOwned, Model):
    """Money that came in; a negative one takes another back."""

    __tablename__ = "housing_payment"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        UniqueConstraint("partner_id", "reverses_id", info={"message": _("This payment is already reversed.")}),
        CheckConstraint("(reverses_id is null) = (amount > 0)", name="amount"),
        Index("ix_housing_payment_day", "partner_id", "paid_on", "id"),
        Index("ix_housing_payment_lease", "partner_id", "lease_id", "paid_on"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    paid_on: Mapped[date] = field(_("Paid on"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    method: Mapped[PaymentMethod] = field(_("How"), PaymentMethod, default=PaymentMethod.TRANSFER)
    reference: Mapped[str | None] = field(_("Reference"), String(140), help=_("CRO, IUV or what the transfer says"))
    reason: Mapped[str | None] = field(_("Reason"), String(300))
    reverses_id: Mapped[UUID | None] = field(_("Takes back"), kind="hidden")

    lease: Mapped[Lease] = relationship(back_populates="payments", foreign_keys=[lease_id])
    allocations: Mapped[list["Allocation"]] = relationship(
        back_populates="payment", foreign_keys="Allocation.payment_id", order_by="Allocation.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return str(_("Payment of %(day)s", day=f"{self.paid_on:%d/%m/%Y}"))

    @fact(_("Not yet used"), money=True)
    def credit(self) -> Decimal:
        """What of it settles nothing yet."""
        return self.amount - sum((one.amount for one in self.allocations), NOTHING)


class Allocation(PartnerOwned, Model):
    """The part of a payment, or of a counter-entry, that settles a charge."""

    __tablename__ = "housing_allocation"
    __table_args__ = (
        same_partner("payment_id", Payment),
        same_partner("charge_id", Charge),
        same_partner("reversal_id", Charge),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("(payment_id is null) <> (reversal_id is null)", name="source"),
        Index("ix_housing_allocation_charge", "partner_id", "charge_id"),
        Index("ix_housing_allocation_payment", "partner_id", "payment_id"),
    )

    payment_id: Mapped[UUID | None] = field(_("Payment"))
    reversal_id: Mapped[UUID | None] = field(_("Counter-entry"))
    charge_id: Mapped[UUID] = field(_("Charge"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    on: Mapped[date] = field(_("Day"))

    payment: Mapped[Payment | None] = relationship(back_populates="allocations", foreign_keys=[payment_id])
    charge: Mapped[Charge] = relationship(back_populates="allocations", foreign_keys=[charge_id])

    def __str__(self) -> str:
        return str(self.charge)


for entry in (Charge, Payment, Allocation):
    never_edited(entry, _("Rows of the ledger are never edited: take them back with a counter-entry."))
