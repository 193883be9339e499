"""Checklists of morosità incolpevole: what was known on a day, kept as it was."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, relationship

from core.api import Money, PartnerOwned, _, field, never_edited, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.rules.blameless import Cause, Met


class BlamelessCheck(PartnerOwned, Model):
    """One checklist of one lease: it says what is met and decides nothing."""

    __tablename__ = "housing_blameless_check"
    __table_args__ = (
        same_partner("lease_id", Lease),
        Index("ix_housing_blameless_check_day", "partner_id", "made_on", "id"),
        Index("ix_housing_blameless_check_lease", "partner_id", "lease_id"),
    )

    lease_id: Mapped[UUID] = field(_("Lease"))
    made_on: Mapped[date] = field(_("Day"))
    made_by: Mapped[str] = field(_("By"), String(120))
    standing: Mapped[Met] = field(_("In short"), Met)
    cause: Mapped[Cause | None] = field(_("Cause"), Cause, sensitivity="special")
    debt: Mapped[Decimal] = field(_("Past due"), Money)
    settling: Mapped[Decimal] = field(_("Most to settle the debt"), Money)
    deferring: Mapped[Decimal] = field(_("Most to defer the eviction"), Money)
    most: Mapped[Decimal] = field(_("Most in all"), Money)
    conditions: Mapped[list[dict[str, Any]]] = field(_("Conditions"), JSON, sensitivity="special")

    lease: Mapped[Lease] = relationship(back_populates="blameless_checks", foreign_keys=[lease_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.lease.number} · {self.made_on:%d/%m/%Y}"


never_edited(BlamelessCheck, _("A checklist is never edited: make another one."))
