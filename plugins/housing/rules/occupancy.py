"""How long homes stood empty and what rent was lost meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plugins.housing.rules.leases import Period
from plugins.housing.rules.rent import monthly_charges

DAY = timedelta(days=1)
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Vacancy:
    """The days of a span on which a home was let to nobody, and the rent asked for them."""

    days: int
    vacant: int
    lost_rent: Decimal | None

    @property
    def let(self) -> int:
        """Days on which it was let."""
        return self.days - self.vacant


def vacancy(span: Period, leases: Iterable[Period], monthly_rent: Decimal | None) -> Vacancy:
    """The empty days of a closed span; a rent nobody wrote down makes the loss unknown, not zero.

    The rent lost is pro rata by calendar month, as charges are (see `share_of_month`).
    """
    gaps = empty_spans(span, leases)
    lost = None
    if monthly_rent is not None:
        lost = sum((one.amount for gap in gaps for one in monthly_charges(gap, monthly_rent, 1)), NOTHING)
    return Vacancy(_length(span), sum(_length(gap) for gap in gaps), lost)


def empty_spans(span: Period, leases: Iterable[Period]) -> list[Period]:
    """The stretches of the span that no lease covers, in order."""
    gaps, free_from, end = [], span.first, _last(span)
    for lease in sorted(leases, key=lambda one: one.first):
        if lease.first > free_from:
            gaps.append(Period(free_from, min(lease.first - DAY, end)))
        if lease.last is None:
            free_from = end + DAY
        elif lease.last >= free_from:
            free_from = lease.last + DAY
        if free_from > end:
            break
    if free_from <= end:
        gaps.append(Period(free_from, end))
    return [gap for gap in gaps if gap.first <= end]


def lost_by_month(spans: Iterable[Period], monthly_rent: Decimal) -> dict[date, Decimal]:
    """The rent lost in each month, under the month's first day: the same amounts that `vacancy` adds up."""
    lost: dict[date, Decimal] = {}
    for span in spans:
        for one in monthly_charges(span, monthly_rent, 1):
            month = one.days.first.replace(day=1)
            lost[month] = lost.get(month, NOTHING) + one.amount
    return lost


def free_since(known: date, leases: Iterable[Period], on: date) -> date | None:
    """The first of the days without a tenant that go on until the day; None while somebody lives there."""
    before = [one for one in leases if one.first <= on]
    if any(one.last is None or one.last >= on for one in before):
        return None
    return max([known, *(_last(one) + DAY for one in before)])


def _length(period: Period) -> int:
    return (_last(period) - period.first).days + 1


def _last(period: Period) -> date:
    if period.last is None:
        raise ValueError("the span must have a last day")
    return period.last
