"""Places stand in present municipalities, with rooms and hours that make sense."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.database.scope import Scope, ScopedSession, today
from core.database.session import Database
from core.places.models import Municipality, Place, PlaceKind, Weekday
from core.places.services import (
    add_hours,
    add_room,
    amend_place,
    amend_room,
    clear_hours,
    register_place,
    remove_place,
)
from core.refusals import Forbidden, Refusal


def montichiari(session: ScopedSession) -> Municipality:
    found = session.scalars(select(Municipality).where(Municipality.belfiore == "F471")).first()
    if found is None:
        found = Municipality(
            name="Montichiari", belfiore="F471", province="BS", valid_from=date(1877, 12, 21), current=True
        )
        session.add(found)
    return found


def register(session: ScopedSession, **given: Any) -> Place:
    ordinary = {"name": "Casa Bianca", "kind": PlaceKind.COMMUNITY_POINT, "address": "Via Roma 1"}
    return register_place(session, **({"municipality": montichiari(session)} | ordinary | given))


def test_a_place_stands_in_a_municipality_that_still_exists(session: ScopedSession) -> None:
    old = Municipality(
        name="Riva",
        belfiore="H330",
        province="TN",
        valid_from=date(1955, 3, 2),
        valid_to=date(1957, 7, 2),
        current=False,
    )

    with pytest.raises(Refusal, match="Riva") as refused:
        register(session, municipality=old)
    assert refused.value.field == "municipality"


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (Decimal("45.41"), None, "longitude"),
        (None, Decimal("10.39"), "latitude"),
        (Decimal("90.000001"), Decimal(10), "latitude"),
        (Decimal(45), Decimal("-180.000001"), "longitude"),
    ],
)
def test_a_position_is_whole_and_on_the_earth(
    session: ScopedSession, latitude: Decimal | None, longitude: Decimal | None, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        register(session, latitude=latitude, longitude=longitude)

    assert refused.value.field == field


def test_a_place_did_not_reopen_in_the_future(session: ScopedSession) -> None:
    register(session, reactivated_on=today())

    with pytest.raises(Refusal) as refused:
        register(session, name="Casa Verde", reactivated_on=today() + timedelta(days=1))
    assert refused.value.field == "reactivated_on"


def test_the_same_place_is_not_registered_twice(session: ScopedSession) -> None:
    register(session)

    with pytest.raises(Refusal, match="already registered"):
        register(session, name="CASA  bianca")


def test_correcting_a_place_checks_it_again_and_writes_nothing_when_refused(session: ScopedSession) -> None:
    place = register(session)

    amend_place(session, place, address="Via Roma 2")
    with pytest.raises(Refusal):
        amend_place(session, place, address="Via Roma 3", latitude=Decimal(45))

    assert place.address == "Via Roma 2"


def test_rooms_of_a_place_have_names_of_their_own(session: ScopedSession) -> None:
    place = register(session)
    add_room(session, place, name="Sala", capacity=40, area=Decimal("62.50"))
    kitchen = add_room(session, place, name="Cucina")

    with pytest.raises(Refusal) as refused:
        amend_room(session, kitchen, name="Sala")
    assert refused.value.field == "name"


@pytest.mark.parametrize(("name", "value"), [("capacity", 0), ("area", Decimal(0))])
def test_a_room_holds_somebody(session: ScopedSession, name: str, value: Any) -> None:
    with pytest.raises(Refusal) as refused:
        add_room(session, register(session), **{"name": "Sala", name: value})

    assert refused.value.field == name


@pytest.mark.parametrize(("opens", "closes"), [(600, 660), (480, 1440), (480, 541), (719, 780)])
def test_hours_of_one_day_do_not_overlap(session: ScopedSession, opens: int, closes: int) -> None:
    place = register(session)
    add_hours(session, place, weekday=Weekday.MONDAY, opens=540, closes=720)

    with pytest.raises(Refusal, match="09:00–12:00"):
        add_hours(session, place, weekday=Weekday.MONDAY, opens=opens, closes=closes)


@pytest.mark.parametrize(("opens", "closes"), [(480, 540), (720, 780)])
def test_hours_of_one_day_may_touch(session: ScopedSession, opens: int, closes: int) -> None:
    place = register(session)
    add_hours(session, place, weekday=Weekday.MONDAY, opens=540, closes=720)

    add_hours(session, place, weekday=Weekday.MONDAY, opens=opens, closes=closes)

    assert len(place.opening_hours) == 2


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (600, 540), (600, 1441), (-1, 60)])
def test_hours_end_after_they_start_and_within_the_day(session: ScopedSession, opens: int, closes: int) -> None:
    with pytest.raises(Refusal):
        add_hours(session, register(session), weekday=Weekday.SUNDAY, opens=opens, closes=closes)


def test_closing_on_a_day_leaves_the_others(session: ScopedSession) -> None:
    place = register(session)
    for day in (Weekday.MONDAY, Weekday.TUESDAY):
        add_hours(session, place, weekday=day, opens=540, closes=720)

    clear_hours(session, place, weekday=Weekday.MONDAY)

    assert [hours.weekday for hours in place.opening_hours] == [Weekday.TUESDAY]


def test_a_place_goes_with_its_rooms_and_hours(session: ScopedSession) -> None:
    place = register(session)
    room = add_room(session, place, name="Sala")
    add_hours(session, place, weekday=Weekday.MONDAY, opens=540, closes=720)

    remove_place(session, place)

    assert session.get(type(room), room.id) is None


def test_another_partners_place_is_read_and_not_changed(database: Database, partner: Any, neighbour: Any) -> None:
    key = database.run(Scope(partner_id=partner), lambda session: register(session).id)

    with database.session(Scope(partner_id=neighbour)) as theirs:
        place = theirs.get_one(Place, key)
        with pytest.raises(Forbidden):
            add_room(theirs, place, name="Sala")
        with pytest.raises(Forbidden):
            amend_place(theirs, place, name="Casa Nera")
