"""Two orders compared: who entered, left, moved and why; a scheme tried on a past call."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.refusals import Refusal
from plugins.housing.models import Ranking
from plugins.housing.rules.calls import draw_up
from plugins.housing.rules.comparison import Addend, Movement, Standing, compare
from plugins.housing.services import appeals, comparisons, schemes
from tests.plugins.housing.schemes import FIVE, RULES
from tests.plugins.housing.test_appeals import published, request

HALVES = [
    {"key": "famiglia", "title": "Famiglia", "cap": "20", "criteria": [{"key": "family", "kind": "awarded"}]},
    {"key": "abitazione", "title": "Abitazione", "cap": "80", "criteria": [{"key": "housing", "kind": "awarded"}]},
]


def at(position, application, total="50.00", datum="1"):
    return Standing(application, position, Decimal(total), addends=(Addend("Famiglia", datum, Decimal(total)),))


def out(application, rule="R-H1"):
    return Standing(application, None, None, rule)


def movements(moves):
    return [(move.application, move.movement) for move in moves]


def test_places_move_up_and_down_enter_and_leave():
    before = [at(1, "A"), at(2, "B"), at(3, "C"), out("D")]
    after = [at(1, "B"), at(2, "A"), at(3, "D"), out("C")]

    assert movements(compare(before, after)) == [
        ("B", Movement.UP), ("A", Movement.DOWN), ("D", Movement.ENTERED), ("C", Movement.LEFT),
    ]  # fmt: skip


def test_the_criteria_that_count_otherwise_are_named_with_both_data():
    (move,) = compare([at(1, "A", "50.00", "1")], [at(1, "A", "60.00", "2")])

    (difference,) = move.differences
    assert (difference.before.datum, difference.after.datum) == ("1", "2")
    assert (move.movement, move.is_changed) == (Movement.SAME, True)


def test_who_was_left_out_in_both_is_not_changed():
    (move,) = compare([out("A")], [out("A")])

    assert (move.movement, move.is_changed) == (Movement.SAME, False)


@given(st.permutations("ABCDE"), st.permutations("ABCDE"))
def test_whoever_goes_up_passes_somebody_who_goes_down(before, after):
    moves = compare([at(n, one) for n, one in enumerate(before, 1)], [at(n, one) for n, one in enumerate(after, 1)])
    told = [move.movement for move in moves]

    assert (Movement.UP in told) is (Movement.DOWN in told)
    assert [move.application for move in moves] == list(after)


@given(st.integers(0, 4), st.decimals(0, 100, places=2))
def test_more_points_of_an_answer_never_lower_its_place(who, more):
    chosen = FIVE[who]
    raised = replace(chosen, answers=chosen.answers | {"housing": chosen.answers["housing"] + more})
    before = {one.candidate.application: one for one in draw_up(RULES, FIVE).places}
    after = {
        one.candidate.application: one
        for one in draw_up(RULES, [raised if one is chosen else one for one in FIVE]).places
    }

    if chosen.application in before:
        assert after[chosen.application].position <= before[chosen.application].position
        assert after[chosen.application].candidate.total >= before[chosen.application].candidate.total


def test_a_version_after_a_request_granted_shows_what_moved_and_by_which_line(desk):
    made, first = published(desk)
    appeal = request(desk, made[1])
    appeals.grant_appeal(desk.session, appeal, reason="Right", answers={"housing": Decimal(40)})

    moves = comparisons.compare_versions(first, appeal.led_to)

    assert movements(moves)[:3] == [
        (made[1].protocol, Movement.UP), (made[2].protocol, Movement.DOWN), (made[0].protocol, Movement.DOWN),
    ]  # fmt: skip
    (difference,) = moves[0].differences
    assert (difference.before.counted, difference.after.counted) == (Decimal("25.00"), Decimal("40.00"))


def test_rankings_of_two_calls_are_not_compared(desk):
    _made, first = published(desk)
    other = Ranking(call_id=None, edition=1)

    with pytest.raises(Refusal):
        comparisons.compare_versions(first, other)


def test_a_scheme_is_tried_on_a_past_call_and_nothing_is_written(desk):
    made, ranking = published(desk)
    halves = schemes.add_scheme(desk.session, key="halves", title="Metà", criteria=HALVES)
    desk.session.flush()
    totals = [one.total for one in made]

    moves = comparisons.try_scheme(desk.session, halves, ranking.call)

    assert [(move.application, move.after.total) for move in moves[:4]] == [
        (made[0].protocol, Decimal("50.00")), (made[1].protocol, Decimal("45.00")),
        (made[3].protocol, Decimal("45.00")), (made[2].protocol, Decimal("40.00")),
    ]  # fmt: skip
    assert (moves[4].application, moves[4].after.rule) == (made[4].protocol, "R-H1")
    assert not desk.session.dirty
    assert not desk.session.new
    assert [one.total for one in made] == totals
    assert desk.session.scalar(select(func.count(Ranking.id))) == 1


def test_a_call_without_decided_applications_has_nothing_to_try(desk):
    call = desk.call()
    desk.apply(call)

    with pytest.raises(Refusal) as refused:
        comparisons.try_scheme(desk.session, call.scheme, call)

    assert refused.value.field == "call"
    assert call.closes_on == date(2026, 3, 31)
