"""What is published of a ranking and how long it can be contested (R-H5)."""

from datetime import date
from decimal import Decimal

import pytest

from core.calendar.rules import deadline
from plugins.housing.rules.calls import draw_up
from plugins.housing.rules.publication import Outcome, PublicRow, is_late, public_rows
from tests.plugins.housing.schemes import FIVE, RULES


def test_fifteen_days_from_friday_10_april_2026_end_on_monday_27():
    # the 25th is a national holiday, the 26th a Sunday
    assert deadline(date(2026, 4, 10), 15) == date(2026, 4, 27)


def test_a_term_that_ends_on_a_saturday_stays_there():
    assert deadline(date(2026, 7, 10), 15) == date(2026, 7, 25)


def test_the_feast_of_the_patron_moves_the_term_on():
    assert deadline(date(2026, 7, 13), 15, (7, 28)) == date(2026, 7, 29)


@pytest.mark.parametrize(("day", "late"), [(27, False), (28, True)])
def test_a_request_after_the_last_day_is_late(day, late):
    assert is_late(date(2026, 4, day), date(2026, 4, 27)) is late


def test_the_public_sees_place_number_total_and_outcome():
    rows = public_rows(draw_up(RULES, FIVE))

    assert rows[0] == PublicRow(1, "D-103", Decimal("76.88"), Outcome.ADMITTED)
    assert rows[-1] == PublicRow(None, "D-105", None, Outcome.EXCLUDED, "R-H1")
    assert [row.application for row in rows] == ["D-103", "D-101", "D-102", "D-104", "D-105"]


def test_no_isee_can_be_read_in_the_public_rows():
    published = repr(public_rows(draw_up(RULES, FIVE)))

    assert not any(str(one.answers["isee"]) in published for one in FIVE)
