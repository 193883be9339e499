"""Interest on late payment, by the day, at the legal rate of each year."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.housing.rules.deposits import RateMissing
from plugins.housing.rules.interest import Debt, late_interest

PERCENTS = {2024: Decimal("2.5"), 2025: Decimal("2.0"), 2026: Decimal("1.60")}


def interest(*settled, due=date(2026, 1, 5), amount="1000.00", until=date(2026, 6, 30), after=None):
    debt = Debt("rent", due, Decimal(amount), settled)
    return [one.amount for one in late_interest([debt], after=after, until=until, percents=PERCENTS)]


def test_every_day_after_the_due_date_counts_the_last_included():
    # 176 days from 6 January: 1000 × 1.6% × 176/365 = 7.7150
    assert interest() == [Decimal("7.72")]


def test_the_due_day_itself_bears_nothing():
    assert interest(until=date(2026, 1, 5)) == []


def test_a_payment_stops_the_interest_on_what_it_settles_from_the_next_day():
    # 90 days on 1000 until 5 April, then 86 on 400
    assert interest((date(2026, 4, 5), Decimal("600.00"))) == [Decimal("5.45")]


def test_each_year_has_its_rate_and_365_days_even_when_it_leaps():
    # 1000 × (2.5% × 361 + 2.0% × 365 + 1.6% × 181) / 365 over 2024, 2025 and half 2026
    assert interest(due=date(2024, 1, 5)) == [Decimal("52.66")]


def test_days_already_charged_are_not_charged_again():
    first, second = interest(until=date(2026, 3, 31)), interest(after=date(2026, 3, 31))

    assert sum(first + second) == Decimal("7.72")


def test_what_was_paid_in_time_bears_nothing():
    assert interest((date(2026, 1, 5), Decimal("1000.00"))) == []


def test_a_year_without_a_rate_is_named():
    with pytest.raises(RateMissing, match="2027"):
        interest(until=date(2027, 1, 1))
