"""What the pages of places are declared from stands up, and hours are read as people write them."""

import pytest

from core.organisations.plugin import resources as organisations
from core.places.forms import read_clock
from core.places.models import OpeningHours, Place, Weekday
from core.places.pages import week_of
from core.places.plugin import resources, role_presets
from core.refusals import Refusal
from core.resource.collections import Collections


def test_the_declarations_name_columns_that_exist() -> None:
    book = Collections()

    bound = book.add("", [*organisations(), *resources()])

    assert [collection.key for collection in bound[1:]] == ["places", "rooms", "municipalities", "states"]


def test_presets_give_permissions_that_exist() -> None:
    book = Collections()
    book.add("", [*organisations(), *resources()])
    known = {permission.key for collection in book for permission in collection.permissions()}

    given = {key for keys in role_presets().values() for key in keys if not key.endswith("*")}
    assert given <= known


@pytest.mark.parametrize(("text", "minutes"), [("8", 480), ("08:30", 510), ("8.30", 510), ("0:00", 0), ("24:00", 1440)])
def test_hours_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert read_clock(text) == minutes


@pytest.mark.parametrize("text", ["", "24:01", "12:60", "8:3", "-1", "mezzogiorno", "8:30:00"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_clock(text)


def test_the_week_shows_each_day_once() -> None:
    monday = [OpeningHours(weekday=Weekday.MONDAY, opens=start, closes=start + 180) for start in (540, 840)]
    place = Place(opening_hours=[*monday, OpeningHours(weekday=Weekday.SUNDAY, opens=600, closes=720)])

    week = [(str(day), hours) for day, hours in week_of(None, place)["week"]]

    assert week == [("Monday", "09:00–12:00, 14:00–17:00"), ("Sunday", "10:00–12:00")]
