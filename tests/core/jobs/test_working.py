"""A job is done in steps that count once, stops when asked, and is tried again when it fails."""

import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.database.field import now
from core.jobs import declaration, queue
from core.jobs.models import Job, JobLine, JobState
from core.jobs.services import cancel_job, retry_job, start_job, worker_is_up
from core.jobs.work import LEASE, LeaseLost, Work
from core.language import _, plural, speaking
from core.numbering.services import next_number
from core.partners.services import switch_off, switch_on
from core.refusals import NotFound, Refusal

DAY = date(2026, 11, 25)


def count_to(work, *, n):
    """Each step writes a number of a series, so that a step done twice would show."""
    work.out_of(n)
    for _step in range(work.done, n):
        with work.step(1) as session:
            next_number(session, "STEPS", on=DAY)
    return plural("%(n)s step done", "%(n)s steps done", n)


def steps_done(desk):
    """How many steps had their effect."""
    return int(desk.do(lambda session: next_number(session, "STEPS", on=DAY)).rpartition("/")[2]) - 1


def texts(desk):
    return [str(line.text) for line in desk.read(select(JobLine).order_by(JobLine.id))]


def test_a_job_is_done_and_says_what_came_of_it_in_the_readers_language(desk, declare):
    key = desk.start(declare(count_to), n=3)

    desk.work()

    job = desk.job(key)
    assert (job.state, job.done, job.total, str(job.result)) == (JobState.DONE, 3, 3, "3 steps done")
    assert job.finished_at is not None
    assert steps_done(desk) == 3


def test_a_job_that_waits_under_the_same_key_is_not_started_twice(desk, declare):
    kind = declare(count_to)

    first, second = (desk.start(kind, n=1, once="january") for _time in range(2))
    desk.work()
    third = desk.start(kind, n=1, once="january")

    assert first == second
    assert third != first


def test_the_key_of_one_partner_does_not_hold_anothers_job(desk, declare, neighbour):
    kind = declare(count_to)

    assert desk.start(kind, n=1, once="january") != desk.of(neighbour).start(kind, n=1, once="january")


def test_a_job_that_nobody_declares_is_a_fault_of_the_program(session):
    with pytest.raises(KeyError):
        start_job(session, "core.unheard-of")


def test_a_job_sees_its_own_partners_rows_alone(desk, declare, neighbour):
    seen = []

    def look(work):
        with work.step() as session:
            seen.extend(session.scalars(select(Job.partner_id)))

    kind = declare(look)
    desk.start(kind)
    desk.of(neighbour).start(kind)

    desk.work()

    assert sorted(seen) == sorted([desk.partner, neighbour])


def test_a_fault_is_tried_again_later_and_goes_on_where_it_had_come(desk, declare):
    faults = [ValueError("Rossi Mario")]

    def stumble(work, *, n):
        if work.done == 2 and faults:
            raise faults.pop()
        with work.step(1) as session:
            next_number(session, "STEPS", on=DAY)
        return stumble(work, n=n) if work.done < n else None

    key = desk.start(declare(stumble), n=4)
    desk.work()
    waiting = desk.job(key)
    desk.hurry()
    desk.work()

    assert (waiting.state, waiting.done) == (JobState.WAITING, 2)
    assert waiting.due_at > now() - timedelta(seconds=1)
    assert desk.job(key).state is JobState.DONE
    assert steps_done(desk) == 4


def test_after_five_tries_without_getting_further_it_is_left_for_a_person(desk, declare, caplog):
    name = "Rossi Mario"

    def break_down(work):
        raise ValueError(name)

    key = desk.start(declare(break_down))
    with caplog.at_level(logging.INFO):
        for _try in range(5):
            assert desk.job(key).state is JobState.WAITING
            desk.hurry()
            desk.work()

    job = desk.job(key)
    assert (job.state, job.tries) == (JobState.DEAD, 5)
    assert "unexpected" in str(job.reason)
    assert "ValueError" in caplog.text
    assert "Rossi" not in caplog.text + " ".join(texts(desk))


def test_a_rule_that_says_no_is_not_asked_five_times(desk, declare):
    def refuse(work):
        raise Refusal(_("The year is closed."))

    key = desk.start(declare(refuse))
    desk.work()

    job = desk.job(key)
    assert (job.state, str(job.reason)) == (JobState.DEAD, "The year is closed.")


def test_what_failed_goes_on_when_somebody_tries_again(desk, declare):
    closed = [True]

    def charge(work):
        if closed:
            raise Refusal(_("The year is closed."))

    key = desk.start(declare(charge))
    desk.work()
    closed.clear()
    desk.do(lambda session: retry_job(session, session.get_one(Job, key)))
    desk.work()

    job = desk.job(key)
    assert (job.state, job.reason) == (JobState.DONE, None)
    assert "Luca Neri tries again." in texts(desk)


def test_a_job_that_is_over_is_neither_stopped_nor_tried_again(desk, declare):
    key = desk.start(declare(count_to), n=1)
    desk.work()

    for verb in (cancel_job, retry_job):
        with pytest.raises(Refusal):
            desk.do(lambda session, verb=verb: verb(session, session.get_one(Job, key)))


def test_trying_again_gives_way_to_the_same_job_that_waits(desk, declare):
    kind = declare(count_to)
    first = desk.start(kind, n=1, once="january")
    desk.do(lambda session: cancel_job(session, session.get_one(Job, first)))
    desk.start(kind, n=1, once="january")

    with pytest.raises(Refusal):
        desk.do(lambda session: retry_job(session, session.get_one(Job, first)))


def test_a_job_that_waits_is_stopped_at_once(desk, declare):
    key = desk.start(declare(count_to), n=1)

    desk.do(lambda session: cancel_job(session, session.get_one(Job, key)))
    desk.work()

    assert desk.job(key).state is JobState.CANCELLED
    assert steps_done(desk) == 0


def test_a_job_in_the_middle_stops_at_its_next_step_and_what_is_written_stays(desk, declare):
    def count(work, *, n):
        for step in range(work.done, n):
            with work.step(1) as session:
                next_number(session, "STEPS", on=DAY)
            if step == 1:
                desk.do(lambda session: cancel_job(session, session.scalars(select(Job)).one()))

    key = desk.start(declare(count), n=9)
    desk.work()

    job = desk.job(key)
    assert (job.state, job.done) == (JobState.CANCELLED, 2)
    assert steps_done(desk) == 2


def test_another_partners_job_cannot_be_stopped(desk, declare, neighbour):
    key = desk.start(declare(count_to), n=1)

    with pytest.raises(NotFound):
        desk.of(neighbour).do(lambda session: cancel_job(session, Job(id=key)))


def test_who_lost_its_lease_to_another_worker_takes_no_step_more(desk, declare):
    key = desk.start(declare(count_to), n=3)
    first = queue.take(desk.database, declaration.declared(), lease=timedelta(seconds=-1))
    slow = Work(desk.database, desk.settings, first, desk.scope)
    desk.work()

    with pytest.raises(LeaseLost), slow.step(1) as session:
        next_number(session, "STEPS", on=DAY)
    assert desk.job(key).state is JobState.DONE
    assert steps_done(desk) == 3


def test_who_loses_its_lease_in_the_middle_of_a_step_writes_nothing_of_it(desk, declare):
    if desk.settings.embedded:
        return  # on SQLite the open step is the one writer: nobody can take the job meanwhile
    key = desk.start(declare(count_to), n=3)
    first = queue.take(desk.database, declaration.declared(), lease=timedelta(seconds=-1))
    slow = Work(desk.database, desk.settings, first, desk.scope)

    def overslept():
        with slow.step(1) as session:
            desk.work()
            next_number(session, "STEPS", on=DAY)

    with pytest.raises(LeaseLost):
        overslept()
    assert desk.job(key).state is JobState.DONE
    assert steps_done(desk) == 3


def test_a_job_that_sleeps_past_its_lease_without_a_heartbeat_counts_once(desk, declare):
    nested = []

    def sleep(work):
        if not nested:
            nested.append(desk.worker(lease=timedelta(seconds=-1)))
            while nested[0].turn():
                pass
        with work.step(1) as session:
            next_number(session, "STEPS", on=DAY)

    key = desk.start(declare(sleep))
    desk.worker(lease=timedelta(seconds=-1)).turn()

    assert desk.job(key).state is JobState.DONE
    assert steps_done(desk) == 1


def test_a_job_under_which_every_worker_went_down_is_left_for_a_person(desk, declare):
    key = desk.start(declare(count_to, tries=3), n=1)
    for _try in range(3):
        queue.take(desk.database, declaration.declared(), lease=timedelta(seconds=-1))

    assert queue.take(desk.database, declaration.declared(), lease=LEASE) is None
    assert desk.job(key).state is JobState.DEAD
    assert steps_done(desk) == 0


def test_a_worker_that_stops_finishes_its_step_and_leaves_the_rest_to_the_next(desk, declare):
    worker = desk.worker()

    def count(work, *, n):
        for step in range(work.done, n):
            with work.step(1) as session:
                next_number(session, "STEPS", on=DAY)
                if step == 1:
                    worker.stop()

    key = desk.start(declare(count), n=5)
    worker.turn()
    between = desk.job(key)
    desk.work()

    assert (between.state, between.done, between.tries) == (JobState.WAITING, 2, 0)
    assert desk.job(key).state is JobState.DONE
    assert steps_done(desk) == 5


def test_what_a_step_keeps_is_there_after_a_fault_and_what_it_lost_is_not(desk, declare):
    faults = [True]

    def walk(work):
        for name in ("a", "b", "c"):
            if name <= work.kept.get("last", ""):
                continue
            with work.step(1) as session:
                next_number(session, "STEPS", on=DAY)
                work.kept["last"] = name
                if name == "b" and faults:
                    faults.clear()
                    raise ValueError

    key = desk.start(declare(walk))
    desk.work()
    between = desk.job(key)
    desk.hurry()
    desk.work()

    assert between.kept == {"last": "a"}
    assert desk.job(key).kept == {"last": "c"}
    assert steps_done(desk) == 3


def test_a_job_of_a_module_that_is_off_waits_until_it_is_on(desk, declare):
    kind = declare(count_to, module="care", key="care.count")
    key = desk.start(kind, n=1)

    desk.work()
    off = desk.job(key).state
    desk.do(lambda session: switch_on(session, "care", known=["care"]))
    desk.work()

    assert (off, desk.job(key).state) == (JobState.WAITING, JobState.DONE)
    desk.do(lambda session: switch_off(session, "care"))
    again = desk.start(kind, n=1)
    desk.work()
    assert desk.job(again).state is JobState.WAITING


def test_a_job_whose_code_is_gone_waits_and_still_says_what_it_is(desk, declare, monkeypatch):
    key = desk.start(declare(count_to), n=1, title=_("Delivered."))
    monkeypatch.setattr(declaration, "_declared", {})

    desk.work()

    job = desk.job(key)
    assert (job.state, str(job)) == (JobState.WAITING, "Delivered.")


def test_a_link_leads_nowhere_outside(desk, declare):
    def show(work):
        work.link("//elsewhere.example")

    key = desk.start(declare(show, tries=1))
    desk.work()

    assert desk.job(key).state is JobState.DEAD


def test_a_job_speaks_its_partners_language(desk, declare):
    said = []

    def speak(work):
        from core.language import current_language  # noqa: PLC0415

        said.append(current_language())

    desk.start(declare(speak))
    with speaking("en"):
        desk.work()

    assert said == ["it"]


def test_a_worker_is_seen_while_it_beats_and_not_after_it_left(desk, session):
    worker = desk.worker()
    assert not worker_is_up(session)
    session.rollback()

    worker._pulse.start()
    up = worker_is_up(session)
    later = worker_is_up(session, at=now() + timedelta(seconds=30))
    session.rollback()
    worker._pulse.stop()

    assert (up, later, worker_is_up(session)) == (True, False, False)
