"""Interest on late payment: legal interest, day by day, on the principal still owed (art. 1284 c.c., R-H9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.api import half_up
from plugins.housing.rules.deposits import DAYS_OF_A_YEAR, PERCENT, percent_of
from plugins.housing.rules.ledger import NOTHING

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Debt:
    """Principal due on a day, and what was settled of it, when."""

    label: str
    due: date
    amount: Decimal
    settled: Sequence[tuple[date, Decimal]] = ()

    def owed_on(self, day: date) -> Decimal:
        """What was still owed at the end of a day: a payment stops the interest from the day after it."""
        return self.amount - sum((amount for on, amount in self.settled if on < day), NOTHING)


@dataclass(frozen=True)
class LateInterest:
    """What one debt bore between two days, both included, rounded once."""

    debt: Debt
    first: date
    last: date
    amount: Decimal


def late_interest(
    debts: Iterable[Debt], *, after: date | None, until: date, percents: Mapping[int, Decimal]
) -> list[LateInterest]:
    """What each debt bore from the day after it was due, or after `after`, until a day included.

    The rates are percents by year, the divisor 365 in leap years too; interest and costs bear none, which is for
    the caller to leave out.
    """
    found = [_of_one(debt, max(debt.due, after or debt.due) + DAY, until, percents) for debt in debts]
    return [one for one in found if one is not None and one.amount > 0]


def _of_one(debt: Debt, first: date, until: date, percents: Mapping[int, Decimal]) -> LateInterest | None:
    if first > until:
        return None
    turns = {date(year, 1, 1) for year in range(first.year + 1, until.year + 1)}
    turns |= {on + DAY for on, _amount in debt.settled}
    starts = [first, *sorted(turn for turn in turns if first < turn <= until)]
    ends = [start - DAY for start in starts[1:]] + [until]
    exact = sum(
        (Fraction(debt.owed_on(start)) * Fraction(percent_of(percents, start.year)) * ((end - start).days + 1)
         for start, end in zip(starts, ends, strict=True)),
        Fraction(0),
    )  # fmt: skip
    return LateInterest(debt, first, until, half_up(exact / (PERCENT * DAYS_OF_A_YEAR)))
