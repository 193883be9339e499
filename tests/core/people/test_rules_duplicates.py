"""Likeness of two people, with its reasons."""

from datetime import date

import pytest

from core.people.rules.duplicates import Traits, likeness, one_letter_apart

BORN = date(1984, 7, 9)
CHIARA = Traits("Bonometti", "Chiara", BORN, phone="+390305550142")


@pytest.mark.parametrize(
    ("other", "score"),
    [
        (Traits("BONOMETTI", " chiàra", BORN), 90),
        (Traits("Chiara", "Bonometti", BORN), 85),
        (Traits("Bonometi", "Chiara", BORN), 75),
        (Traits("Bonometti", "Chiara", None), 60),
        (Traits("Bonometti", "Luca", date(1990, 1, 1), phone="+390305550142"), 70),
        (Traits("Bonometti", "Chiara", date(1990, 1, 1)), 0),
        (Traits("Rossi", "Mario", BORN), 0),
    ],
)
def test_the_strongest_sign_gives_the_score_and_says_why(other: Traits, score: int) -> None:
    found = likeness(CHIARA, other)

    assert found.score == score
    assert bool(found.reasons) is bool(score)
    assert likeness(other, CHIARA).score == score


def test_the_same_code_is_the_same_person_under_any_name() -> None:
    one, other = (Traits(name, "Chiara", codice_fiscale="BNMCHR84L49F471K") for name in ("Bonometti", "Rossi"))

    assert likeness(one, other).score == 100


def test_nobody_is_alike_for_lack_of_facts() -> None:
    assert likeness(Traits("", ""), Traits("", "")).score == 0


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("rossi", "rosi", True),
        ("rossi", "rosssi", True),
        ("rossi", "rosso", True),
        ("rossi", "orssi", True),
        ("rossi", "rossi", False),
        ("rossi", "russo", False),
        ("rossi", "ro", False),
    ],
)
def test_one_letter_is_a_slip_and_two_are_not(one: str, other: str, near: bool) -> None:
    assert one_letter_apart(one, other) is near
