"""When each step of the arrears ladder comes."""

from datetime import date

import pytest

from plugins.housing.rules.ladder import LadderDays, Rung, next_step, reached

DAYS = LadderDays(reminder=5, contact=20, notice=45, plan=60)
DUE = date(2026, 5, 5)


@pytest.mark.parametrize(
    ("on", "rungs"),
    [
        (date(2026, 5, 9), []),
        (date(2026, 5, 10), [Rung.REMINDER]),
        (date(2026, 5, 25), [Rung.REMINDER, Rung.CONTACT]),
        (date(2026, 6, 19), [Rung.REMINDER, Rung.CONTACT, Rung.NOTICE]),
        (date(2026, 7, 4), [Rung.REMINDER, Rung.CONTACT, Rung.NOTICE, Rung.PLAN]),
    ],
)
def test_a_step_comes_on_its_day_and_not_before(on, rungs):
    assert [rung for rung, _day in reached(DUE, on, DAYS)] == rungs


def test_the_next_step_is_the_first_not_taken_and_has_its_day():
    assert next_step(DUE, DAYS, {Rung.REMINDER}) == (Rung.CONTACT, date(2026, 5, 25))


def test_no_step_comes_by_itself_after_the_plan_is_proposed():
    taken = {Rung.REMINDER, Rung.CONTACT, Rung.NOTICE, Rung.PLAN}

    assert next_step(DUE, DAYS, taken) is None
