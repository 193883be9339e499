"""The days of a month as a calendar shows them: whole weeks from Monday."""

import re
from calendar import Calendar, monthrange
from datetime import date

from core.calendar.rules import add_months

MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR, MONTHS = 1900, 2200, 12


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-05; None when it is none."""
    found = MONTH.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= MONTHS else None


def last_day(first: date) -> date:
    """The last day of the month that begins on the day."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def weeks_of(first: date) -> list[list[date]]:
    """The weeks that the month touches, with the days of its neighbours that fill them."""
    return Calendar().monthdatescalendar(first.year, first.month)


def neighbours(first: date) -> tuple[date, date]:
    """The first days of the month before and of the one after."""
    return add_months(first, -1), add_months(first, 1)
