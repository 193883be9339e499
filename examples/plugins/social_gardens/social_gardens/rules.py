"""The arithmetic of the gardens: points, the order of the list, and the fee of a season."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from core.api import half_up

OLD_AGE, MANY, LOW_ISEE = 65, 4, Decimal(15000)
POINTS_OLD_AGE, POINTS_LOW_ISEE, POINTS_WITHOUT_LAND, POINTS_MANY = 3, 3, 2, 1
MOST_REFUSALS = 2
MONTHS = 12


@dataclass(frozen=True)
class Claim:
    """What a request says of who asks; `came_at` breaks ties."""

    birth_date: date | None
    isee: Decimal | None
    without_land: bool
    members: int
    came_at: datetime


def age_on(birth_date: date, day: date) -> int:
    """Whole years on a day; who was born on 29 February has a birthday on 1 March of other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def points(claim: Claim, *, on: date) -> int:
    """How much a request weighs: age, ISEE, no land of one's own, a large household."""
    told = 0
    if claim.birth_date is not None and age_on(claim.birth_date, on) >= OLD_AGE:
        told += POINTS_OLD_AGE
    if claim.isee is not None and claim.isee <= LOW_ISEE:
        told += POINTS_LOW_ISEE
    told += POINTS_WITHOUT_LAND if claim.without_land else 0
    return told + (POINTS_MANY if claim.members >= MANY else 0)


Asked = TypeVar("Asked")


def in_order(claims: Iterable[tuple[Asked, Claim]], *, on: date) -> list[tuple[Asked, int]]:
    """Who comes first: more points, then who came before. The second of each pair are its points."""
    weighed = [(asked, points(claim, on=on), claim.came_at) for asked, claim in claims]
    return [(asked, told) for asked, told, _came in sorted(weighed, key=lambda one: (-one[1], one[2]))]


def months_left(starts: date, ends: date, *, given: date) -> int:
    """Months of the season in which a plot is still worked; the one it is given in counts whole."""
    first = max(given, starts)
    if first > ends:
        return 0
    return (ends.year - first.year) * MONTHS + ends.month - first.month + 1


def fee(area: Decimal, rate: Decimal, *, starts: date, ends: date, given: date) -> Decimal:
    """What a plot costs for what is left of a season: area by rate, by the month, rounded to the cent once."""
    whole = months_left(starts, ends, given=starts)
    return half_up(area * rate * months_left(starts, ends, given=given) / whole) if whole else Decimal(0)
