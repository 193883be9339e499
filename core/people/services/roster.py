"""People whom rows about to be registered may be like, looked up for hundreds of rows at once: a file coming in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.changes import add_many
from core.database.visibility import PersonAccess
from core.language.matching import normalise
from core.people.known import known_among
from core.people.models import Person, PersonState
from core.people.rules.duplicates import Traits
from core.people.services.access import sight_of_registrar

COMPARED = tuple(getattr(Person, name) for name in Traits._fields)
# A sheet that went into another is nobody to be compared with.
THERE = Person.state != PersonState.MERGED
# What two people must share to be worth comparing; each has an index of its own.
SHARED = ("sort_name", "birth_date", "phone", "email")


class Known(NamedTuple):
    """Somebody registered: their key and what they are compared by."""

    key: UUID
    traits: Traits


@dataclass
class Roster:
    """What was looked up of the registry, and who was registered since and waits to be written."""

    alike: dict[tuple[str, Any], list[Known]] = field(default_factory=dict)
    codes: dict[str, bool] = field(default_factory=dict)
    waiting: dict[UUID, Person] = field(default_factory=dict)

    def look_up(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Learn who shares a name, a birthday, a telephone or an e-mail with the rows, and which codes are taken."""
        wanted: dict[str, set[Any]] = {name: set() for name in SHARED}
        for row in rows:
            for name, value in shared(row):
                if (name, value) not in self.alike:
                    wanted[name].add(value)
        self.alike |= {(name, value): [] for name, values in wanted.items() for value in values}
        same = [getattr(Person, name).in_(values) for name, values in wanted.items() if values]
        columns = (Person.id, *(getattr(Person, name) for name in SHARED), *COMPARED)
        for key, *told in session.execute(select(*columns).where(or_(*same), THERE)) if same else ():
            values, traits = told[: len(SHARED)], told[len(SHARED) :]
            self._note(Known(key, Traits(*traits)), zip(SHARED, values, strict=True))
        codes = {row["codice_fiscale"] for row in rows if row.get("codice_fiscale")} - set(self.codes)
        taken = known_among(session, codes)
        self.codes |= {code: code in taken for code in codes}

    def likely(self, row: Mapping[str, Any]) -> list[Known] | None:
        """Who is worth comparing with the row; None when it was not looked up."""
        found: dict[UUID, Known] = {}
        for sign in shared(row):
            if sign not in self.alike:
                return None
            found |= {known.key: known for known in self.alike[sign]}
        return list(found.values())

    def add(self, person: Person) -> None:
        """Let somebody wait to be written with the others; rows that come after are compared with them."""
        self.waiting[person.id] = person
        signs = [(name, getattr(person, name)) for name in SHARED]
        self._note(Known(person.id, traits_of(person)), signs)
        if person.codice_fiscale:
            self.codes[person.codice_fiscale] = True

    def _note(self, known: Known, signs: Iterable[tuple[str, Any]]) -> None:
        for sign in signs:
            if sign in self.alike:
                self.alike[sign].append(known)


def shared(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What somebody must share with the row to be worth comparing: (column, value)."""
    surname, name = row.get("surname"), row.get("name")
    if surname and name:
        yield from dict.fromkeys(("sort_name", normalise(f"{a} {b}")) for a, b in ((surname, name), (name, surname)))
    yield from ((column, row[column]) for column in SHARED[1:] if row.get(column))


def traits_of(person: Person) -> Traits:
    """What a registered person is compared by."""
    return Traits(*(getattr(person, name) for name in Traits._fields))


def roster_of(session: Session) -> Roster | None:
    """The roster of the rows being registered together; None when people are registered one by one."""
    found: Roster | None = session.info.get("roster")
    return found


@contextmanager
def many_people(session: Session, rows: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """Register people together: looked up before, for all rows at once, and written at the end in few statements.

    Two flushes and four questions a person are most of what an import of thousands takes.
    """
    roster = session.info["roster"] = Roster()
    try:
        roster.look_up(session, rows)
        yield
        session.flush()
        add_many(session, PersonAccess, [sight_of_registrar(person) for person in roster.waiting.values()])
    finally:
        del session.info["roster"]
