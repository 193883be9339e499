"""Likely duplicates are found by a job, among what the partner sees; what is said of a pair holds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.database.field import now
from core.jobs import declaration
from core.jobs.declaration import JobKind
from core.people.merging.finding import find_duplicates
from core.people.merging.forgetting import forget_merges
from core.people.merging.records import both_seen
from core.people.merging.saying import not_the_same, report_duplicate
from core.people.models import Duplicate, DuplicateState, Merge, MergedRow, Person
from core.people.services import amend_person
from core.refusals import Refusal
from tests.desk import Desk


@pytest.fixture
def look(monkeypatch, office, settings):
    """Let a worker look for duplicates as it does each night."""
    monkeypatch.setattr(declaration, "_declared", {})
    kind = JobKind("core.find-duplicates", "Look", find_duplicates)
    forget = JobKind("core.forget-merges", "Forget", forget_merges)
    declaration.declare("", [kind, forget])
    desk = Desk(office.database, settings, office.partner)

    def run(which=kind):
        key = desk.start(which)
        desk.work()
        return desk.job(key)

    run.forget = lambda: run(forget)
    return run


def waiting(office):
    return office.do(lambda s: [
        {one.person_id, one.other_id} for one in s.scalars(both_seen(s)).unique() if one.state is DuplicateState.WAITING
    ])  # fmt: skip


def test_the_job_finds_what_looks_alike_once(office, look):
    one, two = office.person(), office.person(surname="BONOMETTI", phone="+390305550142")
    office.person(surname="Rossi", name="Anna", birth_date=date(1990, 5, 1))

    job = look()
    look()

    assert waiting(office) == [{one, two}]
    assert str(job.result) == "1 new likely duplicate"
    found = office.do(lambda s: s.scalars(select(Duplicate)).unique().one())
    assert (found.score, found.why) == (90, "Same name and date of birth (90)")


def test_two_people_are_not_proposed_again(office, look):
    office.person(), office.person()
    look()
    office.do(lambda s: not_the_same(s, s.scalars(select(Duplicate)).unique().one(), note="Cugine").id)

    look()

    assert waiting(office) == []
    assert office.do(lambda s: s.scalars(select(Duplicate.note)).all()) == ["Cugine"]


def test_what_was_said_of_a_sheet_is_said_of_the_one_it_was_merged_into(office, look):
    one, two, three = office.person(), office.person(), office.person()
    look()

    def said(session):
        for pair in session.scalars(select(Duplicate)).unique():
            if {pair.person_id, pair.other_id} == {one, two}:
                not_the_same(session, pair)

    office.do(said)
    office.merge(three, two)
    look()

    assert waiting(office) == [{one, three}]
    office.do(lambda s: [not_the_same(s, p) for p in s.scalars(both_seen(s)).unique()] and None)
    look()
    assert waiting(office) == []


def test_a_correction_takes_a_pair_off_and_a_report_stays(office, look):
    one, two = office.person(), office.person()
    look()
    office.do(lambda s: amend_person(s, s.get(Person, two), surname="Ferrari", name="Ada").id)
    look()
    assert waiting(office) == []

    office.do(lambda s: report_duplicate(s, s.get(Person, one), other=s.get(Person, two)).id)
    look()
    assert waiting(office) == [{one, two}]
    with pytest.raises(Refusal):
        office.do(lambda s: report_duplicate(s, s.get(Person, one), other=s.get(Person, one)))


def test_a_report_opens_again_what_was_taken_for_two(office, look):
    one, two = office.person(), office.person()
    look()
    office.do(lambda s: not_the_same(s, s.scalars(select(Duplicate)).unique().one()).id)

    office.do(lambda s: report_duplicate(s, s.get(Person, two), other=s.get(Person, one)).id)

    assert waiting(office) == [{one, two}]


def test_another_partners_people_are_in_nobodys_list(office, neighbour, look):
    office.person()
    office.of(neighbour).person()

    look()

    assert waiting(office) == []


def test_a_merged_pair_leaves_the_list(office, look):
    one, two = office.person(), office.person()
    look()

    office.merge(one, two)
    look()

    assert waiting(office) == []


def test_after_thirty_days_what_would_undo_a_merge_is_forgotten(office, look):
    merge = office.merge(office.person(), office.person())
    look.forget()
    kept = office.across(lambda s: len(s.scalars(select(MergedRow)).all()))
    office.across(lambda s: s.execute(update(Merge).values(merged_at=now() - timedelta(days=31))))
    look.forget()

    assert kept > 0
    assert office.across(lambda s: s.scalars(select(MergedRow)).all()) == []
    assert office.across(lambda s: s.get(Merge, merge)) is not None
