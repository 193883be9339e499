"""The order of a ranking and what decides it (R-H4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.calls import digest, draw_up
from plugins.housing.rules.ranking import Candidate, TieBreaker, draw_key, order
from tests.plugins.housing.schemes import FIVE, RULES

NINE = datetime(2026, 3, 12, 9, tzinfo=UTC)
DEFAULT = tuple(TieBreaker)


def candidate(application, *, total=50, isee=7200, disability=False, minors=0, submitted_at=NINE):
    return Candidate(application, Decimal(total), isee and Decimal(isee), disability, minors, submitted_at)


def positions(places):
    return [place.candidate.application for place in places]


def test_the_demonstration_call_is_ranked_as_published():
    ranking = draw_up(RULES, FIVE)

    assert [(place.position, place.candidate.application, place.candidate.total) for place in ranking.places] == [
        (1, "D-103", Decimal("76.88")),
        (2, "D-101", Decimal("66.00")),
        (3, "D-102", Decimal("66.00")),
        (4, "D-104", Decimal("45.25")),
    ]
    assert {application: [reason.rule for reason in reasons] for application, reasons in ranking.excluded.items()} == {
        "D-105": ["R-H1"]
    }


def test_d_101_comes_before_d_102_by_disability_because_their_isee_is_equal():
    first, second, third, fourth = draw_up(RULES, FIVE).places

    assert (second.ahead_by, third.behind_by) == (TieBreaker.DISABILITY, TieBreaker.DISABILITY)
    assert not first.is_tied
    assert not fourth.is_tied


@pytest.mark.parametrize(("better", "worse", "decides"), [
    ({"isee": "7000.00"}, {"isee": "7000.01"}, TieBreaker.LOWER_ISEE),
    ({"isee": 7000}, {"isee": None}, TieBreaker.LOWER_ISEE),
    ({"disability": True}, {"disability": False, "minors": 5}, TieBreaker.DISABILITY),
    ({"minors": 2}, {"minors": 1}, TieBreaker.MORE_MINORS),
    ({}, {"submitted_at": NINE + timedelta(seconds=1)}, TieBreaker.EARLIER_SUBMISSION),
])  # fmt: skip
def test_each_tie_breaker_decides_in_its_turn(better, worse, decides):
    upper, lower = order("2026/01", [candidate("Z", **worse), candidate("A", **better)], DEFAULT)

    assert (upper.candidate.application, upper.ahead_by, lower.behind_by) == ("A", decides, decides)


def test_a_call_may_order_its_tie_breakers_otherwise():
    poorer, more_minors = candidate("A", isee=1000, minors=1), candidate("B", isee=9000, minors=3)

    assert positions(order("2026/01", [poorer, more_minors], [TieBreaker.MORE_MINORS])) == ["B", "A"]


def test_what_nothing_else_decides_the_recorded_draw_decides():
    twins = [candidate("D-1"), candidate("D-2")]

    upper, lower = order("2026/01", twins, DEFAULT)

    assert upper.draw == sha256(f"2026/01|{upper.candidate.application}".encode()).hexdigest()
    assert upper.draw < lower.draw
    assert lower.behind_by is TieBreaker.DRAW


def test_another_call_draws_other_lots():
    assert draw_key("2026/01", "D-1") != draw_key("2026/02", "D-1")


def test_the_middle_one_of_three_equal_totals_tells_both_decisions():
    three = [candidate("A", isee=1), candidate("B", isee=2, minors=1), candidate("C", isee=2)]

    places = order("2026/01", three, DEFAULT)

    assert (places[1].behind_by, places[1].ahead_by) == (TieBreaker.LOWER_ISEE, TieBreaker.MORE_MINORS)


def test_an_application_cannot_stand_twice():
    with pytest.raises(ValueError, match="twice"):
        order("2026/01", [candidate("A"), candidate("A", total=60)], DEFAULT)


candidates = st.lists(
    st.builds(
        candidate,
        st.uuids().map(str),
        total=st.sampled_from(["40.00", "50.00"]),
        isee=st.sampled_from([None, 100, 200]),
        disability=st.booleans(),
        minors=st.integers(0, 2),
        submitted_at=st.sampled_from([NINE, NINE + timedelta(minutes=1)]),
    ),
    max_size=12,
    unique_by=lambda one: one.application,
)


@given(candidates.flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))), st.permutations(DEFAULT))
def test_the_order_in_which_applications_come_changes_nothing(both, breakers):
    listed, shuffled = both

    assert order("2026/01", listed, breakers) == order("2026/01", shuffled, breakers)


@given(candidates, st.lists(st.sampled_from(TieBreaker)))
def test_the_order_is_total_and_every_tie_names_what_broke_it(listed, breakers):
    places = order("2026/01", listed, breakers)

    assert sorted(positions(places)) == sorted(one.application for one in listed)
    assert [place.position for place in places] == list(range(1, len(listed) + 1))
    for above, below in pairwise(places):
        assert above.candidate.total >= below.candidate.total
        assert above.ahead_by is below.behind_by
        assert (below.behind_by is None) is (above.candidate.total != below.candidate.total)


@given(candidates, st.data())
def test_taking_one_application_away_leaves_the_others_in_their_order(listed, data):
    gone = data.draw(st.sampled_from(listed)) if listed else None
    kept = [one for one in listed if one != gone]

    before = [name for name in positions(order("2026/01", listed, DEFAULT)) if gone and name != gone.application]

    assert positions(order("2026/01", kept, DEFAULT)) == before


@given(st.permutations(FIVE))
def test_the_same_entries_and_rules_give_the_same_ranking_and_fingerprint(shuffled):
    assert draw_up(RULES, shuffled) == draw_up(RULES, FIVE)


def test_the_fingerprint_knows_amounts_and_instants_not_their_spelling():
    rome = timezone(timedelta(hours=1))
    spelt = [replace(one, submitted_at=one.submitted_at.astimezone(rome)) for one in FIVE]
    spelt[0] = replace(spelt[0], answers=spelt[0].answers | {"isee": Decimal(7200)})

    assert digest(RULES, spelt) == digest(RULES, FIVE)


@pytest.mark.parametrize("changed", [
    (replace(RULES, call="2026/02"), FIVE),
    (replace(RULES, requirements=()), FIVE),
    (replace(RULES, tie_breakers=DEFAULT[1:]), FIVE),
    (replace(RULES, scheme=replace(RULES.scheme, version=2)), FIVE),
    (RULES, FIVE[1:]),
    (RULES, [replace(FIVE[0], answers=FIVE[0].answers | {"minors": 2}), *FIVE[1:]]),
    (RULES, [replace(FIVE[0], submitted_at=NINE + timedelta(seconds=1)), *FIVE[1:]]),
])  # fmt: skip
def test_the_fingerprint_changes_with_any_input_or_rule(changed):
    assert digest(*changed) != digest(RULES, FIVE)


def test_a_submission_without_time_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        candidate("A", submitted_at=datetime(2026, 3, 12, 9))  # noqa: DTZ001  the mistake itself
