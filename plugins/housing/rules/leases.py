"""Which days a lease covers and how long the law lets it last (R-H6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from core.api import add_months

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included; without a last day it goes on."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")

    @classmethod
    def of_months(cls, first: date, months: int) -> Self:
        """So many months from a day: from 01/02/2025, 36 months end on 31/01/2028."""
        return cls(first, add_months(first, months) - DAY)

    def overlaps(self, other: "Period") -> bool:
        """Whether any day stands in both."""
        return _until(self) >= other.first and _until(other) >= self.first


def first_overlap(period: Period, others: Iterable[Period]) -> Period | None:
    """The earliest of the others that touches the period, to name it in a refusal."""
    touching = [other for other in others if period.overlaps(other)]
    return min(touching, key=lambda other: other.first, default=None)


@dataclass(frozen=True)
class TermLimits:
    """How many months a kind of lease lasts, at least and at most; None sets no limit.

    Transitorio is 1 to 18, studenti 6 to 36 (DM 16/1/2017), concordato at least 36.
    """

    least: int | None = None
    most: int | None = None

    def is_too_short(self, period: Period) -> bool:
        """A lease without an end is never too short."""
        return self.least is not None and _until(period) < _end_after(period, self.least)

    def is_too_long(self, period: Period) -> bool:
        """A lease without an end is too long for any limit."""
        return self.most is not None and _until(period) > _end_after(period, self.most)


def _until(period: Period) -> date:
    return period.last or date.max


def _end_after(period: Period, months: int) -> date:
    return add_months(period.first, months) - DAY
