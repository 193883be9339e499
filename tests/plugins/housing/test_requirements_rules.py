"""Requirements of a call (R-H1)."""

from decimal import Decimal

import pytest

from plugins.housing.rules.requirements import (
    Ceiling,
    Condition,
    Exclusion,
    examine,
    exclusions,
)

ISEE = Ceiling("R-H1", "isee", Decimal("16000.00"))
DISTRICT = Condition("R-H1", ("resides_in_district", "works_in_district"))


def test_an_isee_at_the_limit_is_admitted():
    assert exclusions([ISEE], {"isee": Decimal("16000.00")}) == []


def test_an_isee_one_cent_over_the_limit_is_excluded_by_rule():
    over = Decimal("16000.01")

    assert exclusions([ISEE], {"isee": over}) == [Exclusion("R-H1", "isee", over, Decimal("16000.00"))]


def test_an_isee_never_shown_does_not_meet_a_ceiling_and_says_so():
    assert exclusions([ISEE], {}) == [Exclusion("R-H1", "isee", None, Decimal("16000.00"))]


@pytest.mark.parametrize(("answers", "admitted"), [
    ({"resides_in_district": True}, True),
    ({"resides_in_district": False, "works_in_district": True}, True),
    ({"resides_in_district": False, "works_in_district": False}, False),
    ({}, False),
])  # fmt: skip
def test_living_or_working_in_the_district_is_enough(answers, admitted):
    assert (exclusions([DISTRICT], answers) == []) is admitted


def test_every_requirement_not_met_is_told_in_the_order_of_the_call():
    found = exclusions([DISTRICT, ISEE], {"isee": Decimal(20000), "works_in_district": False})

    assert [(exclusion.criterion, exclusion.datum) for exclusion in found] == [
        ("resides_in_district", False),
        ("isee", Decimal(20000)),
    ]


@pytest.mark.parametrize(("answers", "said"), [
    ({"isee": Decimal("16000.01"), "works_in_district": True}, [(Decimal("16000.01"), False), (True, True)]),
    ({"resides_in_district": False}, [(None, None), (False, False)]),
])  # fmt: skip
def test_each_requirement_says_whether_it_is_met_not_met_or_never_answered(answers, said):
    assert [(one.datum, one.met) for one in examine([ISEE, DISTRICT], answers)] == said
