"""Agreed rents (R-H6) and monthly charges."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.leases import Period
from plugins.housing.rules.rent import (
    exceeds_agreed_cap,
    highest_agreed_rent,
    monthly_charges,
    registry_begins,
    share_of_month,
)

RENT = Decimal("480.00")


@pytest.mark.parametrize(("rent", "over"), [("480.00", False), ("480.01", True)])
def test_an_agreed_rent_reaches_the_cap_and_does_not_pass_it(rent, over):
    # 72 m² at 80.00 a m² a year are 480.00 a month
    assert exceeds_agreed_cap(Decimal(rent), Decimal("72.00"), Decimal("80.00")) is over


@given(
    st.decimals(min_value="10", max_value="300", places=2),
    st.decimals(min_value="10", max_value="200", places=2),
)
def test_the_highest_agreed_rent_is_the_last_cent_under_the_cap(area, cap):
    highest = highest_agreed_rent(area, cap)

    assert not exceeds_agreed_cap(highest, area, cap)
    assert exceeds_agreed_cap(highest + Decimal("0.01"), area, cap)


def test_the_users_registry_begins_on_the_first_of_january_of_odd_years():
    assert registry_begins(date(2025, 1, 1)) == date(2025, 1, 1)
    assert registry_begins(date(2026, 12, 31)) == date(2025, 1, 1)
    assert registry_begins(date(2027, 1, 1)) == date(2027, 1, 1)


def test_whole_months_cost_the_rent_on_the_due_day():
    charges = monthly_charges(Period(date(2026, 1, 1), date(2026, 7, 31)), RENT, 5)

    assert [charge.due for charge in charges] == [date(2026, month, 5) for month in range(1, 8)]
    assert {charge.amount for charge in charges} == {RENT}


def test_the_first_and_last_month_are_charged_by_the_day():
    first, whole, last = monthly_charges(Period(date(2026, 1, 15), date(2026, 3, 10)), RENT, 5)

    # 17 days of 31, a whole February, 10 days of 31
    assert (first.amount, whole.amount, last.amount) == (Decimal("263.23"), RENT, Decimal("154.84"))
    assert first.days == Period(date(2026, 1, 15), date(2026, 1, 31))
    assert last.days == Period(date(2026, 3, 1), date(2026, 3, 10))


def test_nothing_is_due_before_the_lease_begins():
    first, second = monthly_charges(Period(date(2026, 1, 15), date(2026, 2, 28)), RENT, 5)

    assert (first.due, second.due) == (date(2026, 1, 15), date(2026, 2, 5))


def test_a_due_day_after_the_start_stands_in_the_first_month():
    (only,) = monthly_charges(Period(date(2026, 1, 15), date(2026, 1, 20)), RENT, 28)

    assert (only.due, only.amount) == (date(2026, 1, 28), Decimal("92.90"))


def test_february_has_29_days_in_a_leap_year():
    assert share_of_month(Period(date(2028, 2, 1), date(2028, 2, 28)), RENT) == Decimal("463.45")
    assert share_of_month(Period(date(2026, 2, 1), date(2026, 2, 28)), RENT) == RENT


@pytest.mark.parametrize("day", [0, 29])
def test_a_due_day_exists_in_every_month(day):
    with pytest.raises(ValueError, match="due day"):
        monthly_charges(Period(date(2026, 1, 1), date(2026, 1, 31)), RENT, day)


def test_a_lease_without_an_end_has_no_last_charge():
    with pytest.raises(ValueError, match="no last month"):
        monthly_charges(Period(date(2026, 1, 1)), RENT, 5)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 900), st.integers(1, 28))
def test_the_charges_cover_each_day_of_the_lease_once(first, length, due_day):
    period = Period(first, first + timedelta(days=length))

    charges = monthly_charges(period, RENT, due_day)

    assert (charges[0].days.first, charges[-1].days.last) == (period.first, period.last)
    for earlier, later in pairwise(charges):
        assert later.days.first == earlier.days.last + timedelta(days=1)
    assert all(Decimal(0) < charge.amount <= RENT for charge in charges)
