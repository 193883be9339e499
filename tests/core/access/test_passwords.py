"""Which passwords are accepted, and how they are kept."""

import importlib
import time

import pytest
from argon2 import PasswordHasher

from core.access import passwords
from core.access.passwords import check_password, hashed, is_easy, is_outdated, matches
from core.refusals import Refusal


def test_a_password_matches_its_own_hash_alone() -> None:
    kept = hashed("zattera melograno 7")

    assert matches(kept, "zattera melograno 7")
    assert not matches(kept, "zattera melograno 8")


def test_nothing_matches_the_empty_hash_of_somebody_invited() -> None:
    assert not matches("", "")
    assert not matches("", "zattera melograno 7")


def test_an_accent_is_the_same_however_it_was_typed() -> None:
    assert matches(hashed("perch\u00e9 melograno"), "perche\u0301 melograno")


def test_a_broken_hash_matches_nothing() -> None:
    assert not matches("not a hash", "zattera melograno 7")


def test_a_hash_of_older_parameters_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hashed("zattera melograno 7")
    assert not is_outdated(kept)

    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))

    assert is_outdated(kept)


def test_hashes_are_argon2id_with_64_mib_three_passes_and_four_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    fresh = importlib.reload(passwords)

    assert fresh.hashed("zattera melograno 7").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_unknown_user_takes_as_long_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=3, memory_cost=8192, parallelism=1))
    kept = hashed("zattera melograno 7")
    matches("", "warm up")

    def median(of: str) -> float:
        taken = []
        for _ in range(21):
            start = time.process_time()
            matches(of, "another password")
            taken.append(time.process_time() - start)
        return sorted(taken)[10]

    assert median("") == pytest.approx(median(kept), rel=0.5)


@pytest.mark.parametrize(
    "password",
    [
        "Password2024!", "P@ssw0rd1234", "123456789012", "qwertyuiop123", "1qaz2wsx3edc", "aaaaaaaaaaaa",
        "abababababab", "Montichiari2026", "juventus1897!!", "amore mio 2020 ti amo", "francescofrancesca",
        "ciaociaociao1", "Settembre2026!", "Forza Brescia 1911",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str) -> None:
    with pytest.raises(Refusal, match="easy to guess"):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "cavallo graffetta corretta", "zattera-melograno-7", "sole luna stella", "x9k2h4q8b1m3", "Xk93hdkQpz71",
        "casa rossa tavolo",
    ],
)  # fmt: skip
def test_a_few_words_or_random_letters_are_accepted(password: str) -> None:
    check_password(password)


def test_ones_own_name_is_easy_to_guess() -> None:
    assert is_easy("Bertoli.Maria.84", about=("Maria Bertoli", "m.bertoli@ponte.example"))
    assert not is_easy("Bertoli.Maria.84")


@pytest.mark.parametrize(("length", "administrator", "accepted"), [
    (11, False, False), (12, False, True), (13, True, False), (14, True, True), (200, False, True), (201, False, False),
])  # fmt: skip
def test_twelve_characters_are_enough_and_administrators_need_fourteen(
    length: int, administrator: bool, accepted: bool
) -> None:
    password = ("zvltrpmkgnbq" * 20)[:length]

    if accepted:
        check_password(password, administrator=administrator)
    else:
        with pytest.raises(Refusal, match="characters"):
            check_password(password, administrator=administrator)
