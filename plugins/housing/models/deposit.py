"""Deposits: what was paid in, what it bore, what went back."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, field, never_edited, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease


class DepositKind(Choice):
    """What happened to a deposit."""

    PAID_IN = "paid_in", _("Paid in")
    INTEREST = "interest", _("Legal interest paid")
    WITHHELD = "withheld", _("Withheld")
    RETURNED = "returned", _("Returned")


class DepositMovement(PartnerOwned, Model):
    """One movement of a lease's deposit."""

    __tablename__ = "housing_deposit_movement"
    __table_args__ = (
        same_partner("lease_id", Lease),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_housing_deposit_movement_lease", "partner_id", "lease_id", "on"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    kind: Mapped[DepositKind] = field(_("Movement"), DepositKind)
    on: Mapped[date] = field(_("Day"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    reason: Mapped[str | None] = field(_("Reason"), String(300))

    lease: Mapped[Lease] = relationship(back_populates="deposit_movements", foreign_keys=[lease_id])

    def __str__(self) -> str:
        return str(self.kind.label)


never_edited(DepositMovement, _("Movements of a deposit are never edited: add the opposite one."))
