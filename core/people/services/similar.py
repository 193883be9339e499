"""People who look like one about to be registered, among those that this partner may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import plural
from core.language.matching import normalise
from core.people.models import Person, PersonState
from core.people.rules.duplicates import Sign, Traits, likeness
from core.people.services.roster import roster_of
from core.refusals import Refusal

MANY = 200
NAMED = 3


@dataclass(frozen=True)
class Similar:
    """Somebody registered who looks the same: how much, out of a hundred, and why, the heaviest reason first."""

    person: Person
    score: int
    reasons: tuple[Sign, ...]


class SimilarPeople(Refusal):
    """There are people who look the same: the clerk says whether it is one of them."""

    def __init__(self, found: list[Similar]) -> None:
        names = ", ".join(_told(one.person) for one in found[:NAMED])
        super().__init__(
            plural(
                "Possible duplicate: somebody similar is registered (%(names)s). "
                "Open that page, or confirm that it is another person.",
                "Possible duplicate: %(n)s similar people are registered (%(names)s). "
                "Open one of them, or confirm that it is another person.",
                len(found),
                names=names,
            ),
            field="confirm_similar",
        )
        self.found = found


def _told(person: Person) -> str:
    return f"{person.full_name} {person.birth_date.year}" if person.birth_date else person.full_name


def similar_people(
    session: Session,
    *,
    surname: str | None = None,
    name: str | None = None,
    birth_date: date | None = None,
    codice_fiscale: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    besides: Person | None = None,
) -> list[Similar]:
    """Who looks the same, most alike first, among visible people only; never a merge, always a question.

    Two codici fiscali with the same decoded base are two people: such a namesake is named as one.
    """
    typed = Traits(surname or "", name or "", birth_date, codice_fiscale, phone, email)
    conditions = _worth_comparing(typed)
    names = [normalise(f"{surname} {name}"), normalise(f"{name} {surname}")]
    if not conditions or not roster_of(session).may_hold(session, (*names, birth_date, phone, email)):
        return []
    there = Person.state != PersonState.MERGED
    likely = session.scalars(select(Person).where(or_(*conditions), there).order_by(Person.id.desc()).limit(MANY))
    found = [_compared(typed, person) for person in likely if person is not besides]
    return sorted((one for one in found if one.score), key=lambda one: (-one.score, one.person.sort_name))


def same_without_code(
    session: Session, *, surname: str, name: str, birth_date: date | None = None, sex: Any = None,
    codice_fiscale: str | None = None, confirm_similar: bool = False, **_rest: Any,
) -> Person | None:  # fmt: skip
    """Who a line without codice fiscale speaks of: the only one with that name, sex and birth who has none either.

    Only among those that this partner registered, and never when the line says that it is somebody else.
    """
    if codice_fiscale or confirm_similar or birth_date is None:
        return None
    same = select(Person).where(
        Person.sort_name == normalise(f"{surname} {name}"), Person.birth_date == birth_date, Person.sex == sex,
        Person.codice_fiscale.is_(None), Person.registered_by_id == scope_of(session).partner_id,
        Person.state != PersonState.MERGED,
    )  # fmt: skip
    found = session.scalars(same.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _worth_comparing(typed: Traits) -> list[ColumnElement[bool]]:
    """The few rows that may be alike, each condition on an index of its own."""
    conditions: list[ColumnElement[bool]] = []
    if typed.surname and typed.name:
        either = (f"{typed.surname} {typed.name}", f"{typed.name} {typed.surname}")
        conditions.append(Person.sort_name.in_([normalise(text) for text in either]))
    exact = ((Person.birth_date, typed.birth_date), (Person.phone, typed.phone), (Person.email, typed.email))
    return [*conditions, *(column == value for column, value in exact if value)]


def traits_of(person: Person) -> Traits:
    """What a registered person is compared by."""
    return Traits(
        person.surname, person.name, person.birth_date, person.codice_fiscale, person.phone, person.email, person.sex
    )


def _compared(typed: Traits, person: Person) -> Similar:
    score, signs = likeness(typed, traits_of(person))
    return Similar(person, score, tuple(signs))
