"""How alike two people are, with the reasons (R-DUP): for a question to a clerk, never for a merge."""

from datetime import date
from typing import NamedTuple

from core.language import Words, _
from core.language.matching import normalise


class Traits(NamedTuple):
    """What two people are compared by."""

    surname: str
    name: str
    birth_date: date | None = None
    codice_fiscale: str | None = None
    phone: str | None = None
    email: str | None = None


class Likeness(NamedTuple):
    """How alike, from 0 to 100, and why."""

    score: int
    reasons: list[Words]


def likeness(one: Traits, other: Traits) -> Likeness:
    """Compare two people; the strongest reason gives the score, the others stand beside it."""
    if one.codice_fiscale and one.codice_fiscale == other.codice_fiscale:
        return Likeness(100, [_("Same codice fiscale")])
    found = [pair for pair in _signs(one, other) if pair]
    return Likeness(max((score for score, _why in found), default=0), [why for _score, why in found])


def _signs(one: Traits, other: Traits) -> list[tuple[int, Words] | None]:
    surname, name = normalise(one.surname), normalise(one.name)
    theirs, their_name = normalise(other.surname), normalise(other.name)
    born = bool(one.birth_date) and one.birth_date == other.birth_date
    unknown = one.birth_date is None or other.birth_date is None
    same = bool(surname) and (surname, name) == (theirs, their_name)
    swapped = bool(surname) and not same and (surname, name) == (their_name, theirs)
    near = not same and born and one_letter_apart(f"{surname} {name}", f"{theirs} {their_name}")
    return [
        (90, _("Same name and date of birth")) if same and born else None,
        (60, _("Same name, and one date of birth is missing")) if same and unknown else None,
        (85, _("Surname and name the other way round, same date of birth")) if swapped and born else None,
        (75, _("Names that differ by one letter, same date of birth")) if near else None,
        (70, _("Same telephone and surname")) if _equal(one.phone, other.phone) and surname == theirs else None,
        (65, _("Same e-mail and surname")) if _equal(one.email, other.email) and surname == theirs else None,
    ]


def _equal(one: str | None, other: str | None) -> bool:
    return bool(one) and one == other


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter typed wrongly, left out, added or swapped with its neighbour tells them apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, theirs = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[:2] == theirs[1::-1] and rest[2:] == theirs[2:]
    return rest[1:] == theirs[1:] or rest[1:] == theirs or rest == theirs[1:] or swapped
