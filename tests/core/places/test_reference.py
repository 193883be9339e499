"""What is shipped of municipalities and states: complete, spelled as people write, numbered where known."""

from collections import Counter
from datetime import date

import pytest

from core.places import reference
from core.places.reference.spelling import spelled

ROWS = list(reference.municipalities())
STATES = list(reference.states())


def test_the_seven_municipalities_have_istat_code_and_postcode() -> None:
    known = {row["belfiore"]: (row["istat_code"], row["postcode"]) for row in ROWS if row["istat_code"]}

    assert len(known) == 7
    assert known["F471"] == ("017113", "25018")


def test_no_stretch_of_history_comes_twice() -> None:
    assert max(Counter((row["belfiore"], row["valid_from"]) for row in ROWS).values()) == 1


def test_one_stretch_at_most_is_todays() -> None:
    todays = Counter(row["belfiore"] for row in ROWS if row["current"])

    assert len(todays) > 7_800
    assert max(todays.values()) == 1


def test_every_municipality_of_today_has_a_region() -> None:
    assert len({row["region"] for row in ROWS if row["current"]}) == 20
    assert all(row["region"] for row in ROWS if row["current"])


def test_a_municipality_that_ended_says_when() -> None:
    lonato = next(row for row in ROWS if row["belfiore"] == "E667")

    assert (lonato["name"], lonato["valid_to"], lonato["current"]) == ("Lonato", date(2007, 11, 1), False)


@pytest.mark.parametrize(
    ("shipped", "written"),
    [
        ("Desenzano Del Garda", "Desenzano del Garda"),
        ("San Nicolò D'Arcidano", "San Nicolò d'Arcidano"),
        ("Sant'Agata De' Goti", "Sant'Agata de' Goti"),
        ("Peru'", "Perù"),
        ("Stato Citta' Del Vaticano", "Stato Città del Vaticano"),
        ("La Spezia", "La Spezia"),
    ],
)
def test_names_are_spelled_as_people_write_them(shipped: str, written: str) -> None:
    assert spelled(shipped) == written


def test_every_state_of_today_has_its_own_iso_code() -> None:
    codes = [state["iso_code"] for state in STATES if state["current"]]

    assert None not in codes
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("belfiore", "iso"), [("Z222", "IN"), ("Z236", "PK"), ("Z343", "SN"), ("Z154", "RU"), ("Z311", "CG")]
)
def test_states_are_found_by_either_code(belfiore: str, iso: str) -> None:
    assert next(state["iso_code"] for state in STATES if state["belfiore"] == belfiore) == iso


def test_states_that_ended_stay_for_who_was_born_there() -> None:
    ended = {state["belfiore"]: state["iso_code"] for state in STATES if not state["current"]}

    assert ended["Z118"] is None
