"""Requests for correction: the legal term, who decides what, the version they lead to, the final ranking."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from core.refusals import Refusal
from plugins.housing.models import AppealKind, AppealState, ApplicationState, RankingState
from plugins.housing.services import appeals, assignments, rankings
from tests.plugins.housing.test_services_ranking import as_colleague, ranked

FRIDAY, MONDAY, TUESDAY = date(2026, 4, 10), date(2026, 4, 27), date(2026, 4, 28)


def published(desk):
    """The five applications, published on Friday 10 April 2026 by somebody else."""
    _call, made, ranking = ranked(desk)
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=FRIDAY, act="112/2026")
    return made, ranking


def request(desk, application, *, on=MONDAY, **rest):
    return appeals.register_appeal(
        desk.session, application=application, received_on=on, grounds="The eviction was not counted.", **rest
    )


def as_somebody_new(session):
    session.info["scope"] = replace(session.info["scope"], actor="Ada Blu")


def test_the_term_ends_on_monday_and_the_request_of_tuesday_is_kept_as_late(desk):
    made, ranking = published(desk)

    in_time, late = request(desk, made[0]), request(desk, made[1], on=TUESDAY)

    assert ranking.requests_until == MONDAY
    assert ranking.posted_until == date(2026, 4, 25)
    assert (in_time.late, late.late) == (False, True)
    assert in_time.protocol == "APPEAL/2026/00001"


def test_the_feast_of_the_patron_moves_the_last_day_on(desk):
    desk.set("patron_day", "27/04")

    assert published(desk)[1].requests_until == TUESDAY


def test_a_patrons_day_that_cannot_be_read_says_how_to_write_it(desk):
    desk.set("patron_day", "aprile")

    with pytest.raises(Refusal, match="08/05"):
        published(desk)


def test_an_appeal_has_no_term_of_the_office(desk):
    made, _ranking = published(desk)

    assert not request(desk, made[0], on=date(2026, 6, 1), kind=AppealKind.APPEAL).late


@pytest.mark.parametrize("on", [date(2026, 4, 9), date(2999, 1, 1)])
def test_a_request_before_the_publication_or_of_a_day_to_come_is_refused(desk, on):
    made, _ranking = published(desk)

    with pytest.raises(Refusal) as refused:
        request(desk, made[0], on=on)

    assert refused.value.field == "received_on"


def test_nothing_is_contested_before_it_is_published(desk):
    _call, made, _ranking = ranked(desk)

    with pytest.raises(Refusal, match="2026/01"):
        request(desk, made[0])


def test_what_was_asked_stays_as_it_was_received(desk):
    made, _ranking = published(desk)
    appeal = request(desk, made[0], on=TUESDAY)

    appeal.late = False

    with pytest.raises(Refusal):
        desk.session.flush()


def test_a_request_granted_corrects_the_answers_and_draws_up_a_version_that_says_why(desk):
    made, first = published(desk)
    appeal = request(desk, made[1])

    appeals.grant_appeal(
        desk.session, appeal, reason="Eviction confirmed", answers={**made[1].answers, "housing": Decimal(40)}
    )

    second = appeal.led_to
    assert (appeal.state, appeal.officer, second.edition) == (AppealState.GRANTED, "Paola Ferrari", 2)
    assert "APPEAL/2026/00001" in second.reason
    assert "Eviction confirmed" in second.reason
    assert [row.application for row in second.rows][:3] == [made[1], made[2], made[0]]
    assert second.rows[0].total == Decimal("81.00")
    assert [row.total for row in first.rows][2] == Decimal("66.00")
    with pytest.raises(Refusal):
        appeals.reject_appeal(desk.session, appeal, reason="On second thoughts")


def test_who_was_excluded_wrongly_is_admitted_again(desk):
    made, _first = published(desk)
    appeal = request(desk, made[4])
    with pytest.raises(Refusal, match="R-H1"):
        appeals.grant_appeal(desk.session, appeal, reason="He is right", answers=made[4].answers)
    certificate = made[4].isee_certificate
    certificate.isee = Decimal("15999.99")

    appeals.grant_appeal(desk.session, appeal, reason="Corrected", answers={}, isee_certificate=certificate)

    assert made[4].state is ApplicationState.ADMITTED
    assert [row.application for row in appeal.led_to.rows][-1] is made[4]


def test_a_correction_may_also_exclude(desk):
    made, _first = published(desk)
    appeal = request(desk, made[3])
    made[3].isee_certificate.isee = Decimal("16000.01")

    appeals.grant_appeal(
        desk.session, appeal, reason="The new ISEE", answers={}, isee_certificate=made[3].isee_certificate
    )

    assert (made[3].state, made[3].rule) == (ApplicationState.EXCLUDED, "R-H1")


def test_the_final_ranking_waits_for_requests_in_time_unless_it_says_why_not(desk):
    made, ranking = published(desk)
    waiting = request(desk, made[0])
    request(desk, made[1], on=TUESDAY)
    request(desk, made[2], kind=AppealKind.APPEAL)
    with pytest.raises(Refusal) as refused:
        rankings.make_final(desk.session, ranking, on=TUESDAY)
    assert refused.value.field == "despite"

    appeals.reject_appeal(desk.session, waiting, reason="The eviction is not confirmed")
    rankings.make_final(desk.session, ranking, on=TUESDAY, act="148/2026")

    assert (ranking.state, ranking.final_act, ranking.despite) == (RankingState.FINAL, "148/2026", None)


def test_an_explicit_reason_makes_it_final_with_a_request_undecided(desk):
    made, ranking = published(desk)
    request(desk, made[0])

    rankings.make_final(desk.session, ranking, on=TUESDAY, despite="It cannot move the first places")

    assert ranking.despite == "It cannot move the first places"


def test_the_version_that_followed_a_request_becomes_final_and_replaces_the_provisional_one(desk):
    made, first = published(desk)
    appeal = request(desk, made[1])
    appeals.grant_appeal(desk.session, appeal, reason="Right", answers={"housing": Decimal(40)})
    with pytest.raises(Refusal, match="later version"):
        rankings.make_final(desk.session, first, on=TUESDAY)
    with pytest.raises(rankings.SamePerson):
        rankings.make_final(desk.session, appeal.led_to, on=TUESDAY)

    as_somebody_new(desk.session)
    rankings.make_final(desk.session, appeal.led_to, on=TUESDAY)

    assert (first.state, appeal.led_to.state) == (RankingState.UPDATED, RankingState.FINAL)


def test_a_request_is_against_the_version_that_was_public_that_day(desk):
    made, first = published(desk)
    granted = request(desk, made[1])
    appeals.grant_appeal(desk.session, granted, reason="Right", answers={"housing": Decimal(40)})
    as_somebody_new(desk.session)
    final = rankings.make_final(desk.session, granted.led_to, on=TUESDAY)

    sent_before, sent_after = request(desk, made[0], on=MONDAY), request(desk, made[0], on=TUESDAY)

    assert (sent_before.ranking, sent_before.late) == (first, False)
    assert (sent_after.ranking, sent_after.late) == (final, True)


def test_a_version_never_published_does_not_become_final(desk):
    ranking = ranked(desk)[2]
    as_colleague(desk.session)

    with pytest.raises(Refusal, match="provisional first"):
        rankings.make_final(desk.session, ranking, on=TUESDAY)


@pytest.mark.parametrize("column", ["published_by_id", "made_final_by_id"])
def test_the_database_too_refuses_the_approval_of_who_drew_it_up(desk, column):
    desk.session.info["scope"] = replace(desk.session.info["scope"], user_id=uuid7())
    ranking = ranked(desk)[2]

    with pytest.raises(IntegrityError, match="second_person"):
        desk.session.execute(
            text(f"update housing_ranking set {column} = drawn_up_by_id where edition = :edition"), {"edition": 1}
        )

    assert ranking.drawn_up_by_id is not None


def test_a_final_ranking_expires_after_its_months_and_offers_nothing_more(desk):
    desk.set("housing.ranking_months", "12")
    made, ranking = published(desk)
    rankings.make_final(desk.session, ranking, on=TUESDAY)
    assert ranking.expires_on == date(2027, 4, 28)

    assert rankings.expire_rankings(desk.session, on=date(2027, 4, 28)) == []
    assert rankings.expire_rankings(desk.session, on=date(2027, 4, 29)) == [ranking]

    assert ranking.state is RankingState.EXPIRED
    with pytest.raises(Refusal):
        assignments.offer_dwelling(desk.session, made[0], dwelling=ranking.call.homes[0].dwelling)
