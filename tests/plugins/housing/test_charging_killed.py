"""A month is charged once on each lease, however often the workers that charge it are killed."""

import os
import random
import signal
import time
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from core.audit.verifying import first_break
from core.config import read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.database.trail import Change
from core.jobs import declaration
from core.jobs.models import Job, JobState
from core.jobs.worker import Lent, Worker
from core.partners.services import switch_on
from core.plugins.loading import load
from plugins.housing import jobs
from plugins.housing.models import Allocation, Charge
from tests.plugins.housing.many_leases import add_leases, add_town

LEASES, KILLS, AT_ONCE = 240, 20, 3
MONTH = date(2026, 12, 1)
LEASE = timedelta(seconds=0.6)


def work(settings):
    """A worker in a process of its own, with connections of its own."""
    Worker(Lent(Database(settings), settings), lease=LEASE).run()


@pytest.fixture
def small_steps(monkeypatch):
    """Few leases a step, so that most kills come in the middle of the work; killed early, it is not given up."""
    load(read_settings())
    monkeypatch.setattr(jobs, "MANY", 2)
    kind = declaration.declared()[jobs.CHARGE]
    patient = replace(kind, kind=replace(kind.kind, tries=1000))
    monkeypatch.setitem(declaration._declared, jobs.CHARGE, patient)


def test_twenty_kills_of_three_workers_leave_each_month_charged_once(settings, database, partner, small_steps):
    scope = Scope(partner_id=partner, actor="Luca Neri")
    town = database.run(Scope(operator=True, actor="tests", reason="tests"), add_town)
    database.run(scope, lambda session: switch_on(session, "housing", known=["housing"]))
    database.run(scope, lambda session: add_leases(session, range(LEASES), town))
    key = database.run(scope, lambda session: jobs.start_charging(session, month=MONTH).id)
    database.close()

    kills = kill_workers(settings, scope, key)
    finish(settings, scope, key)

    with database.session(scope, writes=False) as session:
        job = session.get_one(Job, key)
        charged = session.execute(
            select(Charge.lease_id, Charge.kind, func.count()).group_by(Charge.lease_id, Charge.kind)
        )
        counts = [count for _lease, _kind, count in charged]
        credited = session.scalar(select(func.count(Allocation.id)))
        lines = list(session.scalars(select(Change).order_by(Change.sequence)))
    assert kills >= KILLS // 2, "the work was over before the kills: make it longer"
    assert (job.state, job.done, job.total, job.kept["added"]) == (JobState.DONE, LEASES, LEASES, 2 * LEASES)
    assert counts == [1] * 2 * LEASES
    assert credited == LEASES // 10 * 2
    assert sum(line.entity == "housing_charge" for line in lines) == 2 * LEASES
    with database.session(Scope(operator=True, reason="tests"), writes=False) as session:
        assert first_break(session, partner) is None


def kill_workers(settings, scope, key):
    """Keep three workers at it and kill one each time the job got further; how many kills came."""
    chance = random.Random(11)  # noqa: S311  the same kills each time
    context = get_context("fork")
    workers, kills, done = [], 0, 0
    while kills < KILLS:
        while len(workers) < AT_ONCE:
            workers.append(context.Process(target=work, args=(settings,)))
            workers[-1].start()
        job = further(settings, scope, key, done)
        if job.is_over:
            break
        done = job.done
        time.sleep(chance.uniform(0, 0.1))
        victim = workers.pop(chance.randrange(AT_ONCE))
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        kills += 1
    for left in workers:
        left.kill()
        left.join()
    return kills


def further(settings, scope, key, done):
    """The job as soon as it has come further than it was, or is over."""
    watching = Database(settings)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with watching.session(scope, writes=False) as session:
            job = session.get_one(Job, key)
        if job.is_over or job.done > done:
            break
        time.sleep(0.02)
    watching.close()
    return job


def finish(settings, scope, key):
    """One worker more does what is left; nothing stays stuck behind the leases of the dead."""
    last = Database(settings)
    worker = Worker(Lent(last, settings), lease=LEASE)
    worker._looked = float("inf")
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if not worker.turn():
            time.sleep(0.1)
        with last.session(scope, writes=False) as session:
            if session.get_one(Job, key).is_over:
                break
    last.close()
