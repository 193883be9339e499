"""Maintenance tickets: what is broken in a home or a building, until when, who mends it, what it cost."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, case, func
from sqlalchemy.orm import Mapped, column_property, relationship

from core.api import Choice, Money, Organisation, PartnerOwned, Person, Place, _, fact, field, now, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling


class TicketKind(Choice):
    """What a repair is about."""

    GAS = "gas", _("Gas"), "bad"
    WATER = "water", _("Water"), "bad"
    ELECTRIC = "electric", _("Electricity"), "bad"
    SAFETY = "safety", _("Safety"), "bad"
    HEATING = "heating", _("Heating")
    LIFT = "lift", _("Lift")
    FIXTURES = "fixtures", _("Doors, windows and fittings")
    STRUCTURE = "structure", _("Roof, walls and damp")
    OTHER = "other", _("Other")

    @property
    def is_urgent(self) -> bool:
        """Whether waiting is dangerous."""
        return self in {TicketKind.GAS, TicketKind.WATER, TicketKind.ELECTRIC, TicketKind.SAFETY}


class Reporter(Choice):
    """Who says that something is broken."""

    TENANT = "tenant", _("Tenant")
    STAFF = "staff", _("Staff")


class TicketState(Choice):
    """Where a ticket stands."""

    OPEN = "open", _("Open"), "warn"
    TRIAGE = "triage", _("Being assessed"), "warn"
    ASSIGNED = "assigned", _("Assigned"), "info"
    IN_PROGRESS = "in_progress", _("In progress"), "info"
    SOLVED = "solved", _("Solved"), "ok"
    CLOSED = "closed", _("Closed")


UNSOLVED = (TicketState.OPEN, TicketState.TRIAGE, TicketState.ASSIGNED, TicketState.IN_PROGRESS)


class MaintenanceTicket(PartnerOwned, Model):
    """One repair, in a home or in a building's common part; nothing of the household's health is written here."""

    __tablename__ = "housing_ticket"
    __table_args__ = (
        same_partner("dwelling_id", Dwelling),
        UniqueConstraint("partner_id", "number"),
        CheckConstraint("(dwelling_id is null) <> (place_id is null)", name="where"),
        CheckConstraint("cost is null or cost >= 0", name="cost"),
        Index("ix_housing_ticket_state", "partner_id", "state", "target_at"),
        Index("ix_housing_ticket_dwelling", "partner_id", "dwelling_id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    dwelling_id: Mapped[UUID | None] = field(_("Home"), help=_("Or else the building, for its common parts"))
    place_id: Mapped[UUID | None] = field(
        _("Building"), ForeignKey("places_place.id"), index=True, help=_("For stairs, roof, courtyard, lift")
    )
    part: Mapped[str | None] = field(_("Common part"), String(80), help=_("Such as: staircase B"))
    kind: Mapped[TicketKind] = field(_("Kind"), TicketKind)
    subject: Mapped[str] = field(_("What is broken"), String(140))
    description: Mapped[str | None] = field(_("Description"), Text)
    reported_by: Mapped[Reporter] = field(_("Reported by"), Reporter, default=Reporter.STAFF)
    reporter_id: Mapped[UUID | None] = field(_("Tenant"), ForeignKey("people_person.id"), index=True)
    urgent: Mapped[bool] = field(_("Urgent"), default=False)
    opened_at: Mapped[datetime] = field(_("Opened at"), default=now)
    target_at: Mapped[datetime] = field(_("To be solved by"))
    supplier_id: Mapped[UUID | None] = field(_("Supplier"), ForeignKey("organisations_organisation.id"), index=True)
    visit_on: Mapped[date | None] = field(_("Visit on"))
    solved_at: Mapped[datetime | None] = field(_("Solved at"))
    outcome: Mapped[str | None] = field(_("What was done"), String(500))
    cost: Mapped[Decimal | None] = field(_("Cost"), Money)
    closed_at: Mapped[datetime | None] = field(_("Closed at"))
    closed_because: Mapped[str | None] = field(_("Closed because"), String(300))
    state: Mapped[TicketState] = field(_("State"), TicketState, default=TicketState.OPEN)
    late: Mapped[bool] = column_property(
        case((and_(state.in_(UNSOLVED), target_at < func.current_timestamp()), True), else_=False),
        info={"label": _("Late")},
    )

    dwelling: Mapped[Dwelling | None] = relationship(
        back_populates="tickets", foreign_keys=[dwelling_id], lazy="joined"
    )
    place: Mapped[Place | None] = relationship(Place, foreign_keys=[place_id], lazy="joined")
    reporter: Mapped[Person | None] = relationship(Person, foreign_keys=[reporter_id])
    supplier: Mapped[Organisation | None] = relationship(Organisation, foreign_keys=[supplier_id])

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    @fact(_("Where"))
    def where(self) -> str:
        """The home, or the building and its part."""
        if self.dwelling is not None:
            return str(self.dwelling)
        return " · ".join(part for part in (str(self.place or ""), self.part) if part)
