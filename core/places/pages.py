"""Places, rooms and the municipalities they stand in, as lists and record pages show them."""

from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from core.language import _
from core.places import services
from core.places.forms import HoursForm, PlaceForm, RoomFields, WeekdayForm
from core.places.models import Country, Municipality, Place, Room, clock
from core.resource.declaration import Action, Facts, Panel, Related, Resource


def week_of(session: Any, place: Place) -> dict[str, Any]:
    """Its opening hours by day, for the panel."""
    days = groupby(place.opening_hours, key=lambda hours: hours.weekday)
    return {
        "week": [
            (day.label, ", ".join(f"{clock(one.opens)}–{clock(one.closes)}" for one in stretches))
            for day, stretches in days
        ]
    }


def present_municipalities(session: Any) -> Select[Any]:
    """Those that exist today: people live in these, whatever was there when they were born."""
    return select(Municipality).where(Municipality.current)


places = Resource(
    Place,
    name="places",
    title=_("Places"),
    singular=_("Place"),
    columns=["name", "kind", "address", "municipality.name", "operated_by.name", "accessible"],
    filters=["kind", "municipality", "accessible", "reactivated_on"],
    search=["name", "address", "municipality.name"],
    form=PlaceForm,
    match=["name"],
    order="name",
    create=services.register_place,
    amend=services.amend_place,
    remove=services.remove_place,
    panels=[
        Facts("kind", "address", "municipality", "accessible", "reactivated_on", title=_("What and where")),
        Facts("owner", "operated_by", "latitude", "longitude", "notes", title=_("Who looks after it")),
        Related("rooms", ("name", "capacity", "area", "accessible"), title=_("Rooms")),
        Panel(_("Opening hours"), "places/hours.html", week_of),
    ],
    actions=[
        Action("add-room", services.add_room, _("Add a room"), form=RoomFields, permission="places.change"),
        Action("add-hours", services.add_hours, _("Add opening hours"), form=HoursForm, permission="places.change"),
        Action(
            "clear-hours", services.clear_hours, _("Close on a day"), form=WeekdayForm, permission="places.change",
            when=lambda place: bool(place.opening_hours),
        ),
    ],
    icon="map-marker",
    sentence=_("Where the network meets, works and lives."),
)  # fmt: skip

rooms = Resource(
    Room,
    name="rooms",
    title=_("Rooms"),
    singular=_("Room"),
    columns=["name", "place.name", "capacity", "area", "accessible"],
    filters=["place", "accessible"],
    search=["name", "place.name"],
    form=["place", "name", "capacity", "area", "accessible"],
    match=["name"],
    order="name",
    create=services.register_room,
    amend=services.amend_room,
    remove=services.remove_room,
    panels=[Facts("place", "capacity", "area", "accessible")],
    icon="map-marker",
    in_menu=False,
    sentence=_("Rooms of the places, to be booked or used on their own."),
)

municipalities = Resource(
    Municipality,
    name="municipalities",
    title=_("Municipalities"),
    singular=_("Municipality"),
    columns=["name", "province", "istat_code", "belfiore", "postcode"],
    filters=["province"],
    search=["name"],
    match=["istat_code", "belfiore", "name"],
    order="name",
    panels=[Facts("province", "region", "istat_code", "belfiore", "postcode", "valid_from")],
    select=present_municipalities,
    icon="map-marker",
    in_menu=False,
    sentence=_("The municipalities of Italy that exist today."),
)

states = Resource(
    Country,
    name="states",
    title=_("States"),
    singular=_("State"),
    columns=["name", "iso_code", "belfiore", "current"],
    filters=["current"],
    search=["name"],
    match=["iso_code", "belfiore", "name"],
    order="name",
    panels=[Facts("iso_code", "belfiore", "current")],
    icon="map-marker",
    in_menu=False,
    sentence=_("The states people are born in or come from."),
)
