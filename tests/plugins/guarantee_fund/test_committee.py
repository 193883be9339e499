"""The committee: quorum, conflicts of interest, ties (GF-7), and what is decided once."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refusal
from plugins.guarantee_fund.models import ApplicationState, ItemOutcome, SessionState
from plugins.guarantee_fund.rules.committee import Ballot
from plugins.guarantee_fund.services import committee

FOR, AGAINST, CONFLICT = Ballot.FOR, Ballot.AGAINST, Ballot.CONFLICT


@pytest.fixture
def rich(desk):
    desk.give("10000")
    return desk


def test_two_of_five_members_decide_nothing(rich, session):
    item = rich.item(rich.ask(), (FOR, FOR))

    with pytest.raises(Refusal, match="2 of 5 members are present"):
        committee.decide(session, item)


def test_in_a_tie_the_president_decides(rich, session):
    item = committee.decide(session, rich.item(rich.ask(), (FOR, AGAINST, CONFLICT)))

    assert item.outcome is ItemOutcome.APPROVED
    assert item.guarantee.amount == Decimal(800)


def test_when_all_abstain_the_application_goes_back_to_the_enquiry(rich, session):
    item = committee.decide(session, rich.item(rich.ask(), (CONFLICT, CONFLICT, CONFLICT)))

    assert (item.outcome, item.application.state) == (ItemOutcome.DEFERRED, ApplicationState.UNDER_ENQUIRY)


def test_a_rejection_has_its_reasons(rich, session):
    item = rich.item(rich.ask(), (AGAINST, AGAINST, FOR))

    with pytest.raises(Refusal, match="Write why"):
        committee.decide(session, item)
    committee.decide(session, item, reason="Il margine non basta")

    assert item.application.state is ApplicationState.REJECTED
    assert item.guarantee is None


def test_who_is_present_must_have_voted(rich, session):
    meeting = committee.convene(session, fund=rich.fund, held_on=date(2026, 3, 2))
    item = committee.put_on_agenda(session, meeting, application=rich.ask())
    committee.open_session(session, meeting, present=rich.members[:3])
    committee.cast_vote(session, item, member=rich.members[0], ballot=FOR)

    with pytest.raises(Refusal, match="has not voted yet"):
        committee.decide(session, item)
    with pytest.raises(Refusal, match="already voted"):
        committee.cast_vote(session, item, member=rich.members[0], ballot=AGAINST)
    with pytest.raises(Refusal, match="is not present"):
        committee.cast_vote(session, item, member=rich.members[4], ballot=FOR)


def test_a_member_of_the_household_may_only_abstain(rich, session):
    person = rich.household("Bellini")
    rich.members[0].person = person
    session.flush()
    application = rich.ask(person=person)

    with pytest.raises(Refusal, match="belongs to the applicant's household"):
        rich.item(application, (FOR, FOR, FOR))


def test_who_prepared_an_application_may_not_vote_on_it(rich, session):
    with rich.signed_in("clerk") as key:
        application = rich.ask()
    rich.members[1].user_id = key
    session.flush()

    with pytest.raises(Refusal, match="prepared this application"):
        rich.item(application, (FOR, FOR, FOR))


def test_a_conflict_is_recorded_with_its_ground(rich, session):
    meeting = committee.convene(session, fund=rich.fund, held_on=date(2026, 3, 2))
    item = committee.put_on_agenda(session, meeting, application=rich.ask())
    committee.open_session(session, meeting, present=rich.members[:3])

    with pytest.raises(Refusal, match="which conflict"):
        committee.cast_vote(session, item, member=rich.members[0], ballot=CONFLICT)


def test_an_item_is_decided_once(rich, session):
    item = rich.item(rich.ask())
    committee.decide(session, item)

    with pytest.raises(Refusal, match="already decided"):
        committee.decide(session, item)


def test_a_session_closes_when_everything_is_decided(rich, session):
    item = rich.item(rich.ask())

    with pytest.raises(Refusal, match="is not decided"):
        committee.close_session(session, item.meeting)
    committee.decide(session, item)
    committee.close_session(session, item.meeting, minutes="Nessuna osservazione")

    assert item.meeting.state is SessionState.CLOSED


def test_a_committee_has_one_president_at_a_time(rich, session):
    with pytest.raises(Refusal, match="presides in those days"):
        committee.appoint(session, fund=rich.fund, name="Franca", valid_from=date(2026, 6, 1), president=True)


def test_who_voted_is_not_marked_absent_afterwards(rich, session):
    item = rich.item(rich.ask())

    with pytest.raises(Refusal, match="Carla has already voted"):
        committee.open_session(session, item.meeting, present=rich.members[:2])
    committee.open_session(session, item.meeting, present=rich.members[:4])
