"""Likeness of two people, with its reasons."""

from datetime import date

import pytest

from core.language.matching import one_letter_apart
from core.people.rules.duplicates import LIKELY, Traits, are_namesakes, likeness
from core.people.rules.names import sounds_like
from tests.core.people.pairs import PAIRS, labelled_pairs

BORN = date(1984, 7, 9)
CHIARA = Traits("Bonometti", "Chiara", BORN, phone="+390305550142")


@pytest.mark.parametrize(
    ("other", "score"),
    [
        (Traits("BONOMETTI", " chiàra", BORN), 90),
        (Traits("Chiara", "Bonometti", BORN), 85),
        (Traits("Bonometi", "Chiara", BORN), 75),
        (Traits("Bonometti", "Chiara", None), 60),
        (Traits("Bonometti", "Chiara Maria", BORN), 70),
        (Traits("Bonometti", "Chiara", date(1984, 9, 7)), 65),
        (Traits("Bonometti", "C.", None, phone="+390305550142"), 70),
        (Traits("Bonometti", "Luca", date(1990, 1, 1), phone="+390305550142"), 40),
        (Traits("Bonometti", "Chiara", date(1990, 1, 1)), 0),
        (Traits("Rossi", "Mario", BORN), 0),
    ],
)
def test_the_strongest_sign_gives_the_score_and_says_why(other: Traits, score: int) -> None:
    found = likeness(CHIARA, other)

    assert found.score == score
    assert [sign.weight for sign in found.signs][:1] == ([score] if score else [])
    assert likeness(other, CHIARA).score == score


def test_the_same_code_is_the_same_person_under_any_name() -> None:
    one, other = (Traits(name, "Chiara", codice_fiscale="BNMCHR84L49F471K") for name in ("Bonometti", "Rossi"))

    assert likeness(one, other).score == 100


def test_two_codes_of_their_own_make_two_people_likely_and_a_namesake_is_named() -> None:
    chiara, other = (CHIARA._replace(codice_fiscale=code) for code in ("BNMCHR84L49F471K", "BNMCHR84L49B157M"))
    namesake = CHIARA._replace(codice_fiscale="BNMCHR84L49F47MC")

    assert likeness(chiara, other).score < LIKELY
    assert "differ" in str(likeness(chiara, other).signs[-1])
    assert "namesake" in str(likeness(chiara, namesake).signs[0])
    assert are_namesakes(chiara.codice_fiscale, namesake.codice_fiscale)
    assert not are_namesakes(chiara.codice_fiscale, other.codice_fiscale)


def test_of_a_thousand_labelled_pairs_nearly_all_are_found_and_few_wrongly() -> None:
    pairs = labelled_pairs()
    for least in (1, LIKELY):
        asked = [pair for pair in pairs if likeness(pair.one, pair.other).score >= least]
        right = sum(pair.same for pair in asked)

        assert len(pairs) == PAIRS
        assert right / sum(pair.same for pair in pairs) >= 0.95
        assert right / len(asked) >= 0.60


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mohamed", "Muhammad", True), ("Nataliia", "Natalia", True), ("Oleksandr", "Alexander", True),
        ("Harpreet", "Harprit", True), ("Shevchenko", "Ševčenko", True), ("Ousmane", "Usman", True),
        ("Maria", "Mario", False), ("Rossi", "Rizzi", False), ("Li", "Lu", False), ("", "", True),
    ],
)  # fmt: skip
def test_one_name_in_two_spellings_sounds_the_same(one: str, other: str, same: bool) -> None:
    assert sounds_like(one, other) is same


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
