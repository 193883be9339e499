"""The rows that say which partner sees a person, kept in step with the person's name."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import scope_of, today
from core.database.visibility import PersonAccess
from core.people.models import Person

REGISTERED = "registered"
WHOLE = 3


def open_to_registrar(session: Session, person: Person) -> PersonAccess:
    """Let the partner that registered the person see all of them, from today on."""
    access = PersonAccess(**sight_of_registrar(person))
    session.add(access)
    session.flush()
    return access


def sight_of_registrar(person: Person) -> dict[str, Any]:
    """The row that lets the partner that registered the person see them."""
    return {
        "partner_id": person.registered_by_id, "giver_id": person.registered_by_id, "person_id": person.id,
        "level": WHOLE, "basis": REGISTERED, "valid_from": today(), "sort_name": person.sort_name,
        "search": person.search,
    }  # fmt: skip


def rename(session: Session, person: Person) -> None:
    """Carry the person's new name and search text to every partner that sees them."""
    for access in accesses_to(session, person):
        access.sort_name, access.search = person.sort_name, person.search
    session.flush()


def accesses_of(session: Session, person: Person) -> list[PersonAccess]:
    """On what grounds this partner sees the person, the widest first."""
    partner = scope_of(session).partner_id
    return [access for access in accesses_to(session, person) if access.partner_id == partner]


def accesses_to(session: Session, person: Person) -> list[PersonAccess]:
    """Who sees the person on what grounds, the widest first, as far as this partner may know it."""
    found = select(PersonAccess).where(PersonAccess.person_id == person.id)
    return list(session.scalars(found.order_by(PersonAccess.level.desc(), PersonAccess.valid_from)))
