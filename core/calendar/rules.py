"""Months, holidays and legal terms (domain/common.md 0.4)."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

SUNDAY = 6
MonthDay = tuple[int, int]


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the month's last day where it does not exist (R-MONTH)."""
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def national_holidays(year: int) -> frozenset[date]:
    """The civil holidays of L. 260/1949, with 4 October from 2026 (L. 151/2025), Easter Sunday among Sundays."""
    import holidays  # noqa: PLC0415  slow to import

    known = set(holidays.country_holidays("IT", years=year, language="it_IT"))
    if year >= 2026:  # noqa: PLR2004  L. 151/2025
        known.add(date(year, 10, 4))
    return frozenset(known)


def is_holiday(day: date, patron: MonthDay | None = None) -> bool:
    """Whether it is a Sunday, a national holiday or the patron's day (month, day); Saturdays are not."""
    return day.weekday() == SUNDAY or day in national_holidays(day.year) or (day.month, day.day) == patron


def deadline(start: date, days: int, patron: MonthDay | None = None) -> date:
    """The last day of a term (R-DEADLINE): the first is not counted; a holiday moves it on (art. 2963 c.c.)."""
    last = start + timedelta(days=days)
    while is_holiday(last, patron):
        last += timedelta(days=1)
    return last
