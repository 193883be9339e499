"""Whether other partners work with a person: a question that looks over the fence, and its one-word answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import policies
from core.database.scope import scope_of
from core.database.visibility import PersonAccess

FUNCTION = """
create or replace function rights_known_to_others(person uuid, partner uuid) returns boolean
language sql stable strict security definer set search_path = public, pg_temp
as $$ select exists (select 1 from people_access where person_id = person and partner_id <> partner) $$
"""
SIGNATURE = "rights_known_to_others(uuid, uuid)"


def install(op: Any) -> None:
    """Make the function on PostgreSQL."""
    policies.answer_over_the_fence(op, SIGNATURE, FUNCTION)


def uninstall(op: Any) -> None:
    """Take the function away again."""
    policies.drop_function(op, SIGNATURE)


def known_to_others(session: Session, person_id: UUID) -> bool:
    """Whether any other partner sees the person, or saw them once."""
    partner = scope_of(session).partner_id
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(select(func.rights_known_to_others(person_id, partner))))
    access = PersonAccess.__table__.c  # on the table and not on the model: the session's fence does not reach it
    others = select(access.id).where(access.person_id == person_id, access.partner_id != partner).limit(1)
    return session.execute(others).first() is not None
