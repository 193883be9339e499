"""How alike two people are, with the reasons and what each weighs (R-DUP): a question to a clerk, never a merge."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.language import Words, _
from core.language.matching import normalise, one_letter_apart
from core.people.rules import codice_fiscale as code_rules
from core.people.rules.names import alike, nearly, part_of, sounds_like

CERTAIN = 100
# From here on the two are worth comparing side by side; below stand relatives who share a telephone.
LIKELY = 60
DIFFERENT_CODES = 50
NAMESAKE = _("Possible namesake: their codici fiscali differ only in substituted digits")


class Traits(NamedTuple):
    """What two people are compared by."""

    surname: str
    name: str
    birth_date: date | None = None
    codice_fiscale: str | None = None
    phone: str | None = None
    email: str | None = None
    sex: str | None = None


@dataclass(frozen=True)
class Sign:
    """One reason to think that two are one, and how much of a hundred it weighs."""

    weight: int
    words: Words

    def __str__(self) -> str:
        return str(self.words)


class Likeness(NamedTuple):
    """How alike, from 0 to 100, and why."""

    score: int
    signs: list[Sign]


def likeness(one: Traits, other: Traits) -> Likeness:
    """Compare two people; the heaviest sign gives the score, the others stand beside it.

    Two codici fiscali with the same decoded base are two people: such a namesake is named as one.
    """
    codes = (one.codice_fiscale, other.codice_fiscale)
    if codes[0] and codes[0] == codes[1]:
        return Likeness(CERTAIN, [Sign(CERTAIN, _("Same codice fiscale"))])
    if are_namesakes(*codes):
        return Likeness(CERTAIN, [Sign(CERTAIN, NAMESAKE)])
    signs = sorted((*_by_birth(one, other), *_by_contacts(one, other)), key=lambda sign: -sign.weight)
    score = max((sign.weight for sign in signs), default=0)
    if score and all(codes):
        return Likeness(min(score, DIFFERENT_CODES), [*signs, Sign(0, _("Their codici fiscali differ"))])
    return Likeness(score, signs)


def are_namesakes(one: str | None, other: str | None) -> bool:
    """Whether two codici fiscali differ in substituted digits alone: the office gave them to two people."""
    return bool(one and other) and one != other and code_rules.base(one or "") == code_rules.base(other or "")


def _by_birth(one: Traits, other: Traits) -> list[Sign]:
    """What names say together with the day of birth."""
    if not (one.surname and one.name and other.surname and other.name):
        return []
    mine, theirs = (f"{who.surname} {who.name}" for who in (one, other))
    same = (normalise(one.surname), normalise(one.name)) == (normalise(other.surname), normalise(other.name))
    swapped = not same and normalise(mine) == normalise(f"{other.name} {other.surname}")
    if one.birth_date is None or other.birth_date is None:
        found = [
            (60, _("Same name, and one date of birth is missing"), same),
            (60, _("Surname and name the other way round, and one date of birth is missing"), swapped),
        ]
    elif one.birth_date == other.birth_date:
        others = not (same or swapped or _of_two_sexes(one, other))
        near = one_letter_apart(normalise(mine), normalise(theirs))
        found = [
            (90, _("Same name and date of birth"), same),
            (85, _("Surname and name the other way round, same date of birth"), swapped),
            (75, _("Names that differ by one letter, same date of birth"), others and near),
            (75, _("Two spellings of one name, same date of birth"), others and not near and _one_sound(one, other)),
            (70, _("One name is part of the other, same date of birth"), others and not near and _in_part(one, other)),
        ]
    else:
        slip = _one_slip_apart(one.birth_date, other.birth_date)
        found = [
            (65, _("Same name, and dates of birth that differ by a slip"), same and slip),
            (60, _("Surname and name the other way round, dates of birth that differ by a slip"), swapped and slip),
        ]
    return [Sign(weight, words) for weight, words, holds in found if holds]


def _of_two_sexes(one: Traits, other: Traits) -> bool:
    return bool(one.sex and other.sex) and one.sex != other.sex


def _one_sound(one: Traits, other: Traits) -> bool:
    """Whether surname and name are spellings of the same two, in whatever order, a slip in one of them allowed."""
    straight = nearly(one.surname, other.surname) and sounds_like(one.name, other.name)
    typed = sounds_like(one.surname, other.surname) and nearly(one.name, other.name)
    return straight or typed or (sounds_like(one.surname, other.name) and sounds_like(one.name, other.surname))


def _in_part(one: Traits, other: Traits) -> bool:
    return part_of(one.surname, other.surname) and part_of(one.name, other.name)


def _one_slip_apart(one: date, other: date) -> bool:
    """Whether day and month were swapped, or one digit was typed wrongly."""
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) == 1


def _by_contacts(one: Traits, other: Traits) -> list[Sign]:
    """What a telephone or an e-mail in common says; a family often shares one."""
    surnames = bool(one.surname) and normalise(one.surname) == normalise(other.surname)
    names = bool(one.name and other.name) and alike(one.name, other.name)
    of_one = names and not _of_two_sexes(one, other)
    married = of_one and not surnames and bool(one.birth_date) and one.birth_date == other.birth_date
    shared = [
        (bool(one.phone) and one.phone == other.phone, 70, _("Same telephone and name"),
         _("Same telephone and surname, another name: perhaps a relative")),
        (bool(one.email) and one.email == other.email, 65, _("Same e-mail and name"),
         _("Same e-mail and surname, another name: perhaps a relative")),
    ]  # fmt: skip
    signs = []
    for holds, weight, personal, familiar in shared:
        if holds and of_one and (surnames or married):
            signs.append(Sign(weight, personal))
        elif holds and surnames:
            signs.append(Sign(40, familiar))
    return signs
