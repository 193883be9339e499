"""Until when a repair is to be made, and meters that do not run backwards."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.database.scope import ROME
from plugins.housing.rules.meters import Reading, contradicting
from plugins.housing.rules.tickets import TicketTargets, is_unanswered, target_of

TARGETS = TicketTargets(urgent_hours=24, normal_days=15)


def test_what_is_urgent_has_twentyfour_hours_even_when_the_clocks_change():
    opened = datetime(2026, 10, 24, 18, 0, tzinfo=ROME)

    target = target_of(opened.astimezone(UTC), urgent=True, targets=TARGETS)

    assert target == datetime(2026, 10, 25, 17, 0, tzinfo=ROME)


def test_what_is_not_urgent_has_until_the_end_of_the_fifteenth_day_in_italy():
    opened = datetime(2026, 10, 20, 22, 30, tzinfo=UTC)  # half past midnight of the 21st in Italy

    target = target_of(opened, urgent=False, targets=TARGETS)

    assert target.astimezone(ROME).isoformat() == "2026-11-05T23:59:59+01:00"


@pytest.mark.parametrize(("day", "closes"), [(19, False), (20, True)])
def test_a_repair_nobody_contests_for_ten_days_closes(day, closes):
    solved = datetime(2026, 5, 10, 20, 0, tzinfo=UTC)

    assert is_unanswered(solved, datetime(2026, 5, day, 6, 0, tzinfo=UTC), days=10) is closes


BEFORE, AFTER = Reading(date(2026, 1, 10), Decimal("120.5")), Reading(date(2026, 9, 1), Decimal(300))


@pytest.mark.parametrize(
    ("reading", "wrong"),
    [
        (Reading(date(2026, 5, 1), Decimal("120.5")), None),
        (Reading(date(2026, 5, 1), Decimal("120.499")), BEFORE),
        (Reading(date(2026, 5, 1), Decimal("300.001")), AFTER),
        (Reading(date(2026, 5, 1), Decimal(3), replaced=True), None),
        (Reading(date(2025, 12, 1), Decimal(999)), BEFORE),
    ],
)
def test_a_reading_stands_between_the_one_before_and_the_one_after(reading, wrong):
    assert contradicting(reading, [AFTER, BEFORE]) == wrong


def test_after_a_new_meter_the_old_one_is_not_compared():
    new = Reading(date(2026, 6, 1), Decimal(2), replaced=True)

    assert contradicting(Reading(date(2026, 7, 1), Decimal(9)), [BEFORE, new]) is None
