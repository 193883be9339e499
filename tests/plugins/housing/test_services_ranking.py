"""Applications, their snapshot, points, versions of the ranking and what is published."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.refusals import Refusal
from plugins.housing.models import ApplicationState, CheckOutcome, DwellingState, LeaseKind, RankingState
from plugins.housing.rules.ranking import TieBreaker
from plugins.housing.services import applications, assignments, calls, checks, leases, rankings


def five(desk, call):
    """The five applications that every example ranks."""
    told = [
        (25, 30, "7200.00", True), (30, 25, "7200.00", False), (45, 20, "2500.00", False),
        (10, 35, "15800.00", False), (20, 20, "16000.01", False),
    ]  # fmt: skip
    made = [
        desk.apply(call, isee, family=family, housing=housing, disability=disability, surname=f"Rossi{n}", minute=n)
        for n, (family, housing, isee, disability) in enumerate(told)
    ]
    for one in made[:4]:
        applications.admit(desk.session, one)
    applications.exclude(desk.session, made[4])
    return made


def ranked(desk):
    call = desk.call()
    made = five(desk, call)
    calls.close_call(desk.session, call, on=date(2026, 4, 1))
    return call, made, rankings.draw_up_ranking(desk.session, call)


def as_colleague(session):
    session.info["scope"] = replace(session.info["scope"], actor="Paola Ferrari")


def test_five_applications_stand_as_the_scheme_says(desk):
    _call, made, ranking = ranked(desk)

    first, second, third, fourth, out = ranking.rows
    assert [row.application for row in ranking.rows] == [made[2], made[0], made[1], made[3], made[4]]
    assert [row.total for row in ranking.rows] == [
        Decimal("76.88"), Decimal("66.00"), Decimal("66.00"), Decimal("45.25"), None,
    ]  # fmt: skip
    assert [line["counted"] for line in first.lines] == ["40.00", "20.00", "16.88"]
    assert (second.ahead_by, third.behind_by) == (TieBreaker.DISABILITY, TieBreaker.DISABILITY)
    assert (fourth.position, out.position, out.rule) == (4, None, "R-H1")


def test_a_ranking_is_written_whole_though_the_points_are_read_again_from_the_database(desk, monkeypatch):
    call = desk.call()
    five(desk, call)
    calls.close_call(desk.session, call, on=date(2026, 4, 1))
    read = rankings.reasons_of

    def forgetting(session, *rest):
        found = read(session, *rest)
        session.expire_all()
        return found

    monkeypatch.setattr(rankings, "reasons_of", forgetting)

    ranking = rankings.draw_up_ranking(desk.session, call)

    assert [len(row.lines) for row in ranking.rows] == [3, 3, 3, 3, 0]


def test_the_public_sees_place_application_points_and_outcome_alone(desk):
    ranking = ranked(desk)[2]

    told = [asdict(row) for row in ranking.public_rows]

    assert {key for row in told for key in row} == {"position", "application", "total", "outcome", "rule"}
    assert "Rossi" not in str(told)
    assert "7200" not in str(told)


def test_a_ranking_is_published_by_somebody_else_and_contested_until_monday(desk):
    ranking = ranked(desk)[2]
    with pytest.raises(rankings.SamePerson):
        rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))

    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))

    assert ranking.requests_until == date(2026, 4, 27)
    assert not rankings.is_out_of_time(ranking, received_on=date(2026, 4, 27))
    assert rankings.is_out_of_time(ranking, received_on=date(2026, 4, 28))
    with pytest.raises(Refusal):
        rankings.make_final(desk.session, ranking, on=date(2026, 4, 27))


def test_drawing_up_again_makes_a_new_version_and_keeps_the_old(desk):
    call, _made, first = ranked(desk)
    before = [row.public for row in first.rows]

    second = rankings.draw_up_ranking(desk.session, call)

    assert (first.edition, second.edition) == (1, 2)
    assert second.digest == first.digest
    assert [row.public for row in first.rows] == before
    first.rows[0].total = Decimal("99.00")
    with pytest.raises(Refusal):
        desk.session.flush()


def test_nobody_is_ranked_while_applications_wait(desk):
    call = desk.call()
    desk.apply(call)
    calls.close_call(desk.session, call, on=date(2026, 4, 1))

    with pytest.raises(Refusal):
        rankings.draw_up_ranking(desk.session, call)


def test_the_snapshot_stays_as_it_was_declared(desk):
    application = desk.apply(desk.call())
    assert application.protocol == "HOUSING/2026/00001"
    assert application.snapshot["members"][0]["name"] == "Hoxha Arben"

    application.snapshot = {**application.snapshot, "members": []}

    with pytest.raises(Refusal):
        desk.session.flush()


def test_an_application_out_of_the_days_is_refused(desk):
    call = desk.call()
    person, household, certificate = desk.family()

    with pytest.raises(Refusal):
        applications.submit_application(
            desk.session, call=call, person=person, household=household, isee_certificate=certificate, answers={},
            on=date(2026, 4, 1),
        )  # fmt: skip


def test_an_isee_of_another_day_is_refused(desk):
    call = desk.call(opens_on=date(2026, 1, 1), number="2026/09")
    person, household, certificate = desk.family()

    with pytest.raises(Refusal) as refused:
        applications.submit_application(
            desk.session, call=call, person=person, household=household, isee_certificate=certificate, answers={},
            on=date(2026, 1, 19),
        )  # fmt: skip

    assert refused.value.field == "isee_certificate"


def test_open_omissions_flag_an_application_and_bar_its_admission(desk):
    call = desk.call()
    person, household, certificate = desk.family(omissions=True)
    application = applications.submit_application(
        desk.session, call=call, person=person, household=household, isee_certificate=certificate, answers={},
        on=date(2026, 3, 12),
    )  # fmt: skip

    assert application.isee_flagged
    with pytest.raises(Refusal):
        applications.admit(desk.session, application)


def test_from_the_offer_to_the_lease_home_and_application_move_together(desk):
    call, made, ranking = ranked(desk)
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    rankings.make_final(desk.session, ranking, on=date(2026, 4, 28))
    home, best = call.homes[0].dwelling, made[2]

    offer = assignments.offer_dwelling(desk.session, best, dwelling=home, offered_on=date(2026, 5, 4))
    assert home.state is DwellingState.RESERVED
    with pytest.raises(Refusal):
        assignments.offer_dwelling(desk.session, made[0], dwelling=home)
    assignments.accept_offer(desk.session, offer, on=date(2026, 5, 8))
    with pytest.raises(Refusal, match="R-H1"):
        assignments.assign(desk.session, offer, decree="112/2026")
    checks.record_check(desk.session, best, subject="R-H1", outcome=CheckOutcome.CONFIRMED, document="INPS-ISEE-2026-1")
    assignments.assign(desk.session, offer, decree="112/2026", decree_on=date(2026, 5, 12))
    lease = leases.sign_lease(
        desk.session, assignment=offer, kind=LeaseKind.SAS, starts_on=date(2026, 6, 1), monthly_rent=Decimal(300)
    )

    assert lease.tenants[0].person is best.person
    assert best.state is ApplicationState.LEASED
    assert home.state is DwellingState.ASSIGNED
    assert ranking.state is RankingState.FINAL


def test_who_declines_with_cause_stays_and_without_leaves(desk):
    call, made, ranking = ranked(desk)
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    rankings.make_final(desk.session, ranking, on=date(2026, 4, 10) + timedelta(days=18))
    home = call.homes[0].dwelling

    for application, justified, state in (
        (made[2], True, ApplicationState.DECLINED_WITH_CAUSE), (made[0], False, ApplicationState.DECLINED),
    ):  # fmt: skip
        offer = assignments.offer_dwelling(desk.session, application, dwelling=home)
        assignments.refuse_offer(desk.session, offer, reason="Far from work", justified=justified)
        assert application.state is state
        assert home.state is DwellingState.AVAILABLE
