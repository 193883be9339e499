"""Requirements of a call (R-H1) and reserved homes (R-H2)."""

from decimal import Decimal

import pytest

from plugins.housing.rules.requirements import (
    Ceiling,
    Condition,
    Exclusion,
    exclusions,
    indigent_reserve,
    is_indigent,
    other_reserve,
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


@pytest.mark.parametrize(("isee", "attested", "needed", "indigent"), [
    ("3000.00", True, True, True),
    ("3000.01", True, True, False),
    ("3000.00", False, True, False),
    ("3000.00", False, False, True),
])  # fmt: skip
def test_indigence_is_a_low_isee_and_where_asked_an_attestation(isee, attested, needed, indigent):
    limit = Decimal("3000.00")

    assert is_indigent(Decimal(isee), limit=limit, attested=attested, attestation_needed=needed) is indigent


def test_a_fifth_of_seven_homes_keeps_two_for_the_indigent():
    assert indigent_reserve(7, Decimal("0.20")) == 2


def test_an_exact_share_is_not_rounded_up():
    assert indigent_reserve(10, Decimal("0.20")) == 2
    assert indigent_reserve(0, Decimal("0.20")) == 0


@pytest.mark.parametrize(("homes", "kept"), [(7, 1), (8, 2), (12, 2), (13, 3)])
def test_other_reserves_are_rounded_half_up(homes, kept):
    # a fifth: 1.4, 1.6, 2.4, 2.6
    assert other_reserve(homes, Decimal("0.20")) == kept


def test_half_a_home_in_another_reserve_is_a_home():
    assert other_reserve(5, Decimal("0.10")) == 1
