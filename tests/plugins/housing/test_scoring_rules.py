"""Points, caps and their explanation (R-H3)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.scheme import Criterion, CriterionKind, Group, InvalidScheme, Scheme, read_scheme
from plugins.housing.rules.scoring import ScoreLine, score
from tests.plugins.housing.schemes import DEMO

AWARDED = CriterionKind.AWARDED


def scheme_of(*criteria, cap=100):
    return Scheme("test", 1, (Group("all", Decimal(cap), criteria),))


def test_d_103_has_76_88_points_of_which_the_family_counts_40_of_45():
    points = score(DEMO, {"family": Decimal(45), "housing": Decimal(20), "isee": Decimal("2500.00")})

    assert points.lines == (
        ScoreLine("family", "family", Decimal(45), Decimal("45.00"), Decimal("40.00")),
        ScoreLine("housing", "housing", Decimal(20), Decimal("20.00"), Decimal("20.00")),
        ScoreLine("economic", "isee", Decimal("2500.00"), Decimal("16.88"), Decimal("16.88")),
    )
    assert points.total == Decimal("76.88")


@pytest.mark.parametrize(("isee", "points"), [
    ("0.00", "20.00"), ("7200.00", "11.00"), ("15800.00", "0.25"), ("16000.00", "0.00"), ("16000.01", "0.00"),
    ("-100.00", "20.00"),
])  # fmt: skip
def test_a_lower_isee_gives_more_points_between_zero_and_twenty(isee, points):
    assert score(DEMO, {"isee": Decimal(isee)}).of_group("economic") == Decimal(points)


def test_an_answer_not_given_is_worth_nothing_and_keeps_its_line():
    points = score(DEMO, {"family": Decimal(10)})

    assert points.total == Decimal("10.00")
    assert [(line.criterion, line.datum) for line in points.lines][1:] == [("housing", None), ("isee", None)]


def test_under_a_cap_the_first_criteria_count_first():
    scheme = scheme_of(Criterion("a", AWARDED), Criterion("b", AWARDED), Criterion("c", AWARDED), cap=40)

    points = score(scheme, {"a": 25, "b": 20, "c": 5})

    assert [line.counted for line in points.lines] == [Decimal(25), Decimal(15), Decimal(0)]


@pytest.mark.parametrize(("answer", "points"), [(True, "8.00"), (False, "0.00"), (None, "0.00")])
def test_a_yes_gives_its_points(answer, points):
    scheme = scheme_of(Criterion("eviction", CriterionKind.YES_NO, points=Decimal(8)))

    assert score(scheme, {"eviction": answer}).total == Decimal(points)


def test_each_minor_gives_points():
    scheme = scheme_of(Criterion("minors", CriterionKind.EACH, points=Decimal("2.5")))

    assert score(scheme, {"minors": 3}).total == Decimal("7.50")


@pytest.mark.parametrize(("years", "points"), [(4, "0.00"), (5, "3.00"), (9, "3.00"), (10, "6.00"), (40, "6.00")])
def test_seniority_gives_the_points_of_the_highest_step_reached(years, points):
    steps = ((Decimal(5), Decimal(3)), (Decimal(10), Decimal(6)))
    scheme = scheme_of(Criterion("years_resident", CriterionKind.STEPS, steps=steps))

    assert score(scheme, {"years_resident": years}).total == Decimal(points)


@given(
    st.lists(st.decimals(min_value=0, max_value=60, places=2), min_size=1, max_size=6),
    st.decimals(min_value=0, max_value=100, places=2),
)
def test_the_lines_of_a_group_count_for_the_smaller_of_sum_and_cap(awards, cap):
    keys = [f"c{number}" for number in range(len(awards))]
    scheme = scheme_of(*(Criterion(key, AWARDED) for key in keys), cap=cap)

    points = score(scheme, dict(zip(keys, awards, strict=True)))

    assert points.total == min(sum(awards), cap)
    assert all(0 <= line.counted <= line.points for line in points.lines)


def test_a_scheme_is_read_from_a_table_row():
    row = {
        "key": "demo",
        "version": 1,
        "groups": [
            {"key": "family", "cap": "40", "criteria": [{"key": "family", "kind": "awarded"}]},
            {"key": "housing", "cap": "40", "criteria": [{"key": "housing", "kind": "awarded"}]},
            {
                "key": "economic",
                "cap": "20",
                "criteria": [{"key": "isee", "kind": "linear_isee", "points": "20", "limit": "16000.00"}],
            },
        ],
    }

    assert read_scheme(row) == DEMO


@pytest.mark.parametrize("groups", [
    [{"key": "family", "criteria": []}],
    [{"key": "family", "cap": "forty", "criteria": []}],
    [{"key": "family", "cap": "40", "criteria": [{"key": "family", "kind": "magic"}]}],
    [{"key": "family", "cap": "40", "criteria": [{"key": "isee", "kind": "linear_isee", "points": "20"}]}],
    [{"key": "family", "cap": "40", "criteria": [{"key": "years", "kind": "steps"}]}],
    [{"key": "family", "cap": "40", "criteria": [{"key": "a", "kind": "awarded"}] * 2}],
])  # fmt: skip
def test_a_scheme_that_cannot_be_computed_is_refused(groups):
    with pytest.raises(InvalidScheme):
        read_scheme({"key": "broken", "version": 1, "groups": groups})
