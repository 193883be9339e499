"""The equivalence scale, the ISEE and its last valid day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.people.rules.isee import equivalence, expiry, is_valid, ise, isee


@pytest.mark.parametrize(
    ("members", "given", "se"),
    [
        (1, {}, "1.00"),
        (7, {}, "3.55"),
        (3, {"minors": 1, "children": 1, "parents_worked": True}, "2.24"),
        (4, {"minors": 2, "children": 2}, "2.46"),
        (3, {"minors": 1, "under_three": True, "parents_worked": True}, "2.34"),
        (2, {"minors": 1, "single_not_working": True}, "1.77"),
        (5, {"minors": 3, "children": 3, "parents_worked": True}, "3.25"),
        (8, {"children": 6}, "4.40"),
        (2, {"disabled": 2}, "2.57"),
        (4, {"children": 2, "version": "2026_family"}, "2.56"),
        (7, {"children": 5, "minors": 1, "parents_worked": True, "version": "2026_family"}, "4.30"),
    ],
)
def test_the_scale_adds_what_the_household_is(members: int, given: dict[str, Any], se: str) -> None:
    assert equivalence(members, **given) == Decimal(se)


def test_isee_is_rounded_once_half_up() -> None:
    whole = ise(Decimal("24350.00"), Decimal("18000.00"))

    assert whole == Decimal("27950.00")
    assert isee(whole, Decimal("2.24")) == Decimal("12477.68")


@pytest.mark.parametrize(
    ("submitted", "income_only", "last"),
    [
        (date(2026, 3, 10), False, date(2026, 12, 31)),
        (date(2026, 8, 31), True, date(2027, 2, 28)),
        (date(2026, 9, 15), True, date(2027, 3, 15)),
    ],
)
def test_a_certificate_counts_on_its_last_day_and_not_after(submitted: date, income_only: bool, last: date) -> None:
    assert expiry(submitted, income_only=income_only) == last
    assert is_valid(last, on=last)
    assert not is_valid(last, on=date.fromordinal(last.toordinal() + 1))
