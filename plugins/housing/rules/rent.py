"""Rents: the cap of a local agreement (R-H6) and the charges a lease makes month by month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction

from core.api import add_months, half_up
from plugins.housing.rules.leases import Period

CENT = Decimal("0.01")
MONTHS = 12
LAST_DUE_DAY = 28


def exceeds_agreed_cap(monthly_rent: Decimal, area: Decimal, cap: Decimal) -> bool:
    """Whether a canone concordato passes the local agreement's most, in euro a m² of conventional area a year."""
    return monthly_rent * MONTHS > cap * area


def highest_agreed_rent(area: Decimal, cap: Decimal) -> Decimal:
    """The highest monthly rent under the cap, rounded down: half a cent more would pass it."""
    return (cap * area / MONTHS).quantize(CENT, rounding=ROUND_DOWN)


def below_agreed_floor(monthly_rent: Decimal, area: Decimal, floor: Decimal) -> bool:
    """Whether a canone concordato stays under the local agreement's least, in euro a m² a year."""
    return monthly_rent * MONTHS < floor * area


def lowest_agreed_rent(area: Decimal, floor: Decimal) -> Decimal:
    """The lowest monthly rent over the floor, rounded up: half a cent less would miss it."""
    return (floor * area / MONTHS).quantize(CENT, rounding=ROUND_UP)


def rent_burden(monthly_rent: Decimal, charges: Decimal, yearly_income: Decimal | None) -> Decimal | None:
    """Percent of a year's income that rent and service charges take, one decimal; None without an income."""
    if not yearly_income or yearly_income <= 0:
        return None
    return half_up(Fraction(monthly_rent + charges) * MONTHS * 100 / Fraction(yearly_income), 1)


def registry_begins(day: date) -> date:
    """When the users' registry in force on a day began: the first of January of an odd year (L.R. 27/2009 art. 36)."""
    return date(day.year - 1 + day.year % 2, 1, 1)


@dataclass(frozen=True)
class MonthlyCharge:
    """What is due for the days of one calendar month."""

    days: Period
    due: date
    amount: Decimal


def monthly_charges(period: Period, monthly_amount: Decimal, due_day: int) -> list[MonthlyCharge]:
    """One charge for each calendar month the period touches; a month not wholly in it is charged pro rata.

    Each is due on the due day (1 to 28) of its month, the first not before the lease begins.
    A period without an end has no last charge, so whoever asks must close it.
    """
    if not 1 <= due_day <= LAST_DUE_DAY:
        raise ValueError(f"a due day is between 1 and {LAST_DUE_DAY}, not {due_day}")
    return [
        MonthlyCharge(days, max(days.first.replace(day=due_day), period.first), share_of_month(days, monthly_amount))
        for days in _months_of(period)
    ]


def share_of_month(days: Period, monthly_amount: Decimal) -> Decimal:
    """The pro-rata rule: days charged over the days that calendar month has, half-up to the cent.

    No law says how to charge a part of a month: a full month costs the monthly amount whatever its length,
    and in a part each day costs the same as the others of its month.
    """
    length = monthrange(days.first.year, days.first.month)[1]
    return half_up(monthly_amount * _length(days) / length)


def _months_of(period: Period) -> list[Period]:
    months, first, last = [], period.first, _last_day(period)
    while first <= last:
        month_end = first.replace(day=monthrange(first.year, first.month)[1])
        months.append(Period(first, min(month_end, last)))
        first = add_months(first.replace(day=1), 1)
    return months


def _length(days: Period) -> int:
    return (_last_day(days) - days.first).days + 1


def _last_day(period: Period) -> date:
    if period.last is None:
        raise ValueError("a period without an end has no last month")
    return period.last
