"""Repayment plans: instalments and when a plan falls."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.plans import PlanLimits, has_fallen, is_kept, plan_instalments, with_paid

LIMITS = PlanLimits(in_a_row=2, days_late=30)


@pytest.fixture
def nine():
    return plan_instalments(Decimal("2100.00"), 9, date(2026, 9, 10))


def paid(plan, *numbers):
    return [replace(one, paid=one.amount) if one.number in numbers else one for one in plan]


def test_2100_in_nine_from_10_september_2026_end_on_10_may_2027(nine):
    assert [one.amount for one in nine] == [Decimal("233.33")] * 8 + [Decimal("233.36")]
    assert [nine[0].due, nine[-1].due] == [date(2026, 9, 10), date(2027, 5, 10)]
    assert [one.number for one in nine] == list(range(1, 10))


def test_a_plan_from_the_31st_falls_due_at_the_end_of_shorter_months():
    plan = plan_instalments(Decimal("300.00"), 3, date(2027, 1, 31))

    assert [one.due for one in plan] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@given(
    st.decimals(min_value=1, max_value=50000, places=2),
    st.integers(1, 60),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_the_instalments_sum_to_the_debt_and_come_one_a_month(total, count, first):
    plan = plan_instalments(total, count, first)

    assert sum(one.amount for one in plan) == total
    assert len({(one.due.year, one.due.month) for one in plan}) == count == len(plan)
    assert plan[0].due == first


@pytest.mark.parametrize(("on", "fallen"), [
    (date(2026, 9, 10), False),
    (date(2026, 10, 10), False),
    (date(2026, 10, 11), True),
])  # fmt: skip
def test_a_plan_falls_when_two_instalments_in_a_row_are_missed(nine, on, fallen):
    # one may be later than 30 days here: only the run counts
    assert has_fallen(nine, on, replace(LIMITS, days_late=90)) is fallen


@pytest.mark.parametrize(("on", "fallen"), [(date(2026, 10, 10), False), (date(2026, 10, 11), True)])
def test_a_plan_falls_when_one_instalment_is_more_than_30_days_late(nine, on, fallen):
    assert has_fallen(paid(nine, 2), on, LIMITS) is fallen


def test_missing_every_other_instalment_is_no_run(nine):
    assert not has_fallen(paid(nine, 2, 4, 6, 8), date(2027, 6, 1), replace(LIMITS, days_late=9999))


def test_a_cent_left_unpaid_is_a_missed_instalment(nine):
    almost = [replace(one, paid=one.amount - Decimal("0.01")) for one in nine]

    assert has_fallen(almost, date(2026, 10, 11), LIMITS)
    assert not is_kept(almost)


def test_a_plan_is_kept_when_every_instalment_is_paid(nine):
    assert is_kept(paid(nine, *range(1, 10)))
    assert not has_fallen(paid(nine, *range(1, 10)), date(2030, 1, 1), LIMITS)


def test_what_was_paid_is_counted_to_the_first_instalments_first():
    told = with_paid(plan_instalments(Decimal("300.00"), 3, date(2026, 9, 10)), Decimal("150.00"))

    assert [one.paid for one in told] == [Decimal("100.00"), Decimal("50.00"), Decimal("0.00")]
