"""The rows that say which partner sees a person, kept in step with the person's name."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import today
from core.database.visibility import CONTENT, REGISTERED, PersonAccess
from core.people.models import Person


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
        "level": CONTENT, "basis": REGISTERED, "valid_from": today(), "sort_name": person.sort_name,
        "search": person.search,
    }  # fmt: skip


def rename(session: Session, person: Person) -> None:
    """Carry the person's new name and search text to every partner that sees them."""
    for access in session.scalars(select(PersonAccess).where(PersonAccess.person_id == person.id)):
        access.sort_name, access.search = person.sort_name, person.search
    session.flush()
