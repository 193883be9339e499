"""People who look like one about to be registered, among those that this partner may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import plural
from core.language.matching import normalise
from core.people.models import Person
from core.people.rules.duplicates import Sign, Traits, likeness
from core.people.services.roster import COMPARED, THERE, Known, roster_of, shared
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
    signs = list(shared(typed._asdict()))
    roster = roster_of(session)
    known = roster.likely(typed._asdict()) if roster else None
    if known is None:
        known = _sharing(session, signs)
    compared = [(likeness(typed, one.traits), one.key) for one in known if besides is None or one.key != besides.id]
    people = _people(session, {key for (score, _signs), key in compared if score})
    found = [Similar(people[key], score, tuple(reasons)) for (score, reasons), key in compared if score]
    return sorted(found, key=lambda one: (-one.score, one.person.sort_name))


def _sharing(session: Session, signs: Iterable[tuple[str, Any]]) -> list[Known]:
    """Who shares one of the signs, as far as the session sees."""
    same = [getattr(Person, name) == value for name, value in signs]
    if not same:
        return []
    likely = select(Person.id, *COMPARED).where(or_(*same), THERE).order_by(Person.id.desc()).limit(MANY)
    return [Known(key, Traits(*traits)) for key, *traits in session.execute(likely)]


def _people(session: Session, keys: set[UUID]) -> dict[UUID, Person]:
    """The people themselves, for the few that look alike; some may be waiting to be written with others."""
    waiting = roster.waiting if (roster := roster_of(session)) else {}
    found = {key: waiting[key] for key in keys if key in waiting}
    if written := keys - set(found):
        with session.no_autoflush:
            found |= {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(written)))}
    return found


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
        THERE,
    )  # fmt: skip
    found = session.scalars(same.limit(2)).all()
    return found[0] if len(found) == 1 else None
