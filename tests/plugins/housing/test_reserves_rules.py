"""How many homes are kept for whom, and which rows fill them (R-H2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.reserves import (
    Reserve,
    ReservedPlace,
    fill,
    indigent_reserve,
    is_indigent,
    left_to_keep,
    other_reserve,
)


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


@pytest.mark.parametrize(("number", "given", "offered", "kept"), [
    (2, 0, 7, 2), (2, 1, 7, 1), (2, 3, 7, 0), (2, 0, 1, 1), (0, 0, 5, 0),
])  # fmt: skip
def test_what_other_calls_of_the_year_gave_is_not_kept_twice(number, given, offered, kept):
    assert left_to_keep(number, given=given, offered=offered) == kept


def test_the_best_placed_of_the_group_fill_its_reserve():
    places = fill([Reserve("indigent", 2)], ["A", "B", "C", "D"], {"indigent": {"D", "B", "C"}})

    assert places == [ReservedPlace("indigent", 1, "B"), ReservedPlace("indigent", 2, "C")]


def test_nobody_fills_two_reserves():
    reserves = [Reserve("indigent", 1), Reserve("couples", 1)]

    places = fill(reserves, ["A", "B"], {"indigent": {"A"}, "couples": {"A", "B"}})

    assert [(place.reserve, place.application) for place in places] == [("indigent", "A"), ("couples", "B")]


names = st.sampled_from("ABCDEFGH")


@given(st.permutations("ABCDEFGH"), st.dictionaries(st.sampled_from(["x", "y"]), st.sets(names)), st.integers(0, 4))
def test_a_reserve_takes_its_own_in_order_and_no_more_than_its_homes(order, belongs, homes):
    places = fill([Reserve("x", homes), Reserve("y", homes)], order, belongs)

    assert len({place.application for place in places}) == len(places)
    for key in ("x", "y"):
        mine = [place.application for place in places if place.reserve == key]
        assert set(mine) <= belongs.get(key, set())
        assert len(mine) <= homes
        assert mine == sorted(mine, key=order.index)
