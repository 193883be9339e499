"""Homes that can be let, with their cadastral record and state."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Exact, Money, Municipality, Organisation, PartnerOwned, Place, _, field, referable
from plugins.housing.models.base import Model

if TYPE_CHECKING:
    from plugins.housing.models.handover import MeterReading
    from plugins.housing.models.inspection import Inspection
    from plugins.housing.models.lease import Lease
    from plugins.housing.models.ticket import MaintenanceTicket


class Regime(Choice):
    """Under which rules a home is let."""

    SAP = "sap", _("Public housing (SAP)")
    SAS = "sas", _("Social housing (SAS)")
    SAT = "sat", _("Temporary housing (SAT)")
    MEDIATED = "mediated", _("Private, mediated")
    PROJECT = "project", _("Project home")


class EnergyClass(Choice):
    """Energy class on the certificate (APE)."""

    A4 = "a4", "A4"
    A3 = "a3", "A3"
    A2 = "a2", "A2"
    A1 = "a1", "A1"
    B = "b", "B"
    C = "c", "C"
    D = "d", "D"
    E = "e", "E"
    F = "f", "F"
    G = "g", "G"


class DwellingState(Choice):
    """Where a home stands between one tenant and the next."""

    AVAILABLE = "available", _("Available"), "ok"
    RESERVED = "reserved", _("Reserved"), "info"
    ASSIGNED = "assigned", _("Assigned"), "info"
    OCCUPIED = "occupied", _("Occupied")
    BEING_RETURNED = "being_returned", _("Being returned"), "warn"
    IN_MAINTENANCE = "in_maintenance", _("In maintenance"), "warn"
    OUT_OF_USE = "out_of_use", _("Out of use"), "bad"


class Dwelling(PartnerOwned, Model):
    """A home that a partner can let."""

    __tablename__ = "housing_dwelling"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "code", info={"message": _("Another home has this code.")}),
        CheckConstraint("net_area is null or net_area > 0", name="net_area"),
        CheckConstraint("rooms is null or rooms > 0", name="rooms"),
        CheckConstraint("max_occupants is null or max_occupants > 0", name="max_occupants"),
        CheckConstraint("monthly_rent is null or monthly_rent >= 0", name="monthly_rent"),
        Index("ix_housing_dwelling_state", "partner_id", "state", "code"),
    )

    code: Mapped[str] = field(_("Code"), String(20), help=_("Your own, such as MON-014"))
    regime: Mapped[Regime] = field(_("Regime"), Regime)
    address: Mapped[str] = field(_("Address"), String(200), help=_("Street and number"))
    municipality_id: Mapped[UUID] = field(_("Municipality"), ForeignKey("places_municipality.id"), index=True)
    place_id: Mapped[UUID | None] = field(
        _("Building"), ForeignKey("places_place.id"), index=True, help=_("When it stands among the places")
    )
    stair: Mapped[str | None] = field(_("Staircase"), String(10))
    floor: Mapped[str | None] = field(_("Floor"), String(10))
    unit: Mapped[str | None] = field(_("Unit"), String(10))
    owner_id: Mapped[UUID | None] = field(
        _("Owner"), ForeignKey("organisations_organisation.id"), index=True, help=_("Empty when it is yours")
    )
    run_by_id: Mapped[UUID | None] = field(
        _("Run by"), ForeignKey("organisations_organisation.id"), index=True, help=_("Empty when you run it")
    )
    cadastral_sheet: Mapped[str | None] = field(_("Cadastral sheet"), String(10))
    cadastral_parcel: Mapped[str | None] = field(_("Cadastral parcel"), String(10))
    cadastral_sub: Mapped[str | None] = field(_("Subordinate"), String(10))
    cadastral_category: Mapped[str | None] = field(_("Cadastral category"), String(5), help=_("Such as A/3"))
    cadastral_income: Mapped[Decimal | None] = field(_("Cadastral income"), Money)
    net_area: Mapped[Decimal | None] = field(_("Net area"), Exact(2, "m²"), help=_("In m² of floor"))
    rooms: Mapped[int | None] = field(_("Rooms"))
    max_occupants: Mapped[int | None] = field(_("Most occupants"))
    accessible: Mapped[bool] = field(_("Accessible to wheelchairs"), default=False)
    lift: Mapped[bool] = field(_("Lift"), default=False)
    heating: Mapped[str | None] = field(_("Heating"), String(60))
    energy_class: Mapped[EnergyClass | None] = field(_("Energy class (APE)"), EnergyClass)
    furniture: Mapped[str | None] = field(_("Furniture"), Text)
    rental_value: Mapped[Decimal | None] = field(
        _("Rental value"), Money, help=_("Valore locativo, in euro a year: the base of public rents")
    )
    monthly_rent: Mapped[Decimal | None] = field(_("Monthly rent asked"), Money)
    available_from: Mapped[date | None] = field(_("Available from"))
    state: Mapped[DwellingState] = field(_("State"), DwellingState, default=DwellingState.AVAILABLE)
    state_reason: Mapped[str | None] = field(_("Reason of the state"), String(300))

    municipality: Mapped[Municipality] = relationship(Municipality, lazy="joined", foreign_keys=[municipality_id])
    place: Mapped[Place | None] = relationship(Place, foreign_keys=[place_id])
    owner: Mapped[Organisation | None] = relationship(Organisation, foreign_keys=[owner_id])
    run_by: Mapped[Organisation | None] = relationship(Organisation, foreign_keys=[run_by_id])
    leases: Mapped[list["Lease"]] = relationship(
        back_populates="dwelling", foreign_keys="Lease.dwelling_id", order_by="Lease.starts_on"
    )
    tickets: Mapped[list["MaintenanceTicket"]] = relationship(
        back_populates="dwelling", foreign_keys="MaintenanceTicket.dwelling_id", order_by="MaintenanceTicket.opened_at"
    )
    readings: Mapped[list["MeterReading"]] = relationship(
        back_populates="dwelling", foreign_keys="MeterReading.dwelling_id", order_by="MeterReading.read_on"
    )
    inspections: Mapped[list["Inspection"]] = relationship(
        back_populates="dwelling", foreign_keys="Inspection.dwelling_id", order_by="Inspection.made_on"
    )

    def __str__(self) -> str:
        return f"{self.code} · {self.address}"
