"""Offers: how long they wait, how often they may be declined, what is verified before the decree, what lapses."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refusal
from plugins.housing.models import ApplicationState, AssignmentState, CheckOutcome, DwellingState, LeaseKind
from plugins.housing.services import assignments, checks, leases, rankings
from tests.plugins.housing.test_services_ranking import as_colleague, ranked

OFFERED = date(2026, 5, 4)


@pytest.fixture
def final(desk):
    """The five applications in a final ranking of 28 April 2026, and the home it assigns."""
    call, made, ranking = ranked(desk)
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    rankings.make_final(desk.session, ranking, on=date(2026, 4, 28))
    return ranking, made, call.homes[0].dwelling


def offer(desk, application, home, **rest):
    return assignments.offer_dwelling(desk.session, application, dwelling=home, offered_on=OFFERED, **rest)


def accepted(desk, application, home):
    given = offer(desk, application, home)
    return assignments.accept_offer(desk.session, given, on=date(2026, 5, 8))


def verified(desk, application):
    checks.record_check(
        desk.session, application, subject="R-H1", outcome=CheckOutcome.CONFIRMED, document="INPS-ISEE-2026-1"
    )


def test_ten_days_that_end_on_a_holiday_end_the_day_after(desk, final):
    _ranking, made, home = final

    given = assignments.offer_dwelling(desk.session, made[2], dwelling=home, offered_on=date(2026, 5, 23))

    assert given.answer_by == date(2026, 6, 3)


def test_silence_counts_as_a_refusal_only_after_the_last_day(desk, final):
    _ranking, made, home = final
    given = offer(desk, made[2], home)
    with pytest.raises(Refusal, match="14/05/2026"):
        assignments.expire_offer(desk.session, given, on=date(2026, 5, 14))

    assignments.expire_offer(desk.session, given, on=date(2026, 5, 15))

    assert (given.state, made[2].state) == (AssignmentState.UNANSWERED, ApplicationState.DECLINED)
    assert home.state is DwellingState.AVAILABLE
    with pytest.raises(Refusal):
        assignments.accept_offer(desk.session, given, on=date(2026, 5, 16))


def test_with_cause_one_stays_until_the_municipalitys_number_of_times(desk, final):
    _ranking, made, home = final
    desk.set("housing.refusals_most", "2")

    for state in (ApplicationState.DECLINED_WITH_CAUSE, ApplicationState.DECLINED):
        given = offer(desk, made[2], home)
        assignments.refuse_with_cause(desk.session, given, reason="Far from the hospital", on=date(2026, 5, 6))
        assert made[2].state is state


def test_without_such_a_number_one_stays_however_often(desk, final):
    _ranking, made, home = final

    for _again in range(3):
        given = offer(desk, made[2], home)
        assignments.refuse_with_cause(desk.session, given, reason="Far from the hospital", on=date(2026, 5, 6))

    assert made[2].state is ApplicationState.DECLINED_WITH_CAUSE


def test_a_decree_waits_for_every_requirement_and_a_document_that_denies_it_stops_it(desk, final):
    _ranking, made, home = final
    given = accepted(desk, made[2], home)
    checks.record_check(
        desk.session, made[2], subject="R-H1", outcome=CheckOutcome.NOT_CONFIRMED, document="INPS-ISEE-2026-9"
    )
    with pytest.raises(Refusal, match="R-H1, ISEE of at most"):
        assignments.assign(desk.session, given, decree="171")

    verified(desk, made[2])
    assignments.assign(desk.session, given, decree="171", decree_on=date(2026, 5, 12))

    assert (given.decree, given.decree_on, home.state) == ("171", date(2026, 5, 12), DwellingState.ASSIGNED)


@pytest.mark.parametrize("day", [date(2026, 5, 7), date(2999, 1, 1)])
def test_a_decree_comes_between_the_acceptance_and_today(desk, final, day):
    _ranking, made, home = final
    given = accepted(desk, made[2], home)
    verified(desk, made[2])

    with pytest.raises(Refusal) as refused:
        assignments.assign(desk.session, given, decree="171", decree_on=day)

    assert refused.value.field == "decree_on"


def test_before_the_lease_an_assignment_lapses_and_frees_the_home(desk, final):
    _ranking, made, home = final
    given = accepted(desk, made[2], home)

    assignments.lapse_assignment(desk.session, given, reason="They moved away")

    assert (given.state, made[2].state, home.state) == (
        AssignmentState.LAPSED, ApplicationState.LAPSED, DwellingState.AVAILABLE,
    )  # fmt: skip
    assert offer(desk, made[0], home).state is AssignmentState.OFFERED


def test_after_the_lease_nothing_lapses(desk, final):
    _ranking, made, home = final
    given = accepted(desk, made[2], home)
    verified(desk, made[2])
    assignments.assign(desk.session, given, decree="171", decree_on=date(2026, 5, 12))
    leases.sign_lease(
        desk.session, assignment=given, kind=LeaseKind.SAS, starts_on=date(2026, 6, 1), monthly_rent=Decimal(300)
    )

    with pytest.raises(Refusal):
        assignments.lapse_assignment(desk.session, given, reason="Too late")


def test_whoever_withdraws_leaves_before_any_offer(desk, final):
    _ranking, made, home = final

    assignments.lapse_application(desk.session, made[2], reason="They found a home")

    assert made[2].state is ApplicationState.LAPSED
    with pytest.raises(Refusal):
        offer(desk, made[2], home)


def test_a_ranking_past_its_term_offers_nothing_even_before_it_is_ended(desk, final):
    ranking, made, home = final
    ranking.expires_on = date(2026, 5, 3)

    with pytest.raises(Refusal, match="03/05/2026"):
        offer(desk, made[2], home)


def test_an_answer_is_not_due_before_the_offer(desk, final):
    _ranking, made, home = final

    with pytest.raises(Refusal) as refused:
        offer(desk, made[2], home, answer_by=date(2026, 5, 3))

    assert refused.value.field == "answer_by"
