"""How long a lease lasts and which days it takes (R-H6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.leases import Period, TermLimits, first_overlap

START = date(2025, 2, 1)
TRANSITORY = TermLimits(1, 18)
STUDENTS = TermLimits(6, 36)
AGREED = TermLimits(36, None)


def test_three_years_from_1_february_2025_end_on_31_january_2028():
    assert Period.of_months(START, 36) == Period(START, date(2028, 1, 31))


@pytest.mark.parametrize(("limits", "last", "short", "long"), [
    (TRANSITORY, date(2025, 2, 27), True, False),
    (TRANSITORY, date(2025, 2, 28), False, False),
    (TRANSITORY, date(2026, 7, 31), False, False),
    (TRANSITORY, date(2026, 8, 1), False, True),
    (STUDENTS, date(2025, 7, 30), True, False),
    (STUDENTS, date(2025, 7, 31), False, False),
    (STUDENTS, date(2028, 1, 31), False, False),
    (STUDENTS, date(2028, 2, 1), False, True),
    (AGREED, date(2028, 1, 30), True, False),
    (AGREED, date(2033, 1, 31), False, False),
    (TRANSITORY, None, False, True),
    (AGREED, None, False, False),
])  # fmt: skip
def test_a_kind_of_lease_has_its_shortest_and_longest_term(limits, last, short, long):
    period = Period(START, last)

    assert (limits.is_too_short(period), limits.is_too_long(period)) == (short, long)


@pytest.mark.parametrize(("first", "last", "touches"), [
    (date(2025, 1, 1), date(2025, 12, 31), False),
    (date(2025, 12, 31), date(2026, 1, 1), True),
    (date(2026, 6, 1), date(2026, 6, 1), True),
    (date(2026, 12, 31), None, True),
    (date(2027, 1, 1), None, False),
    (date(2020, 1, 1), None, True),
])  # fmt: skip
def test_two_leases_overlap_when_a_day_stands_in_both(first, last, touches):
    let = Period(date(2026, 1, 1), date(2026, 12, 31))

    assert Period(first, last).overlaps(let) is touches
    assert let.overlaps(Period(first, last)) is touches


def test_the_earliest_lease_in_the_way_is_named():
    spring, autumn = Period(date(2026, 3, 1), date(2026, 5, 31)), Period(date(2026, 9, 1), date(2026, 11, 30))
    past = Period(date(2025, 1, 1), date(2025, 12, 31))

    assert first_overlap(Period(date(2026, 1, 1)), [autumn, past, spring]) == spring
    assert first_overlap(Period(date(2027, 1, 1)), [autumn, past, spring]) is None


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


days = st.dates(date(2020, 1, 1), date(2020, 2, 29))


@given(st.lists(days, min_size=4, max_size=4))
def test_overlap_is_what_counting_the_days_says(four):
    one, other = Period(*sorted(four[:2])), Period(*sorted(four[2:]))

    def counted(period):
        return set(range(period.first.toordinal(), period.last.toordinal() + 1))

    assert one.overlaps(other) is bool(counted(one) & counted(other))
