"""The codice fiscale: made, checked, read back, omocodia included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.rules.codice_fiscale import Decoded, base, check, decode, encode, mismatches
from core.refusals import Refusal

TODAY = date(2026, 7, 1)
CHIARA = Decoded("F", date(1984, 7, 9), "F471")
TYPED = {
    "surname": "Bonometti",
    "name": "Chiara",
    "sex": "F",
    "birth_date": date(1984, 7, 9),
    "birth_place": "F471",
}
words = st.text("ABCDEFGHILMNOPRSTUVZàèìòù' -", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (("Bonometti", "Chiara", "F", date(1984, 7, 9), "F471"), "BNMCHR84L49F471K"),
        (("Rossi", "Mario", "M", date(1979, 2, 11), "C566"), "RSSMRA79B11C566R"),
    ],
)
def test_codes_are_made_as_the_decree_says(person: tuple[str, str, str, date, str], code: str) -> None:
    assert encode(*person) == code


@pytest.mark.parametrize(
    ("surname", "name", "letters"),
    [
        ("Fo", "Al", "FOXLAX"),
        ("D'Amico", "Niccolò", "DMCNCL"),
        ("Aiùe", "Gianfranco", "AIUGFR"),
        ("De Łęcki", "Øe", "DLCOEX"),
    ],
)
def test_accents_apostrophes_and_short_names_have_their_letters(surname: str, name: str, letters: str) -> None:
    assert encode(surname, name, "M", date(1990, 1, 1), "F471")[:6] == letters


@pytest.mark.parametrize("code", ["BNMCHR84L49F471K", "BNMCHR84L49F47MC", "BNMCHRUQLQVFQTMV"])
def test_substituted_codes_say_the_same_person(code: str) -> None:
    assert check(code) == code
    assert decode(code, on=TODAY) == CHIARA
    assert base(code) == base("BNMCHR84L49F471K")


def test_codes_are_read_with_spaces_and_small_letters() -> None:
    assert check(" bnm chr 84l49 f471k ") == "BNMCHR84L49F471K"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("BNMCHR84L49F471J", "Wrong check character"),
        ("BNMCHR84L49F47MK", "Wrong check character"),
        ("BNMCHR84L49F471", "16 characters, this one has 15"),
        ("BNM0HR84L49F471K", "fixed places"),
        ("00000000000", "provisional"),
        ("91234569991", "provisional"),
    ],
)
def test_a_wrong_code_is_refused_saying_what_is_wrong(code: str, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        check(code)

    assert refused.value.field == "codice_fiscale"


def test_a_day_that_does_not_exist_is_refused() -> None:
    impossible = encode("Rossi", "Mario", "M", date(1979, 2, 11), "C566")[:9] + "30C566"

    with pytest.raises(Refusal, match="day that does not exist"):
        check(impossible + _check_character(impossible))


@pytest.mark.parametrize("code", ["02342520158", "91234561305"])
def test_provisional_codes_are_eleven_digits_whatever_the_office(code: str) -> None:
    assert check(code) == code
    assert mismatches(code, **TYPED) == []
    with pytest.raises(ValueError, match="provisional"):
        decode(code, on=TODAY)


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2024, 3, 9), 1924), (date(2024, 3, 10), 2024), (date(2123, 1, 1), 2024)],
)
def test_two_digits_are_the_latest_year_not_to_come(on: date, year: int) -> None:
    assert decode(encode("Rossi", "Mario", "M", date(1924, 3, 10), "C566"), on=on).birth_date == date(year, 3, 10)


@given(words, words, st.sampled_from("MF"), st.dates(date(1926, 7, 2), TODAY), st.sampled_from(["F471", "Z330"]))
def test_what_is_encoded_is_read_back(surname: str, name: str, sex: str, born: date, place: str) -> None:
    code = encode(surname, name, sex, born, place)

    assert check(code) == code
    assert decode(code, on=TODAY) == (sex, born, place)
    assert mismatches(
        code, surname=surname, name=name, sex=sex, birth_date=born, birth_place=place
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("surname", "Bianchi"),
        ("name", "Carla"),
        ("sex", "M"),
        ("birth_date", date(1984, 7, 10)),
        ("birth_place", "Z330"),
    ],
)
def test_what_the_code_does_not_say_is_named(field: str, value: object) -> None:
    assert mismatches("BNMCHR84L49F47MC", **(TYPED | {field: value})) == [field]


def test_a_centenarian_does_not_contradict_the_code() -> None:
    assert mismatches("BNMCHR84L49F471K", **(TYPED | {"birth_date": date(1884, 7, 9)})) == []


def _check_character(first: str) -> str:
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        try:
            check(first + letter)
        except Refusal as refused:
            if "check character" not in str(refused.message.text):  # type: ignore[union-attr]
                return letter
        else:
            return letter
    raise AssertionError(first)
