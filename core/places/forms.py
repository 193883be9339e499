"""Forms of places: hours are typed as people write them."""

import re
from typing import Any

from core.language import _
from core.places.models import Place, Room, Weekday, clock
from core.refusals import Refusal
from core.resource.fields import ChoiceField, ReadField, required
from core.resource.forms import RecordForm, model_form

HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


def read_clock(text: str) -> int:
    """Minutes after midnight from 8, 8:30 or 08.30; 24:00 ends the day."""
    found = HOUR.fullmatch(text)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (25, 0)
    if minutes > 59 or hours * 60 + minutes > 24 * 60:  # noqa: PLR2004
        raise Refusal(_("Write an hour such as 08:30."))
    return hours * 60 + minutes


class ClockField(ReadField):
    """An hour of the day, kept as minutes after midnight."""

    read = staticmethod(read_clock)
    write = staticmethod(clock)


class HoursForm(RecordForm):
    """One stretch of opening hours."""

    weekday = ChoiceField(_("Day"), choices=Weekday, validators=[required()])
    opens = ClockField(_("Opens at"), validators=[required()])
    closes = ClockField(_("Closes at"), validators=[required()])


class WeekdayForm(RecordForm):
    """One day of the week."""

    weekday = ChoiceField(_("Day"), choices=Weekday, validators=[required()])


RoomFields: Any = model_form(Room, ["name", "capacity", "area", "accessible"])

PlaceFields: Any = model_form(
    Place,
    [
        "name", "kind", "address", "municipality", "owner", "operated_by",
        "accessible", "reactivated_on", "latitude", "longitude", "notes",
    ],
)  # fmt: skip


class PlaceForm(PlaceFields):
    """A place, with its position and history folded."""

    groups = (
        (_("What and where"), ("name", "kind", "address", "municipality")),
        (_("Who looks after it"), ("owner", "operated_by", "accessible")),
    )
    more = ("reactivated_on", "latitude", "longitude", "notes")
