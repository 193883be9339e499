"""Deposits and their legal interest (R-H8)."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.housing.rules.deposits import (
    RateMissing,
    exceeds_deposit_cap,
    highest_deposit,
    legal_interest,
    total_interest,
)

RENT = Decimal("480.00")
DEPOSIT = Decimal("1440.00")
PERCENTS = {2023: Decimal("5.00"), 2024: Decimal("2.50"), 2025: Decimal("2.00"), 2026: Decimal("1.60")}


def interest(paid_on, until):
    return legal_interest(DEPOSIT, paid_on=paid_on, until=until, percents=PERCENTS)


def test_three_rents_of_480_allow_a_deposit_of_1440():
    assert highest_deposit(RENT, 3) == DEPOSIT
    assert not exceeds_deposit_cap(DEPOSIT, RENT, 3)


def test_one_cent_more_is_too_much():
    assert exceeds_deposit_cap(Decimal("1440.01"), RENT, 3)


def test_1440_from_1_march_2024_to_30_june_2026_bears_70_31():
    lines = interest(date(2024, 3, 1), date(2026, 6, 30))

    assert [(line.year, line.days, line.amount) for line in lines] == [
        (2024, 305, Decimal("30.08")),
        (2025, 365, Decimal("28.80")),
        (2026, 181, Decimal("11.43")),
    ]
    assert total_interest(lines) == Decimal("70.31")


def test_a_deposit_paid_on_the_last_day_of_a_year_bears_nothing_in_it():
    lines = interest(date(2024, 12, 31), date(2025, 1, 1))

    assert [(line.year, line.days, line.amount) for line in lines] == [(2025, 1, Decimal("0.08"))]


def test_a_leap_year_bears_366_days_over_365():
    assert interest(date(2023, 12, 31), date(2024, 12, 31))[0].amount == Decimal("36.10")


def test_a_deposit_returned_at_once_bears_nothing():
    assert total_interest(interest(date(2026, 1, 10), date(2026, 1, 10))) == Decimal("0.00")


def test_a_year_without_a_rate_is_asked_for():
    with pytest.raises(RateMissing, match="2027"):
        interest(date(2026, 6, 30), date(2027, 1, 1))


def test_a_deposit_is_not_returned_before_it_is_paid():
    with pytest.raises(ValueError, match="before"):
        interest(date(2026, 1, 2), date(2026, 1, 1))
