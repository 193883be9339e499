"""A person whose data are restricted is not used: the session refuses what would name them anew (art. 18 GDPR)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from core.database.scope import ScopedSession
from core.language import _
from core.refusals import Refusal
from core.rights.models import Restriction
from core.rights.net import OURS, PEOPLE, person_columns


class Restricted(Refusal):
    """The data of this person may only be kept."""


@contextmanager
def lawfully(session: Session) -> Iterator[None]:
    """Within the block restricted data may be written: what art. 18 c. 2 allows, such as putting them right."""
    before = session.info.get("lawful", False)
    session.info["lawful"] = True
    try:
        yield
        session.flush()
    finally:
        session.info["lawful"] = before


def restriction_of(session: Session, person_id: UUID) -> Restriction | None:
    """The restriction in force, if there is one."""
    wanted = select(Restriction).where(Restriction.person_id == person_id, Restriction.lifted_on.is_(None))
    return session.scalars(wanted).first()


@event.listens_for(ScopedSession, "before_flush")
def refuse_use(session: Session, flush_context: Any, instances: Any) -> None:
    """Refuse rows that name a restricted person, their removal, and changes of the person's own data."""
    if session.info.get("lawful"):
        return
    written = [row for row in (*session.new, *session.dirty) if session.is_modified(row)]
    named = {key for row in (*written, *session.deleted) for key in _people_in(row)}
    if not named:
        return
    with session.no_autoflush:
        held = select(Restriction.id).where(Restriction.person_id.in_(named), Restriction.lifted_on.is_(None))
        if session.scalars(held.limit(1)).first() is not None:
            raise Restricted(
                _("The data of this person are restricted (art. 18 GDPR): they may only be kept, not used.")
            )


def _people_in(row: Any) -> Iterator[UUID]:
    if row.__tablename__.startswith(OURS) or not getattr(row, "__audited__", True):
        return
    for name in person_columns(type(row)):
        if key := getattr(row, name):
            yield key
    for relationship in inspect(type(row)).relationships:
        if not relationship.uselist and relationship.mapper.local_table.name == PEOPLE:
            person = row.__dict__.get(relationship.key)
            if person is not None and person.id is not None:
                yield person.id
