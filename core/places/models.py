"""Municipalities and states as the Revenue Agency numbers them, places, rooms and opening hours."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, Exact, fact, field
from core.database.model import Model
from core.database.ownership import Common, Registered
from core.language import _
from core.organisations.models import Organisation


class Municipality(Common, Model):
    """A municipality in one stretch of its history; people are born in those that no longer exist."""

    __tablename__ = "places_municipality"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("belfiore", "valid_from"),
        Index("ix_places_municipality_name", "name", "id"),
    )

    name: Mapped[str] = field(_("Municipality"), String(80))
    istat_code: Mapped[str | None] = field(_("ISTAT code"), String(6), index=True)
    belfiore: Mapped[str] = field(_("Cadastral code"), String(4), help=_("As in the codice fiscale, such as F471"))
    province: Mapped[str] = field(_("Province"), String(2))
    region: Mapped[str | None] = field(_("Region"), String(40))
    postcode: Mapped[str | None] = field(_("Postcode"), String(5))
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"))
    current: Mapped[bool] = field(_("Exists today"), default=True)
    search: Mapped[str] = field(_("Search text"), String(120), kind="hidden", default="")

    def __str__(self) -> str:
        return f"{self.name} ({self.province})"

    def existed_on(self, day: date) -> bool:
        """Whether this stretch of its history contains the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Country(Common, Model):
    """A state, with the code that stands in the codice fiscale of who was born there."""

    __tablename__ = "places_country"
    __audited__ = False

    name: Mapped[str] = field(_("State"), String(80))
    belfiore: Mapped[str] = field(_("Cadastral code"), String(4), unique=True)
    iso_code: Mapped[str | None] = field(_("ISO code"), String(2), index=True)
    current: Mapped[bool] = field(_("Exists today"), default=True)
    search: Mapped[str] = field(_("Search text"), String(120), kind="hidden", default="")

    def __str__(self) -> str:
        return self.name


class PlaceKind(Choice):
    """What a place is used for."""

    COMMUNITY_POINT = "community_point", _("Community point"), "info"
    PARISH_HALL = "parish_hall", _("Parish hall")
    LIBRARY = "library", _("Library")
    SPORTS_GROUND = "sports_ground", _("Sports ground")
    SCHOOL = "school", _("School")
    GARDEN = "garden", _("Vegetable garden")
    CONDOMINIUM = "condominium", _("Condominium")
    HOME = "home", _("Home")
    SEAT = "seat", _("Office")


class Place(Registered, Model):
    """Somewhere people meet, live or work."""

    __tablename__ = "places_place"
    __table_args__ = (
        CheckConstraint("latitude between -90000000 and 90000000", name="latitude"),
        CheckConstraint("longitude between -180000000 and 180000000", name="longitude"),
        Index("ix_places_place_name", "name", "id"),
    )

    name: Mapped[str] = field(_("Name"), String(120))
    kind: Mapped[PlaceKind] = field(_("Kind"), PlaceKind)
    address: Mapped[str] = field(_("Address"), String(200), help=_("Street and number"))
    municipality_id: Mapped[UUID] = field(_("Municipality"), ForeignKey("places_municipality.id"), index=True)
    owner_id: Mapped[UUID | None] = field(_("Owner"), ForeignKey("organisations_organisation.id"), index=True)
    operated_by_id: Mapped[UUID | None] = field(_("Run by"), ForeignKey("organisations_organisation.id"), index=True)
    latitude: Mapped[Decimal | None] = field(_("Latitude"), Exact(6))
    longitude: Mapped[Decimal | None] = field(_("Longitude"), Exact(6))
    accessible: Mapped[bool] = field(_("Accessible to wheelchairs"), default=False)
    reactivated_on: Mapped[date | None] = field(
        _("Reactivated on"),
        help=_("The day a disused place came back into use; it counts among the reactivated places"),
    )
    notes: Mapped[str | None] = field(_("Notes"), Text)
    search: Mapped[str] = field(_("Search text"), String(400), kind="hidden", default="")

    municipality: Mapped[Municipality] = relationship(lazy="joined")
    owner: Mapped[Organisation | None] = relationship(foreign_keys=[owner_id])
    operated_by: Mapped[Organisation | None] = relationship(foreign_keys=[operated_by_id])
    rooms: Mapped[list["Room"]] = relationship(
        back_populates="place", order_by="Room.name", cascade="all, delete-orphan"
    )
    opening_hours: Mapped[list["OpeningHours"]] = relationship(
        back_populates="place",
        order_by="OpeningHours.weekday, OpeningHours.opens",
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.name

    @fact(_("Rooms"))
    def room_count(self) -> int:
        """How many rooms are registered."""
        return len(self.rooms)


class Room(Registered, Model):
    """A room of a place, that can be booked or used on its own."""

    __tablename__ = "places_room"
    __table_args__ = (
        UniqueConstraint("place_id", "name", info={"message": _("Another room of this place has this name.")}),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("area > 0", name="area"),
    )

    place_id: Mapped[UUID] = field(_("Place"), ForeignKey("places_place.id", ondelete="CASCADE"))
    name: Mapped[str] = field(_("Name"), String(80))
    capacity: Mapped[int | None] = field(_("Capacity"), help=_("How many people it holds"))
    area: Mapped[Decimal | None] = field(_("Area"), Exact(2, "m²"), help=_("Square metres"))
    accessible: Mapped[bool] = field(_("Accessible to wheelchairs"), default=False)

    place: Mapped[Place] = relationship(back_populates="rooms")

    def __str__(self) -> str:
        return self.name


class Weekday(Choice):
    """Days of the week, numbered as ISO 8601 does so that they sort."""

    MONDAY = "1", _("Monday")
    TUESDAY = "2", _("Tuesday")
    WEDNESDAY = "3", _("Wednesday")
    THURSDAY = "4", _("Thursday")
    FRIDAY = "5", _("Friday")
    SATURDAY = "6", _("Saturday")
    SUNDAY = "7", _("Sunday")


class OpeningHours(Registered, Model):
    """One stretch of one weekday when a place is open, in minutes after midnight."""

    __tablename__ = "places_opening_hours"
    __table_args__ = (
        UniqueConstraint("place_id", "weekday", "opens", info={"message": _("These hours are already there.")}),
        CheckConstraint("opens >= 0 and opens < closes and closes <= 1440", name="within_the_day"),
    )

    place_id: Mapped[UUID] = field(_("Place"), ForeignKey("places_place.id", ondelete="CASCADE"))
    weekday: Mapped[Weekday] = field(_("Day"), Weekday)
    opens: Mapped[int] = field(_("Opens at"))
    closes: Mapped[int] = field(_("Closes at"))

    place: Mapped[Place] = relationship(back_populates="opening_hours")

    def __str__(self) -> str:
        return f"{self.weekday.label} {clock(self.opens)}–{clock(self.closes)}"


def clock(minutes: int) -> str:
    """Minutes after midnight as people write them: 510 is 08:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
