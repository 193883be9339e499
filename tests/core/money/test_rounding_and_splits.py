"""Rounding half up, largest remainders and instalments, exact to the cent."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money.rules import half_up, instalments, split_by_weight

amounts = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))
weights = st.dictionaries(st.text("ABCDE", min_size=1, max_size=3), st.integers(0, 1000), min_size=1).filter(
    lambda found: any(found.values())
)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("2.675"), "2.68"),
        (Fraction(1, 3), "0.33"),
        (0, "0.00"),
    ],
)
def test_halves_go_away_from_zero(value: Decimal, rounded: str) -> None:
    assert str(half_up(value)) == rounded


def test_the_cent_left_goes_to_the_largest_fraction() -> None:
    assert split_by_weight(Decimal("0.10"), {"A": 1, "B": 5, "C": 1}) == {
        "A": Decimal("0.02"),
        "B": Decimal("0.07"),
        "C": Decimal("0.01"),
    }


def test_equal_fractions_give_the_cent_to_the_larger_weight() -> None:
    assert split_by_weight(Decimal("0.02"), {"A": 1, "B": 3}) == {"A": Decimal("0.00"), "B": Decimal("0.02")}


def test_equal_weights_give_the_cent_to_the_smaller_code() -> None:
    assert split_by_weight(Decimal("100.00"), {"C": 1, "B": 1, "A": 1}) == {
        "A": Decimal("33.34"),
        "B": Decimal("33.33"),
        "C": Decimal("33.33"),
    }


def test_nothing_can_be_split_on_zero_weights() -> None:
    with pytest.raises(ValueError, match="weights"):
        split_by_weight(Decimal("1.00"), {"A": 0})


@given(amounts, weights)
def test_parts_sum_to_the_total_and_zero_weights_get_nothing(total: Decimal, shares: dict[str, int]) -> None:
    parts = split_by_weight(total, shares)

    assert sum(parts.values()) == total
    assert all(parts[code] == 0 for code, weight in shares.items() if weight == 0)


@given(amounts, weights)
def test_a_negative_total_mirrors_the_positive_one(total: Decimal, shares: dict[str, int]) -> None:
    assert split_by_weight(-total, shares) == {code: -part for code, part in split_by_weight(total, shares).items()}


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_instalments_sum_and_all_but_the_last_are_equal(total: int, count: int) -> None:
    parts = [part.amount for part in instalments(Decimal(total).scaleb(-2), count, date(2026, 1, 31))]

    assert sum(parts) == Decimal(total).scaleb(-2)
    assert set(parts[:-1]) <= {Decimal(total // count).scaleb(-2)}


def test_instalments_fall_on_the_first_day_or_the_month_end() -> None:
    assert [(part.due, part.amount) for part in instalments(Decimal("100.00"), 3, date(2026, 1, 31))] == [
        (date(2026, 1, 31), Decimal("33.33")),
        (date(2026, 2, 28), Decimal("33.33")),
        (date(2026, 3, 31), Decimal("33.34")),
    ]
