"""Whether somebody is known to any partner: the one question that looks over the fence, and its one-word answer."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Table, Text, and_, cast, column, func, select
from sqlalchemy.orm import Session

from core.database import policies
from core.people.models import Merge, Person

# The search path is pinned, so that nobody puts a table of theirs before ours.
FUNCTION = """
create or replace function people_known(code text) returns boolean
language sql stable strict security definer set search_path = public, pg_temp
as $$ select exists (select 1 from people_person where codice_fiscale = code) $$
"""
HOLDER = """
create or replace function people_holder(code text) returns table (person_id uuid, giver_id uuid)
language sql stable strict security definer set search_path = public, pg_temp
as $$ select id, registered_by_id from people_person where codice_fiscale = code $$
"""
# The same, of a sheet that was merged into another: the one that stayed.
HOLDER_OF_MERGED = """
create or replace function people_holder(code text) returns table (person_id uuid, giver_id uuid)
language sql stable strict security definer set search_path = public, pg_temp
as $$
  select stays.id, stays.registered_by_id from people_person written
  left join people_merge m on m.merged_id = written.id and m.undone_at is null
  join people_person stays on stays.id = coalesce(m.person_id, written.id)
  where written.codice_fiscale = code
$$
"""
REGISTRAR = """
create or replace function people_registrar(person uuid) returns uuid
language sql stable strict security definer set search_path = public, pg_temp
as $$ select registered_by_id from people_person where id = person $$
"""


class Holder(NamedTuple):
    """A person's key and the partner that registered them: for the program to pass a request on, never for pages."""

    person_id: UUID
    giver_id: UUID


# The same question for the rows of a file: which of these exact codes.
AMONG = """
create or replace function people_known_among(codes text[]) returns setof text
language sql stable strict security definer set search_path = public, pg_temp
as $$ select codice_fiscale from people_person where codice_fiscale = any(codes) $$
"""


def install(op: Any) -> None:
    """Make the function; the migration calls it after the tables."""
    policies.answer_over_the_fence(op, "people_known(text)", FUNCTION)


def install_holder(op: Any) -> None:
    """Make the functions that find whom to ask, and whose a person is for the policy of accesses, in the same way."""
    policies.answer_over_the_fence(op, "people_holder(text)", HOLDER)
    policies.answer_over_the_fence(op, "people_registrar(uuid)", REGISTRAR)


def install_holder_of_merged(op: Any) -> None:
    """Let the function that finds whom to ask follow merges."""
    policies.answer_over_the_fence(op, "people_holder(text)", HOLDER_OF_MERGED)


def uninstall_holder_of_merged(op: Any) -> None:
    """Let it find the sheet that bears the code again, merged or not."""
    policies.answer_over_the_fence(op, "people_holder(text)", HOLDER)


def uninstall(op: Any) -> None:
    """Take the function away again."""
    policies.drop_function(op, "people_known(text)")


def uninstall_holder(op: Any) -> None:
    """Take these functions away again."""
    policies.drop_function(op, "people_holder(text)")
    policies.drop_function(op, "people_registrar(uuid)")


def install_among(op: Any) -> None:
    """Make the function that answers for many codes at once, as `install` makes the other."""
    policies.answer_over_the_fence(op, "people_known_among(text[])", AMONG)


def uninstall_among(op: Any) -> None:
    """Take that function away again."""
    policies.drop_function(op, "people_known_among(text[])")


def known_among(session: Session, codes: Collection[str]) -> set[str]:
    """Which of these exact codes any partner registered: what `known_elsewhere` says of each."""
    if not codes:
        return set()
    if session.get_bind().dialect.name == "postgresql":
        return set(session.scalars(select(func.people_known_among(cast(list(codes), ARRAY(Text))))))
    table: Table = Person.__table__  # type: ignore[assignment]
    return {
        code
        for (code,) in session.execute(select(table.c.codice_fiscale).where(table.c.codice_fiscale.in_(list(codes))))
    }


def known_elsewhere(session: Session, codice_fiscale: str) -> bool:
    """Whether any partner registered this exact codice fiscale; nothing else of that person is ever said."""
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(select(func.people_known(codice_fiscale))))
    # On the table and not on the model: the session's fence does not reach it.
    table: Table = Person.__table__  # type: ignore[assignment]
    found = select(table.c.id).where(table.c.codice_fiscale == codice_fiscale).limit(1)
    return session.execute(found).first() is not None


def holder_of(session: Session, codice_fiscale: str) -> Holder | None:
    """Whom to ask about this exact codice fiscale; what is found is passed on and never shown.

    Of a code that stands on a merged sheet, it is the person that sheet became part of.
    """
    if session.get_bind().dialect.name == "postgresql":
        found = func.people_holder(codice_fiscale).table_valued(column("person_id"), column("giver_id"))
        row = session.execute(select(found.c.person_id, found.c.giver_id)).first()
    else:
        written, merge = _tables()
        stays = written.alias()
        became = and_(merge.c.merged_id == written.c.id, merge.c.undone_at.is_(None))
        wanted = (
            select(stays.c.id, stays.c.registered_by_id)
            .select_from(written.outerjoin(merge, became))
            .join(stays, stays.c.id == func.coalesce(merge.c.person_id, written.c.id))
            .where(written.c.codice_fiscale == codice_fiscale)
        )
        row = session.execute(wanted).first()
    return Holder(*row) if row else None


def _tables() -> tuple[Table, Table]:
    """People and merges as tables: the session's fence does not reach them."""
    return Person.__table__, Merge.__table__  # type: ignore[return-value]
