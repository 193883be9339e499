"""Deposits: how much may be asked, and the legal interest they bear (R-H8, L. 392/1978 art. 11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.api import Refusal, _, half_up

DAYS_OF_A_YEAR = 365
PERCENT = 100


class RateMissing(Refusal):
    """Nobody has entered the legal interest rate of a year yet."""


@dataclass(frozen=True)
class YearInterest:
    """The interest of one calendar year, due at its end or when the deposit goes back."""

    year: int
    first: date
    last: date
    percent: Decimal
    amount: Decimal

    @property
    def days(self) -> int:
        """Days that bear interest, the last included."""
        return (self.last - self.first).days + 1


def highest_deposit(monthly_rent: Decimal, months: int) -> Decimal:
    """The most a landlord may ask: the law says three monthly rents."""
    return monthly_rent * months


def exceeds_deposit_cap(deposit: Decimal, monthly_rent: Decimal, months: int) -> bool:
    """Whether a deposit is more than the law allows."""
    return deposit > highest_deposit(monthly_rent, months)


def legal_interest(
    deposit: Decimal, *, paid_on: date, until: date, percents: Mapping[int, Decimal]
) -> list[YearInterest]:
    """Interest year by year from the day after payment to `until` included; the rates are percents by year.

    The divisor is 365 in leap years too. Interest does not bear interest.
    """
    if until < paid_on:
        raise ValueError(f"{until} is before the payment of {paid_on}")
    first, lines = paid_on + timedelta(days=1), []
    while first <= until:
        last = min(date(first.year, 12, 31), until)
        lines.append(_interest(deposit, first, last, percent_of(percents, first.year)))
        first = last + timedelta(days=1)
    return lines


def total_interest(lines: Iterable[YearInterest]) -> Decimal:
    """The sum of the years, each already rounded."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def _interest(deposit: Decimal, first: date, last: date, percent: Decimal) -> YearInterest:
    days = (last - first).days + 1
    amount = half_up(deposit * percent * days / (PERCENT * DAYS_OF_A_YEAR))
    return YearInterest(first.year, first, last, percent, amount)


def percent_of(percents: Mapping[int, Decimal], year: int) -> Decimal:
    """The rate of a year; `RateMissing` when nobody entered it."""
    if year not in percents:
        raise RateMissing(_("The legal interest rate of %(year)s is not known yet: enter it first.", year=year))
    return percents[year]
