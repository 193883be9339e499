"""What falls due by itself is made once, whoever sees it, and only where it should be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.database.scope import Scope
from core.jobs import declaration
from core.jobs.models import Job, JobState, Origin
from core.jobs.schedule import Schedule
from core.partners.models import ModuleSwitch, Partner
from core.partners.services import switch_on

OPERATOR = Scope(operator=True, actor="tests", reason="tests")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def sweep(work):
    with work.step(1):
        pass


@pytest.fixture
def look(desk, declare):
    """Look at the clock as one more worker does; partners are old enough to have missed something."""
    desk.database.run(OPERATOR, lambda session: session.execute(update(Partner).values(created_at=LONG_AGO)))

    def looked(text):
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return Schedule(desk.database, declaration.declared()).look(at=at)

    return looked


def jobs(desk):
    return desk.read(select(Job).order_by(Job.occasion))


def test_a_partner_has_its_job_of_the_day_once_however_often_one_looks(desk, declare, look, neighbour):
    declare(sweep, daily_at="06:00")

    made = [look(f"2027-03-28 {hour:02}:00") for hour in range(4, 22)]

    assert made == [2] + [0] * 17
    [job] = jobs(desk)
    assert (job.origin, job.occasion, job.due_at) == (
        Origin.SCHEDULE,
        "2027-03-28",
        datetime(2027, 3, 28, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_three_workers_at_once_over_a_change_of_clocks_make_one_job_a_day(desk, declare, look, day):
    declare(sweep, daily_at="02:30")
    moments = [f"{day} {hour:02}:{minute:02}" for hour in range(4) for minute in (0, 29, 30, 31)]

    with ThreadPoolExecutor(3) as workers:
        for moment in moments:
            list(workers.map(look, [moment] * 3))
            desk.hurry()
            desk.work()

    # Yesterday's, which was missed, and today's: each once.
    assert [job.occasion for job in jobs(desk)][-1] == day
    assert [job.state for job in jobs(desk)] == [JobState.DONE] * 2


def test_days_that_were_missed_are_made_up_for_once(desk, declare, look):
    declare(sweep, daily_at="06:00")
    look("2027-03-20 12:00")
    desk.hurry()
    desk.work()

    look("2027-03-28 12:00")
    desk.hurry()
    desk.work()

    assert [job.occasion for job in jobs(desk)] == ["2027-03-20", "2027-03-28"]


def test_a_job_that_still_waits_for_an_earlier_day_becomes_todays(desk, declare, look):
    declare(sweep, daily_at="06:00")
    look("2027-03-20 12:00")

    look("2027-03-28 12:00")
    desk.hurry()
    desk.work()
    look("2027-03-28 13:00")
    desk.hurry()
    desk.work()

    assert [(job.occasion, job.state) for job in jobs(desk)] == [("2027-03-28", JobState.DONE)]


def test_an_hour_that_struck_before_the_partner_was_here_was_not_missed(desk, declare, look):
    declare(sweep, daily_at="06:00")
    later = datetime(2027, 3, 28, 8, tzinfo=UTC)
    desk.database.run(OPERATOR, lambda session: session.execute(update(Partner).values(created_at=later)))

    assert look("2027-03-28 12:00") == 0
    assert look("2027-03-29 12:00") == 1


def test_a_module_has_its_jobs_only_where_it_is_on(desk, declare, look, neighbour):
    declare(sweep, module="care", key="care.sweep", every=timedelta(hours=1))
    assert look("2027-03-28 12:00") == 0

    desk.do(lambda session: switch_on(session, "care", known=["care"]))
    desk.do(lambda session: session.execute(update(ModuleSwitch).values(changed_at=LONG_AGO)))

    assert look("2027-03-28 12:00") == 1
    desk.hurry()
    desk.work()
    assert look("2027-03-28 13:00") == 1


def test_a_closed_partner_has_none(desk, declare, look):
    declare(sweep, daily_at="06:00")
    desk.database.run(OPERATOR, lambda session: session.execute(update(Partner).values(active=False)))

    assert look("2027-03-28 12:00") == 0


def test_an_hour_and_an_interval_together_are_a_mistake(declare):
    with pytest.raises(ValueError, match="both"):
        declare(sweep, daily_at="06:00", every=timedelta(hours=1))


@pytest.mark.parametrize("hour", ["6", "25:00", "morning"])
def test_what_is_no_hour_is_a_mistake(declare, hour):
    with pytest.raises(ValueError):  # noqa: PT011  the standard library's own sentence
        declare(sweep, daily_at=hour)
