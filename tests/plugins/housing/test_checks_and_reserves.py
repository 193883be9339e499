"""Requirements that name their rule, verifications one at a time, homes kept for indigent households."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refusal
from plugins.housing.models import CallState, CheckOutcome, Regime
from plugins.housing.pages.call_panels import lines_of, requirements_of
from plugins.housing.services import applications, assignments, calls, checks, rankings, reserves
from tests.plugins.housing.test_services_ranking import as_colleague, five, ranked

ATTESTED = "Relazione del servizio sociale 14/2026"


def verify(desk, application, subject, *, document=ATTESTED, outcome=CheckOutcome.CONFIRMED):
    return checks.record_check(desk.session, application, subject=subject, outcome=outcome, document=document)


def homes(desk, number):
    return [desk.home(f"MON-{n:03}") for n in range(number)]


def test_who_passes_the_isee_limit_by_a_cent_is_told_the_rule_the_limit_and_the_datum(desk):
    application = desk.apply(desk.call(), "16000.01")

    with pytest.raises(Refusal, match=r"R-H1 \(ISEE of at most 16.000,00\s€; declared: 16.000,01\s€\)"):
        applications.admit(desk.session, application)


def test_a_requirement_never_answered_is_asked_for_before_anybody_is_excluded(desk):
    application = desk.apply(desk.call(residence_required=True))

    with pytest.raises(Refusal, match=r"Nobody answered whether R-H1.residence is met"):
        applications.admit(desk.session, application)
    told = requirements_of(desk.session, application)["rows"]
    assert [(row["rule"], row["met"]) for row in told] == [("R-H1", True), ("R-H1.residence", None)]


def test_years_of_residence_are_no_requirement_of_any_call(desk):
    call = desk.call(residence_required=True, no_property_required=True)

    assert [one.rule for one in call.requirements] == ["R-H1", "R-H1.residence", "R-H1.property"]


def test_the_last_verification_of_a_subject_counts_and_the_earlier_ones_stay(desk):
    application = desk.apply(desk.call())
    verify(desk, application, "family", outcome=CheckOutcome.NOT_CONFIRMED)

    second = verify(desk, application, "family", document="Stato di famiglia 22/06/2026")

    assert checks.checks_of(desk.session, [application.id]) == {application.id: {"family": second}}
    assert (second.checked_by, second.document) == ("Luca Neri", "Stato di famiglia 22/06/2026")
    second.document = "Another"
    with pytest.raises(Refusal):
        desk.session.flush()


def test_only_what_the_call_asks_or_weighs_is_verified(desk):
    application = desk.apply(desk.call())

    with pytest.raises(Refusal, match=r"“shoes”.*R-H1 .*family") as refused:
        verify(desk, application, "shoes")

    assert refused.value.field == "subject"


def test_a_place_is_explained_by_rule_datum_document_and_who_verified_it(desk):
    _call, made, ranking = ranked(desk)
    verify(desk, made[2], "isee", document="DSU INPS-ISEE-2026-1")
    verify(desk, made[2], "R-H1", document="DSU INPS-ISEE-2026-1")

    lines, asked = lines_of(desk.session, ranking.rows[0])

    family, _housing, isee = lines
    assert (str(isee["rule"]), isee["datum"], isee["counted"]) == ("20 × (16.000 − ISEE) ÷ 16.000", "2.500,00", "16.88")
    assert (isee["check"].document, isee["check"].checked_by) == ("DSU INPS-ISEE-2026-1", "Luca Neri")
    assert (family["cap"], family["check"]) == (Decimal(40), None)
    assert [(one["rule"], one["check"].document) for one in asked] == [("R-H1", "DSU INPS-ISEE-2026-1")]


def test_seven_homes_keep_two_for_indigent_households(desk):
    call = desk.call(*homes(desk, 7))

    (kept,) = reserves.kept_homes(desk.session, call)

    assert (kept["percent"], kept["base"], kept["number"], kept["homes"]) == ("20", 7, 2, 2)


def test_the_reserve_counts_the_homes_free_in_the_year_and_may_be_raised(desk):
    call = desk.call(*homes(desk, 2), free_homes=11, reserve_percent=Decimal(40))

    (kept,) = reserves.kept_homes(desk.session, call)

    assert (kept["base"], kept["number"], kept["homes"]) == (11, 5, 2)


def test_for_public_housing_the_reserve_is_never_lowered(desk):
    with pytest.raises(Refusal) as refused:
        calls.prepare_call(
            desk.session, number="SAP/1", title="SAP", regime=Regime.SAP, opens_on=date(2026, 3, 1),
            closes_on=date(2026, 3, 31), reserve_percent=Decimal("19.99"),
        )  # fmt: skip

    assert refused.value.field == "reserve_percent"


def test_the_best_placed_indigent_household_attested_fills_the_reserve_and_the_row_says_why(desk):
    call = desk.call(*homes(desk, 7))
    made = five(desk, call)
    verify(desk, made[2], "indigent")
    calls.close_call(desk.session, call, on=date(2026, 4, 1))

    ranking = rankings.draw_up_ranking(desk.session, call)

    first = ranking.rows[0]
    assert (first.application, first.reserve, first.reserve_place) == (made[2], "indigent", 1)
    assert first.reserve_why == {"isee": "2500.00", "limit": "3000.00", "document": ATTESTED}
    assert [row.reserve for row in ranking.rows[1:]] == [None] * 4
    assert ranking.reserves[0]["homes"] == 2


def test_without_the_attestation_nobody_is_indigent_unless_the_municipality_does_not_ask_it(desk):
    _call, _made, ranking = ranked(desk)
    assert ranking.rows[0].reserve is None

    desk.set("housing.indigent_attestation", "0")
    again = rankings.draw_up_ranking(desk.session, ranking.call)

    assert again.rows[0].reserve == "indigent"


def test_the_reserve_is_not_published(desk):
    desk.set("housing.indigent_attestation", "0")
    ranking = ranked(desk)[2]

    assert "indigent" not in repr(ranking.public_rows)


def test_a_reserve_for_a_group_is_rounded_half_up_and_filled_by_who_answered_yes(desk):
    call = desk.call(*homes(desk, 7))
    call.state = CallState.DRAFT
    reserves.add_reserve(desk.session, call, title="Couples under 35", criterion="young_couple", percent=Decimal(20))
    calls.publish_call(desk.session, call)
    made = five(desk, call)
    applications.correct_answers(desk.session, made[3], answers={"young_couple": True})
    calls.close_call(desk.session, call, on=date(2026, 4, 1))

    ranking = rankings.draw_up_ranking(desk.session, call)

    assert [(told["number"], told["homes"]) for told in ranking.reserves] == [(2, 2), (1, 1)]
    assert [(row.application, row.reserve) for row in ranking.rows if row.reserve] == [(made[3], "young_couple")]


def test_reserves_are_set_before_the_call_is_published_and_never_beyond_the_whole(desk):
    call = desk.call(*homes(desk, 2))
    told = {"title": "Couples", "criterion": "young_couple"}
    with pytest.raises(Refusal, match="published"):
        reserves.add_reserve(desk.session, call, percent=Decimal(10), **told)
    call.state = CallState.DRAFT

    with pytest.raises(Refusal) as refused:
        reserves.add_reserve(desk.session, call, percent=Decimal("80.01"), **told)

    assert refused.value.field == "percent"


def test_what_the_years_first_call_gave_to_the_indigent_is_not_kept_again_by_the_second(desk):
    desk.set("housing.indigent_attestation", "0")
    _call, made, ranking = ranked(desk)
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    rankings.make_final(desk.session, ranking, on=date(2026, 4, 28))
    assignments.offer_dwelling(desk.session, made[2], dwelling=ranking.call.homes[0].dwelling)

    second = calls.prepare_call(
        desk.session, number="2026/02", title="Altri alloggi", regime=Regime.SAS, opens_on=date(2026, 9, 1),
        closes_on=date(2026, 9, 30), scheme=ranking.call.scheme, homes=[desk.home("MON-900")],
    )  # fmt: skip

    (kept,) = reserves.kept_homes(desk.session, second)
    assert (kept["base"], kept["number"], kept["given"], kept["homes"]) == (2, 1, 1, 0)
