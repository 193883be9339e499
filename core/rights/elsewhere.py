"""Whether other partners work with a person: a question that looks over the fence, and its one-word answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import policies
from core.database.policies import PARTNER
from core.database.scope import scope_of
from core.database.visibility import PersonAccess

# Others are others than the session's partner, whoever calls it; without one, everybody is another.
FUNCTION = f"""
create or replace function rights_known_to_others(person uuid) returns boolean
language sql stable strict security definer set search_path = public, pg_temp
as $$ select exists
  (select 1 from people_access where person_id = person and partner_id is distinct from {PARTNER}) $$
"""  # noqa: S608  our own words
SIGNATURE = "rights_known_to_others(uuid)"
OF_ANY = """
create or replace function rights_known_to_others(person uuid, partner uuid) returns boolean
language sql stable strict security definer set search_path = public, pg_temp
as $$ select exists (select 1 from people_access where person_id = person and partner_id <> partner) $$
"""
SIGNATURE_OF_ANY = "rights_known_to_others(uuid, uuid)"


def install_of_any(op: Any) -> None:
    """Make the function as it first was: it answered for whichever partner the caller named."""
    policies.answer_over_the_fence(op, SIGNATURE_OF_ANY, OF_ANY)


def uninstall_of_any(op: Any) -> None:
    """Take that one away again."""
    policies.drop_function(op, SIGNATURE_OF_ANY)


def install(op: Any) -> None:
    """Make the function on PostgreSQL."""
    policies.answer_over_the_fence(op, SIGNATURE, FUNCTION)


def uninstall(op: Any) -> None:
    """Take the function away again."""
    policies.drop_function(op, SIGNATURE)


def known_to_others(session: Session, person_id: UUID) -> bool:
    """Whether any other partner sees the person, or saw them once."""
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(select(func.rights_known_to_others(person_id))))
    access = PersonAccess.__table__.c  # on the table and not on the model: the session's fence does not reach it
    mine = scope_of(session).partner_id
    others = select(access.id).where(access.person_id == person_id, access.partner_id.is_distinct_from(mine)).limit(1)
    return session.execute(others).first() is not None
