"""Points, the order of the list and the fee of a season, with numbers worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from social_gardens.rules import Claim, age_on, fee, in_order, months_left, points

DAY = date(2027, 3, 15)
YEAR = {"starts": date(2027, 1, 1), "ends": date(2027, 12, 31)}


def claim(*, born=date(1980, 1, 1), isee=None, land=True, members=1, came=1):
    return Claim(born, isee and Decimal(isee), not land, members, datetime(2027, 1, came, tzinfo=UTC))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (claim(), 0),
        (claim(born=date(1962, 3, 15)), 3),
        (claim(born=date(1962, 3, 16)), 0),
        (claim(born=None), 0),
        (claim(isee="15000.00"), 3),
        (claim(isee="15000.01"), 0),
        (claim(land=False), 2),
        (claim(members=4), 1),
        (claim(born=date(1950, 1, 1), isee="0.00", land=False, members=6), 9),
    ],
)
def test_what_a_request_weighs(asked, told):
    assert points(asked, on=DAY) == told


def test_a_leap_day_s_birthday_comes_on_the_first_of_march():
    assert (age_on(date(1960, 2, 29), date(2025, 2, 28)), age_on(date(1960, 2, 29), date(2025, 3, 1))) == (64, 65)


def test_more_points_come_first_and_of_the_same_who_came_before():
    asked = [
        ("late", claim(land=False, came=9)),
        ("early", claim(land=False, came=2)),
        ("poor", claim(isee="1", came=20)),
    ]

    assert in_order(asked, on=DAY) == [("poor", 3), ("early", 2), ("late", 2)]


@pytest.mark.parametrize(
    ("given", "months"),
    [(date(2026, 11, 2), 12), (date(2027, 1, 31), 12), (date(2027, 3, 15), 10), (date(2027, 12, 31), 1),
     (date(2028, 1, 1), 0)],
)  # fmt: skip
def test_the_month_a_plot_is_given_in_counts_whole(given, months):
    assert months_left(**YEAR, given=given) == months


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (date(2026, 12, 1), "60.00"),
        (date(2027, 3, 15), "50.00"),
        (date(2027, 11, 30), "10.00"),
        (date(2028, 1, 1), "0"),
    ],
)
def test_fifty_square_metres_at_one_euro_and_twenty(given, due):
    assert fee(Decimal(50), Decimal("1.20"), **YEAR, given=given) == Decimal(due)


def test_the_fee_is_rounded_once_at_its_end():
    assert fee(Decimal("33.3"), Decimal("1.25"), **YEAR, given=date(2027, 6, 1)) == Decimal("24.28")
