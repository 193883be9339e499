"""Registering places, their rooms and their opening hours."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import scope_of, today
from core.language import _
from core.language.matching import normalise
from core.places.gazetteer import born_in, load_reference  # noqa: F401  callers find them among the services
from core.places.models import Municipality, OpeningHours, Place, PlaceKind, Room, Weekday, clock
from core.refusals import Forbidden, Refusal

LAST_MINUTE = 24 * 60
PLACE = (
    "name", "kind", "address", "municipality", "owner", "operated_by", "latitude", "longitude", "accessible",
    "reactivated_on", "notes",
)  # fmt: skip


def register_place(
    session: Session, *, name: str, kind: PlaceKind, address: str, municipality: Municipality, **rest: Any
) -> Place:
    """Register a place; `rest` may be owner, operated_by, latitude, longitude, accessible, reactivated_on, notes."""
    values = {"name": name, "kind": kind, "address": address, "municipality": municipality, **rest}
    place = Place(**values, search=_checked(session, values))
    session.add(place)
    session.flush()
    return place


def amend_place(session: Session, place: Place, **changes: Any) -> Place:
    """Correct what is registered of a place."""
    _refuse_stranger(session, place)
    values = {name: getattr(place, name) for name in PLACE} | changes
    place.search = _checked(session, values, key=place.id)
    for name, value in changes.items():
        setattr(place, name, value)
    session.flush()
    return place


def remove_place(session: Session, place: Place) -> None:
    """Remove a place registered by mistake, with its rooms and hours."""
    _refuse_stranger(session, place)
    session.delete(place)
    session.flush()


def _checked(session: Session, values: dict[str, Any], key: UUID | None = None) -> str:
    """The search text of a place whose values stand every rule; nothing is written before they do."""
    municipality, back = values["municipality"], values.get("reactivated_on")
    if not municipality.current:
        raise Refusal(
            _("%(name)s is no longer a municipality: choose the present one.", name=municipality.name),
            field="municipality",
        )
    _check_position(values.get("latitude"), values.get("longitude"))
    if back is not None and back > today():
        raise Refusal(_("A place cannot have come back into use in the future."), field="reactivated_on")
    search = normalise(f"{values['name']} {values['address']} {municipality.name}")
    twins = select(Place.id).where(Place.search == search, Place.municipality_id == municipality.id)
    if any(other != key for other in session.scalars(twins)):
        raise Refusal(_("A place with this name and address is already registered: open that one."), field="name")
    return search


def _check_position(latitude: Decimal | None, longitude: Decimal | None) -> None:
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise Refusal(_("Write both latitude and longitude, or neither."), field=missing)
    for name, degrees, limit in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if degrees is not None and abs(degrees) > limit:
            raise Refusal(_("Write degrees between -%(n)s and %(n)s.", n=limit), field=name)


def _refuse_stranger(session: Session, place: Place) -> None:
    scope = scope_of(session)
    if not scope.operator and place.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this place may change it."))


def add_room(
    session: Session,
    place: Place,
    *,
    name: str,
    capacity: int | None = None,
    area: Decimal | None = None,
    accessible: bool = False,
) -> Room:
    """Add a room to a place; area in square metres."""
    _refuse_stranger(session, place)
    _check_room(session, place, name=name, capacity=capacity, area=area)
    room = Room(place=place, name=name, capacity=capacity, area=area, accessible=accessible)
    session.add(room)
    session.flush()
    return room


def register_room(session: Session, *, place: Place, **values: Any) -> Room:
    """Add a room to the place it names, as forms and imports write it."""
    return add_room(session, place, **values)


def amend_room(session: Session, room: Room, **changes: Any) -> Room:
    """Correct what is registered of a room, or move it to the place it is really in."""
    now = {name: getattr(room, name) for name in ("place", "name", "capacity", "area")} | changes
    for place in {room.place, now["place"]}:
        _refuse_stranger(session, place)
    _check_room(session, now.pop("place"), **{name: now[name] for name in ("name", "capacity", "area")}, key=room.id)
    for name, value in changes.items():
        setattr(room, name, value)
    session.flush()
    return room


def remove_room(session: Session, room: Room) -> None:
    """Remove a room."""
    _refuse_stranger(session, room.place)
    session.delete(room)
    session.flush()


def _check_room(
    session: Session, place: Place, *, name: str, capacity: int | None, area: Decimal | None, key: UUID | None = None
) -> None:
    for field, value in (("capacity", capacity), ("area", area)):
        if value is not None and value <= 0:
            raise Refusal(_("Write a number greater than zero."), field=field)
    named = select(Room.id).where(Room.place_id == place.id, Room.name == name)
    if any(other != key for other in session.scalars(named)):
        raise Refusal(_("Another room of this place has this name."), field="name")


def add_hours(session: Session, place: Place, *, weekday: Weekday, opens: int, closes: int) -> OpeningHours:
    """Open the place on a weekday between two minutes after midnight; stretches may touch, not overlap."""
    _refuse_stranger(session, place)
    if not 0 <= opens < closes <= LAST_MINUTE:
        raise Refusal(_("It must close after it opens, between 00:00 and 24:00."), field="closes")
    for other in place.opening_hours:
        if other.weekday is weekday and other.opens < closes and opens < other.closes:
            hours = f"{clock(other.opens)}–{clock(other.closes)}"
            raise Refusal(_("On that day it is already open %(hours)s.", hours=hours), field="opens")
    added = OpeningHours(place=place, weekday=weekday, opens=opens, closes=closes)
    session.add(added)
    session.flush()
    session.expire(place, ["opening_hours"])
    return added


def clear_hours(session: Session, place: Place, *, weekday: Weekday) -> Place:
    """Close the place on a weekday."""
    _refuse_stranger(session, place)
    place.opening_hours = [hours for hours in place.opening_hours if hours.weekday is not weekday]
    session.flush()
    return place
