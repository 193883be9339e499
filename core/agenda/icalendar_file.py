"""The agenda in the form of RFC 5545, as calendar programs read it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.agenda.collecting import Entry

MAKER = "-//generazioni//agenda//IT"


def calendar_of(entries: Iterable[Entry], *, name: str, address: str, at: datetime) -> bytes:
    """A calendar of whole days: dates have no zone, so no change of the clocks moves them.

    `address` is where the program stands: links within it become whole ones.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415  not needed at start

    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", _uid(entry))
        event.add("dtstamp", at)
        event.add("dtstart", entry.item.day)
        event.add("dtend", entry.item.day + timedelta(days=1))
        event.add("summary", str(entry.item.title))
        event.add("categories", [str(entry.source.label)])
        event.add("url", f"{address}{entry.item.url}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _uid(entry: Entry) -> str:
    """The same for the same deadline, so that a program that reads again finds what it has."""
    told = f"{entry.source.key}|{entry.item.url}|{entry.item.title}"
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@generazioni"
