"""The codice fiscale: made, checked and read, omocodia included (DM 23/12/1976 n. 13813)."""

import re
from datetime import date
from typing import NamedTuple

from stdnum import luhn
from stdnum.it import codicefiscale

from core.language import _
from core.language.matching import normalise
from core.refusals import Refusal

LENGTH, PROVISIONAL = 16, 11
MONTHS = "ABCDEHLMPRST"
DIGIT_PLACES = (6, 7, 9, 10, 12, 13, 14)
TO_DIGIT = str.maketrans("LMNPQRSTUV", "0123456789")
SHAPE = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
WOMEN = 40
FIELD = "codice_fiscale"


class Decoded(NamedTuple):
    """What a code says of who bears it."""

    sex: str
    birth_date: date
    birth_place: str


def encode(surname: str, name: str, sex: str, birth_date: date, belfiore: str) -> str:
    """The code of a person born at a place (Belfiore code or Z###), before any omocodia."""
    day = birth_date.day + (WOMEN if sex == "F" else 0)
    first = (
        f"{_surname(surname)}{_name(name)}{birth_date.year % 100:02}{MONTHS[birth_date.month - 1]}{day:02}{belfiore}"
    )
    return first + codicefiscale.calc_check_digit(first)


def check(code: str) -> str:
    """The code in capitals without spaces; `Refusal` says which part of it cannot be."""
    code = re.sub(r"[\s.\-]", "", code).upper()
    if len(code) == PROVISIONAL and code.isascii() and code.isdecimal():
        # The office code in digits 8-10 is not enforced (R-PIVA): only the check digit is.
        if code == "0" * PROVISIONAL or not luhn.is_valid(code):
            raise Refusal(
                _("Wrong check digit in the provisional codice fiscale: compare it with the document."), field=FIELD
            )
        return code
    if len(code) != LENGTH:
        raise Refusal(_("A codice fiscale has 16 characters, this one has %(n)s.", n=len(code)), field=FIELD)
    if not SHAPE.fullmatch(code):
        raise Refusal(
            _("A codice fiscale has letters and digits in fixed places: compare it with the card."), field=FIELD
        )
    if codicefiscale.calc_check_digit(code[:15]) != code[15]:
        raise Refusal(_("Wrong check character: compare the codice fiscale with the card."), field=FIELD)
    try:
        decode(code, on=date.max)
    except ValueError as error:
        raise Refusal(_("The codice fiscale speaks of a day that does not exist."), field=FIELD) from error
    return code


def base(code: str) -> str:
    """The first fifteen characters with digits put back: two codes that share it belong to two people."""
    letters = list(code[:15])
    for place in DIGIT_PLACES if len(code) == LENGTH else ():
        letters[place] = letters[place].translate(TO_DIGIT)
    return "".join(letters)


def decode(code: str, on: date) -> Decoded:
    """Sex, date and place in a checked code; the year is the most recent that is not after `on`.

    A provisional code says nothing: `ValueError`, as for a day that does not exist.
    """
    if len(code) != LENGTH:
        raise ValueError("a provisional code says nothing of its bearer")
    plain = base(code)
    number = int(plain[9:11])
    month, day = MONTHS.index(plain[8]) + 1, number - WOMEN if number > WOMEN else number
    century = min(on.year, 2999) // 100 * 100
    year = century + int(plain[6:8])
    while date(year, month, 1) > on or not _exists(year, month, day):
        year -= 100
        if year < 1800:  # noqa: PLR2004
            raise ValueError("a day that does not exist")
    if date(year, month, day) > on:
        year -= 100
    return Decoded("F" if number > WOMEN else "M", date(year, month, day), plain[11:15])


def mismatches(
    code: str,
    *,
    surname: str | None,
    name: str | None,
    sex: str | None,
    birth_date: date | None,
    birth_place: str | None,
) -> list[str]:
    """The names of what was typed and the code does not say; a warning, since births abroad differ rightly."""
    if len(code) != LENGTH:
        return []
    plain = base(code)
    told = decode(code, on=date.today())  # noqa: DTZ011  only the century depends on it
    typed = {
        "surname": surname and _surname(surname) == plain[:3],
        "name": name and _name(name) == plain[3:6],
        "sex": sex and str(sex) == told.sex,
        "birth_date": birth_date and (birth_date == told.birth_date or _centuries_apart(birth_date, told.birth_date)),
        "birth_place": birth_place and birth_place == told.birth_place,
    }
    given = {"surname": surname, "name": name, "sex": sex, "birth_date": birth_date, "birth_place": birth_place}
    return [field for field, agrees in typed.items() if given[field] and not agrees]


def _centuries_apart(one: date, other: date) -> bool:
    """The code has two digits for the year: a clerk may say that somebody is a hundred years older."""
    return (one.month, one.day) == (other.month, other.day) and (one.year - other.year) % 100 == 0


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _parts(text: str) -> tuple[str, str]:
    letters = [c for c in normalise(text).upper() if "A" <= c <= "Z"]
    return "".join(c for c in letters if c not in "AEIOU"), "".join(c for c in letters if c in "AEIOU")


def _surname(text: str) -> str:
    consonants, vowels = _parts(text)
    return (consonants + vowels + "XXX")[:3]


def _name(text: str) -> str:
    consonants, vowels = _parts(text)
    if len(consonants) > 3:  # noqa: PLR2004  the first, the third and the fourth
        return consonants[0] + consonants[2] + consonants[3]
    return (consonants + vowels + "XXX")[:3]
