"""The yearly update of rents by ISTAT's index FOI (R-H7; L. 392/1978 art. 32, art. 3 c. 11 D.Lgs. 23/2011)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.api import Choice, Refusal, _, add_months, half_up

YEAR = 12
# The last index that ISTAT has published when a month begins is that of two months before.
PUBLISHED_AFTER = 2


class LinkMissing(Refusal):
    """Two bases of the index are not linked by any coefficient we know."""


class Skipped(Choice):
    """Why a rent is not updated this time."""

    NO_INDEXATION = "no_indexation", _("The lease has no indexation")
    FLAT_RATE = "flat_rate", _("Flat-rate tax (cedolare secca)")
    NOT_DUE = "not_due", _("Not due yet")
    SECOND_YEAR_DONE = "second_year_done", _("Already updated in its second year (SAP)")
    INDEX_MISSING = "index_missing", _("An index is missing"), "warn"
    NOT_POSITIVE = "not_positive", _("The index did not rise")


@dataclass(frozen=True)
class Point:
    """The index of a month, in the base it was published in."""

    month: date
    base: int
    value: Decimal


@dataclass(frozen=True)
class Series:
    """The months known, and what a value of the later base is multiplied by to be read in the earlier one."""

    points: Mapping[date, Point]
    links: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)

    def coefficient(self, earlier: int, later: int) -> Decimal:
        """The product of the links from one base to a later one; `LinkMissing` when the chain is broken."""
        product, base = Decimal(1), earlier
        while base != later:
            step = next(((to, value) for (start, to), value in self.links.items() if start == base), None)
            if step is None or step[0] > later:
                raise LinkMissing(
                    _("No coefficient links the bases %(one)s and %(other)s of the index.", one=earlier, other=later)
                )
            base, product = step[0], product * step[1]
        return product


@dataclass(frozen=True)
class RentInForce:
    """The rent of a lease as an update finds it.

    `anchor` is the month from which the years are counted, `base` the month whose index the rent stands on,
    `share` how much of the variation is applied (0.75, 1, or 0 for none).
    """

    amount: Decimal
    anchor: date
    base: date
    share: Decimal
    flat_rate: bool = False
    may_fall: bool = False
    once_only: bool = False


@dataclass(frozen=True)
class Update:
    """What an update gives, or why there is none; `missing` is the month whose index is not known."""

    due: date | None = None
    start: Point | None = None
    end: Point | None = None
    coefficient: Decimal = Decimal(1)
    variation: Decimal | None = None
    applied: Decimal | None = None
    amount: Decimal | None = None
    skipped: Skipped | None = None
    missing: date | None = None


def base_of(first_day: date) -> date:
    """The month of the last index published when a rent begins."""
    return add_months(first_day.replace(day=1), -PUBLISHED_AFTER)


def variation(start: Decimal, end: Decimal, coefficient: Decimal) -> Decimal:
    """The percent between two indices, with one decimal, as ISTAT publishes it."""
    return half_up((Fraction(end) * Fraction(coefficient) / Fraction(start) - 1) * 100, 1)


def updated_rent(rent: Decimal, share: Decimal, percent: Decimal) -> Decimal:
    """The rent raised by a share of the variation, half-up to the cent."""
    return half_up(Fraction(rent) * (1 + Fraction(share) * Fraction(percent) / 100))


def update_rent(rent: RentInForce, series: Series, month: date) -> Update:
    """The update that a rent is due in a month, counting whole years from its anchor."""
    reason = _never(rent)
    years = (month.year - rent.anchor.year) + (month.month - rent.anchor.month) // YEAR
    if reason is None and years < 1:
        reason = Skipped.NOT_DUE
    if reason is not None:
        return Update(skipped=reason)
    due = add_months(rent.anchor, YEAR * years)
    months = (rent.base, add_months(rent.base, YEAR * years))
    start, end = (series.points.get(one) for one in months)
    if start is None or end is None:
        missing = months[0] if start is None else months[1]
        return Update(due=due, start=start, end=end, skipped=Skipped.INDEX_MISSING, missing=missing)
    coefficient = series.coefficient(start.base, end.base)
    percent = variation(start.value, end.value, coefficient)
    found = Update(due, start, end, coefficient, percent, rent.share * percent)
    if percent == 0 or (percent < 0 and not rent.may_fall):
        return replace(found, skipped=Skipped.NOT_POSITIVE)
    return replace(found, amount=updated_rent(rent.amount, rent.share, percent))


def _never(rent: RentInForce) -> Skipped | None:
    if rent.flat_rate:
        return Skipped.FLAT_RATE
    if rent.share == 0:
        return Skipped.NO_INDEXATION
    return Skipped.SECOND_YEAR_DONE if rent.once_only else None


def effective_from(due: date, requested_on: date | None, *, by_law: bool) -> date:
    """The first month of the new rent: the one after the landlord's written request, for SAP the one it is due."""
    if by_law:
        return due
    if requested_on is None:
        raise Refusal(
            _("The rent rises only from the month after your written request: write its day."), field="requested_on"
        )
    return max(due, add_months(requested_on.replace(day=1), 1))


def series_of(points: Iterable[Point], links: Iterable[tuple[int, int, Decimal]]) -> Series:
    """The series, a month read in the latest base it was published in."""
    months: dict[date, Point] = {}
    for point in points:
        if point.month not in months or months[point.month].base < point.base:
            months[point.month] = point
    return Series(months, {(start, to): value for start, to, value in links})
