"""What modules put on the agenda, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.language import Words


@dataclass(frozen=True)
class AgendaItem:
    """Something that falls on a day: days are legal dates, without hours or zones.

    The title leaves the house in calendars, as the subject of a mail would: a kind and a number, never a person.
    `tone` is that of a badge; `url` an address within the program.
    """

    day: date
    title: Words
    url: str
    tone: str = ""


@dataclass(frozen=True)
class AgendaSource:
    """Where a module's deadlines come from: `load(session, first, last)` gives those of the days, both included.

    If it raises, the page says that this part is missing. `permission` is what seeing them asks.
    """

    key: str
    label: Words
    load: Callable[[Any, date, date], Sequence[AgendaItem]]
    permission: str
