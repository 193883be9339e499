"""Months clamped at their end, holidays, and terms that end on working days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.rules import add_months, deadline, is_holiday

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_month_without_the_day_gives_its_last(day: date, n: int, then: date) -> None:
    assert add_months(day, n) == then


@given(days, st.integers(-600, 600))
def test_months_move_by_exactly_the_number_asked(day: date, n: int) -> None:
    then = add_months(day, n)

    assert (then.year - day.year) * 12 + then.month - day.month == n
    assert then.day <= day.day


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 4, 6), True),  # Easter Monday
        (date(2024, 10, 4), False),  # a Friday before L. 151/2025
        (date(2027, 10, 4), True),  # a Monday after it
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 22), True),  # a Sunday
        (date(2026, 12, 26), True),
        (date(2026, 12, 7), False),
    ],
)
def test_holidays_are_sundays_and_those_of_the_law(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday


def test_the_patron_is_a_holiday_only_where_he_is_one() -> None:
    assert is_holiday(date(2026, 12, 7), patron=(12, 7))


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        (date(2026, 3, 10), 30, date(2026, 4, 9)),
        (date(2026, 3, 30), 5, date(2026, 4, 4)),  # ends on a Saturday
        (date(2026, 3, 30), 6, date(2026, 4, 7)),  # Easter and its Monday
        (date(2027, 9, 4), 30, date(2027, 10, 5)),  # Saint Francis
        (date(2026, 12, 20), 5, date(2026, 12, 28)),  # Christmas, Saint Stephen, Sunday
    ],
)
def test_a_term_leaves_out_its_first_day_and_ends_on_a_working_one(start: date, term: int, last: date) -> None:
    assert deadline(start, term) == last


@given(days, st.integers(0, 400))
def test_no_term_ends_on_a_holiday_or_early(start: date, term: int) -> None:
    last = deadline(start, term, patron=(2, 15))

    assert not is_holiday(last, patron=(2, 15))
    assert 0 <= (last - start).days - term <= 5
