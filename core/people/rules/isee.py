"""The ISEE: equivalence scale, indicators and validity (DPCM 159/2013)."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.calendar.rules import add_months
from core.money.rules import half_up

SCALE = Path(__file__).resolve().parent.parent / "reference" / "isee_scale.csv"
PATRIMONY_SHARE = Decimal("0.20")
LISTED = 5
HALF_YEAR = 6


@cache
def scale(version: str = "2013") -> dict[tuple[str, str], Decimal]:
    """The increments of a version of the scale by kind and condition, as the annexes print them."""
    with SCALE.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["scale_version"] == version]
    return {(row["kind"], row["condition"]): Decimal(row["value"]) for row in rows if row["value"][0].isdigit()}


def equivalence(
    members: int,
    *,
    minors: int = 0,
    children: int = 0,
    under_three: bool = False,
    parents_worked: bool = False,
    single_not_working: bool = False,
    disabled: int = 0,
    version: str = "2013",
) -> Decimal:
    """SE of a household (all. 1 DPCM 159/2013; DL 42/2016 art. 2-sexies for each disabled member).

    `parents_worked`: both parents, or the only one, worked six months or more in the income year.
    `single_not_working`: a single parent who did not work, with minors only.
    `2026_family` puts its own increments for children in the place of those of 2013 (L. 199/2025 art. 1 c. 208-209).
    """
    known = scale("2013") | scale(version)
    value = known["members", str(min(members, LISTED))]
    value += known["each_further_member", "members>5"] * max(0, members - LISTED)
    value += known.get(("a_children", ">=5" if children >= LISTED else str(children)), Decimal(0))
    if minors and (parents_worked or single_not_working):
        age = "at least one under 3 years" if under_three else "minor children"
        value += known["b_minors_parents_worked_6_months", age]
    return value + known["disabled_member_each", "medium or serious disability or non self-sufficient"] * disabled


def ise(isr: Decimal, isp: Decimal) -> Decimal:
    """Income plus a fifth of the patrimony."""
    return half_up(isr + PATRIMONY_SHARE * isp)


def isee(ise: Decimal, se: Decimal) -> Decimal:
    """The ISE on the scale's value, two decimals, half up."""
    from fractions import Fraction  # noqa: PLC0415  exact division before the one rounding

    return half_up(Fraction(ise) / Fraction(se))


def expiry(submitted: date, *, income_only: bool) -> date:
    """The last valid day: half a year for a current ISEE of income alone, else the end of the year."""
    if not income_only:
        return date(submitted.year, 12, 31)
    return add_months(submitted, HALF_YEAR)


def is_valid(expires_on: date, on: date) -> bool:
    """Whether a certificate counts on a day: its last day included."""
    return on <= expires_on


def day_after(expires_on: date) -> date:
    """The first day on which it no longer counts."""
    return expires_on + timedelta(days=1)
