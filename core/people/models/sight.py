"""How much of a person another partner's session holds: what is not open to it is never in its memory.

Row-level security has no columns, so this is held where rows become objects: pages, lists, exports, documents
and the API all read the same emptied fields. Who asks for columns instead of people must name none that is closed.
"""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.database.scope import in_force, scope_of
from core.database.visibility import CONTENT, FACETS, PersonAccess
from core.people.models.facets import STRUCTURE, facet_of
from core.people.models.person import Person

FEW, MOST = 3, 20_000


class Sight(NamedTuple):
    """What the accesses in force add up to; it answers for an access to `FACETS`."""

    level: int = 0
    household: bool = False
    isee: bool = False

    def opens(self, facet: str) -> bool:
        """Whether the facet is open."""
        return bool(FACETS[facet](self))


ALL = Sight(level=CONTENT, household=True, isee=True)


def sight_of(session: Session, person: Person) -> Sight:
    """How much of the person this session may see: all, for the partner that registered them."""
    scope = scope_of(session)
    if scope.operator or person.registered_by_id == scope.partner_id:
        return ALL
    known: Sights = session.info.setdefault("sights", Sights())
    return known.of(session, person.id)


class Sights:
    """What a session knows of its accesses to other partners' people: a few are asked one by one, more at once."""

    def __init__(self) -> None:
        self.known: dict[UUID, Sight] = {}
        self.asked = 0
        self.whole = False

    def of(self, session: Session, person_id: UUID) -> Sight:
        """How much of the person is open; nothing, when no access is in force."""
        if person_id not in self.known and not self.whole:
            self.asked += 1
            if self.asked == FEW and (all_of_them := _read(session)) is not None:
                self.known, self.whole = all_of_them, True
            else:
                self.known |= _read(session, PersonAccess.person_id == person_id) or {}
        return self.known.get(person_id, Sight())


def _read(session: Session, *which: Any) -> dict[UUID, Sight] | None:
    """The sights that accesses in force give on other partners' people; None when they are too many to hold."""
    access = PersonAccess.__table__.c
    # One's own people need no asking; after a merge, who registered the sheet that went sees by another giver.
    mine = (access.partner_id == scope_of(session).partner_id, access.giver_id != access.partner_id)
    wanted = select(access.person_id, access.level, access.household, access.isee).where(*mine, in_force(access))
    # On the connection: this is asked while the rows of another question are being read.
    rows = session.connection().execute(wanted.where(*which).limit(MOST + 1)).all()
    found: dict[UUID, Sight] = {}
    for person_id, *opened in rows:
        found[person_id] = Sight(*map(max, found.get(person_id, Sight()), opened))
    return found if len(rows) <= MOST else None


def veil(person: Person, session: Session) -> None:
    """Empty the fields that are not open to the session's partner; `veiled` names them."""
    person.veiled = _closed_to(sight_of(session, person))
    for name in person.veiled:
        set_committed_value(person, name, None)


@cache
def _closed_to(sight: Sight) -> frozenset[str]:
    """The fields of a person that this much sight does not open."""
    columns = (column.key for column in inspect(Person).column_attrs if column.key not in STRUCTURE)
    return frozenset(name for name in columns if not sight.opens(facet_of(name)))


@event.listens_for(Person, "load")
def _loaded(person: Person, context: Any) -> None:
    veil(person, context.session)


@event.listens_for(Person, "refresh")
def _refreshed(person: Person, context: Any, names: Any) -> None:
    veil(person, context.session)
