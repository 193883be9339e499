"""Whether somebody is known to any partner: the one question that looks over the fence, and its one-word answer."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Table, Text, cast, func, select
from sqlalchemy.orm import Session

from core.database.policies import APP, OPERATOR
from core.people.models import Person

# The search path is pinned, so that nobody puts a table of theirs before ours.
FUNCTION = """
create or replace function people_known(code text) returns boolean
language sql stable strict security definer set search_path = public, pg_temp
as $$ select exists (select 1 from people_person where codice_fiscale = code) $$
"""

# The same question for the rows of a file: which of these exact codes.
AMONG = """
create or replace function people_known_among(codes text[]) returns setof text
language sql stable strict security definer set search_path = public, pg_temp
as $$ select codice_fiscale from people_person where codice_fiscale = any(codes) $$
"""


def install(op: Any) -> None:
    """Make the function on PostgreSQL, owned by the operator's role; the migration calls it after the tables.

    The role that migrates must be able to become the operator: `grant generazioni_operator to generazioni_owner`.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(FUNCTION)
    op.execute("revoke all on function people_known(text) from public")
    op.execute(f"grant execute on function people_known(text) to {APP}, {OPERATOR}")
    op.execute(f"grant create on schema public to {OPERATOR}")
    op.execute(f"alter function people_known(text) owner to {OPERATOR}")
    op.execute(f"revoke create on schema public from {OPERATOR}")


def uninstall(op: Any) -> None:
    """Take the function away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function if exists people_known(text)")


def install_among(op: Any) -> None:
    """Make the function that answers for many codes at once, as `install` makes the other."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(AMONG)
    op.execute("revoke all on function people_known_among(text[]) from public")
    op.execute(f"grant execute on function people_known_among(text[]) to {APP}, {OPERATOR}")
    op.execute(f"grant create on schema public to {OPERATOR}")
    op.execute(f"alter function people_known_among(text[]) owner to {OPERATOR}")
    op.execute(f"revoke create on schema public from {OPERATOR}")


def uninstall_among(op: Any) -> None:
    """Take that function away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function if exists people_known_among(text[])")


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
