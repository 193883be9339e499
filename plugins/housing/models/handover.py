"""Handover reports: the keys given and given back, with the inventory and what the meters said."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Exact, Money, PartnerOwned, _, fact, field, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling
from plugins.housing.models.lease import Lease
from plugins.housing.models.ledger import Charge
from plugins.housing.rules.ledger import NOTHING
from plugins.housing.rules.meters import Reading


class HandoverKind(Choice):
    """Which way the keys go."""

    DELIVERY = "delivery", _("Delivery")
    RETURN = "return", _("Return")


class HandoverState(Choice):
    """A report is written, then signed; a signed one stays as it is."""

    DRAFT = "draft", _("Being written"), "warn"
    SIGNED = "signed", _("Signed"), "ok"


class Condition(Choice):
    """How a thing is found."""

    NEW = "new", _("New"), "ok"
    GOOD = "good", _("Good"), "ok"
    WORN = "worn", _("Worn by use")
    DAMAGED = "damaged", _("Damaged"), "bad"
    MISSING = "missing", _("Missing"), "bad"


class MeterKind(Choice):
    """What a meter measures."""

    ELECTRICITY = "electricity", _("Electricity (kWh)")
    GAS = "gas", _("Gas (m³)")
    WATER = "water", _("Water (m³)")
    HEATING = "heating", _("Heating (units)")


class Handover(PartnerOwned, Model):
    """The report of one handover: who was there, what stands in the home and in what condition."""

    __tablename__ = "housing_handover"
    __table_args__ = (
        referable(),
        same_partner("lease_id", Lease),
        same_partner("charge_id", Charge),
        UniqueConstraint("partner_id", "number"),
        UniqueConstraint(
            "partner_id", "lease_id", "kind", info={"message": _("This lease already has such a report.")}
        ),
        CheckConstraint("state <> 'signed' or landlord_signed_on is not null", name="signed"),
        Index("ix_housing_handover_day", "partner_id", "made_on", "id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    lease_id: Mapped[UUID] = field(_("Lease"))
    kind: Mapped[HandoverKind] = field(_("Report of"), HandoverKind)
    made_on: Mapped[date] = field(_("Day"))
    present: Mapped[str] = field(
        _("Persons present"), String(300), help=_("Name and capacity, such as: A. Neri, tenant")
    )
    keys: Mapped[int | None] = field(_("Sets of keys"))
    remarks: Mapped[str | None] = field(_("Remarks"), Text)
    tenant_signed_on: Mapped[date | None] = field(_("Signed by the tenant on"))
    landlord_signed_on: Mapped[date | None] = field(_("Signed by the landlord on"))
    works_needed: Mapped[bool] = field(_("Works needed before the next tenant"), default=False)
    charge_id: Mapped[UUID | None] = field(_("Charge for damages"))
    state: Mapped[HandoverState] = field(_("State"), HandoverState, default=HandoverState.DRAFT)

    lease: Mapped[Lease] = relationship(back_populates="handovers", foreign_keys=[lease_id], lazy="joined")
    charge: Mapped[Charge | None] = relationship(foreign_keys=[charge_id])
    items: Mapped[list["InventoryItem"]] = relationship(
        back_populates="handover", foreign_keys="InventoryItem.handover_id", order_by="InventoryItem.id",
        cascade="all, delete-orphan", lazy="selectin",
    )  # fmt: skip
    readings: Mapped[list["MeterReading"]] = relationship(
        back_populates="handover", foreign_keys="MeterReading.handover_id", order_by="MeterReading.id",
    )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} · {self.kind.label}"

    @fact(_("Damages"), money=True)
    def damages(self) -> Decimal:
        """What the tenant is asked for what is damaged or missing."""
        return sum((one.damage or NOTHING for one in self.items), NOTHING)


class InventoryItem(PartnerOwned, Model):
    """One thing in the home, as delivered and as given back."""

    __tablename__ = "housing_inventory_item"
    __table_args__ = (
        same_partner("handover_id", Handover),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("damage is null or damage >= 0", name="damage"),
        Index("ix_housing_inventory_item_handover", "partner_id", "handover_id"),
    )

    handover_id: Mapped[UUID] = field(_("Report"))
    room: Mapped[str | None] = field(_("Room"), String(60))
    name: Mapped[str] = field(_("Thing"), String(120))
    quantity: Mapped[int] = field(_("Quantity"), default=1)
    delivered: Mapped[Condition | None] = field(_("As delivered"), Condition)
    condition: Mapped[Condition] = field(_("Condition"), Condition)
    damage: Mapped[Decimal | None] = field(_("Damage"), Money, help=_("What is asked of the tenant, on return"))
    note: Mapped[str | None] = field(_("Note"), String(200))

    handover: Mapped[Handover] = relationship(back_populates="items", foreign_keys=[handover_id])

    def __str__(self) -> str:
        return " · ".join(part for part in (self.room, self.name) if part)


class MeterReading(PartnerOwned, Model):
    """What one meter of a home said on a day."""

    __tablename__ = "housing_meter_reading"
    __table_args__ = (
        same_partner("dwelling_id", Dwelling),
        same_partner("handover_id", Handover),
        UniqueConstraint(
            "partner_id", "dwelling_id", "kind", "serial", "read_on", name="uq_housing_meter_reading_meter",
            info={"message": _("This meter was already read on that day.")},
        ),
        CheckConstraint("value >= 0", name="value"),
        Index("ix_housing_meter_reading_day", "partner_id", "read_on", "id"),
    )  # fmt: skip

    dwelling_id: Mapped[UUID] = field(_("Home"))
    handover_id: Mapped[UUID | None] = field(_("Report"))
    kind: Mapped[MeterKind] = field(_("Meter"), MeterKind)
    serial: Mapped[str] = field(_("Serial number"), String(40))
    value: Mapped[Decimal] = field(_("Reading"), Exact(3))
    read_on: Mapped[date] = field(_("Read on"))
    replaced: Mapped[bool] = field(_("New meter"), default=False, help=_("Tick it when the meter was replaced"))

    dwelling: Mapped[Dwelling] = relationship(back_populates="readings", foreign_keys=[dwelling_id], lazy="joined")
    handover: Mapped[Handover | None] = relationship(back_populates="readings", foreign_keys=[handover_id])

    def __str__(self) -> str:
        return f"{self.kind.label} {self.serial}"

    @property
    def told(self) -> Reading:
        """The reading as the rule compares it."""
        return Reading(self.read_on, self.value, self.replaced)
