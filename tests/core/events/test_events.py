"""What happened is told after commit to each listener once, and never disturbs who announced it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from core.database.field import now
from core.database.scope import Scope
from core.events.declaration import Listener, declare
from core.events.models import Event
from core.events.retention import remove_old_events
from core.events.services import announce, deliver_events
from core.jobs import declaration
from core.jobs.declaration import JobKind
from core.jobs.models import Job, JobState, Origin
from core.jobs.retention import load_reference, remove_old_jobs
from core.numbering.services import next_number
from core.partners.models import PartnerKind
from core.partners.services import switch_on

LEASE = uuid7()
DAY = date(2026, 11, 25)


def count(session, **facts):
    """A listener whose every hearing shows in the database."""
    next_number(session, "HEARD", on=DAY)


def heard(desk):
    return int(desk.do(lambda session: next_number(session, "HEARD", on=DAY)).rpartition("/")[2]) - 1


def sign(session):
    announce(session, "housing.lease_signed", lease=LEASE)


def deliver(desk):
    deliver_events(desk.database)
    desk.work()


def test_a_listener_hears_the_facts_as_they_were_announced(desk):
    told = []
    declare("", [Listener("x.happened", "core.hears", lambda session, **facts: told.append(facts))])

    facts = {"lease": LEASE, "n": 3, "on": DAY, "urgent": True, "kind": PartnerKind.OTHER}
    desk.do(lambda session: announce(session, "x.happened", **facts))
    deliver(desk)

    assert told == [facts | {"kind": "other"}]


def test_what_was_undone_never_happened(desk):
    declare("", [Listener("housing.lease_signed", "core.hears", count)])

    with desk.database.session(desk.scope) as session:
        sign(session)
        session.rollback()
    deliver(desk)

    assert heard(desk) == 0
    assert desk.read(select(Event)) == []


def test_each_of_two_listeners_hears_once_however_often_it_is_delivered(desk):
    declare("", [Listener("housing.lease_signed", key, count) for key in ("core.one", "core.two")])
    desk.do(sign)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _time: deliver_events(desk.database), range(3)))
    desk.do(lambda session: session.execute(update(Event).values(told_at=None)))
    deliver(desk)
    desk.work()

    assert heard(desk) == 2
    assert {job.origin for job in desk.read(select(Job))} == {Origin.EVENT}


def test_a_listener_that_fails_is_tried_again_and_leaves_the_others_and_the_announcer_alone(desk):
    faults = [ValueError()]

    def stumble(session):
        next_number(session, "HEARD", on=DAY)
        if faults:
            raise faults.pop()

    declare("", [
        Listener("housing.lease_signed", "core.stumbles", lambda session, lease: stumble(session)),
        Listener("housing.lease_signed", "core.hears", count),
    ])  # fmt: skip
    desk.do(sign)
    deliver(desk)
    first = heard(desk)
    desk.hurry()
    desk.work()

    assert first == 1
    assert heard(desk) == 3  # one more, and the one that asking took
    assert {job.state for job in desk.read(select(Job))} == {JobState.DONE}


def test_a_listener_of_a_module_that_is_off_hears_nothing(desk):
    declare("care", [Listener("housing.lease_signed", "care.hears", count)])
    desk.do(sign)
    deliver(desk)
    off = heard(desk)

    desk.do(lambda session: switch_on(session, "care", known=["care"]))
    desk.do(sign)
    deliver(desk)

    assert (off, heard(desk)) == (0, 2)


def test_an_event_nobody_listens_to_is_told_and_done_with(desk):
    desk.do(sign)

    assert deliver_events(desk.database) == 1
    assert deliver_events(desk.database) == 0
    assert desk.read(select(Job)) == []


@pytest.mark.parametrize("fact", ["Rossi Mario", b"x", 1.5, datetime(2026, 1, 1, tzinfo=UTC), {"name": "Rossi"}])
def test_an_event_tells_nothing_that_could_be_about_a_person(session, fact):
    with pytest.raises(TypeError):
        announce(session, "x.happened", what=fact)


def test_another_partner_does_not_see_what_happened_here(desk, neighbour):
    desk.do(sign)

    assert desk.of(neighbour).read(select(Event)) == []


def test_what_is_over_for_longer_than_the_days_kept_is_removed_and_the_rest_stays(desk):
    declare("", [Listener("housing.lease_signed", "core.hears", count)])
    kinds = [JobKind("core.jobs", "jobs", remove_old_jobs), JobKind("core.events", "events", remove_old_events)]
    declaration.declare("", kinds)
    desk.database.run(Scope(operator=True, reason="tests"), load_reference)
    for _event in range(2):
        desk.do(sign)
    deliver(desk)
    old = now() - timedelta(days=91)
    [first, second] = desk.read(select(Job).order_by(Job.id))
    desk.do(lambda session: session.execute(update(Job).where(Job.id == first.id).values(finished_at=old)))
    [one, _other] = desk.read(select(Event).order_by(Event.id))
    desk.do(lambda session: session.execute(update(Event).where(Event.id == one.id).values(told_at=old)))

    cleaned = [desk.start(kind) for kind in kinds]
    desk.work()

    assert {job.id for job in desk.read(select(Job))} == {second.id, *cleaned}
    assert len(desk.read(select(Event))) == 1
    assert [str(desk.job(key).result) for key in cleaned] == ["1 old job removed", "1 old event removed"]
