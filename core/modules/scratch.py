"""A module's tables copied into a schema of their own: rows, keys, indexes, triggers, policies (PostgreSQL).

Migrations name tables without a schema, so what they would do to the tables they do to the copy. The tables
of the core that the module's point at are copied without rows: a trial locks nothing that anybody works on.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from core.database import installed
from core.database.migrate import Line
from core.modules.tables import names_of

SCHEMA = "generazioni_trial"
# A copy's keys and indexes get the names of the originals, which migrations may name.
LIKE = "including defaults including generated including constraints including identity including storage"

CONSTRAINTS = """
    select c.relname as "table", k.conname as name, pg_get_constraintdef(k.oid) as definition, k.contype as kind,
           coalesce(r.relname, '') as target
    from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class r on r.oid = k.confrelid
    where k.contype in ('p', 'u', 'f', 'x') and c.relnamespace = 'public'::regnamespace and c.relname = any(:names)
"""
INDEXES = """
    select pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and c.relname = any(:names)
      and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
"""
FUNCTIONS = """
    select pg_get_functiondef(oid) from pg_proc
    where pronamespace = 'public'::regnamespace and starts_with(proname, :prefix) and prokind = 'f'
"""
TRIGGERS = """
    select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace and c.relname = any(:names)
"""
POLICIES = """
    select tablename as "table", policyname as name, permissive, cmd, array_to_string(roles, ', ') as roles,
           qual, with_check
    from pg_policies where schemaname = 'public' and tablename = any(:names)
"""


def copy_into_scratch(connection: Connection, line: Line) -> None:
    """Make the copy in the connection's transaction, and let plain names mean the copy from now on."""
    names = names_of(connection, line.key)
    own = [installed.INSTALLED.name, installed.ACTS.name, line.version_table]
    targets = {one["target"] for one in _found(connection, CONSTRAINTS, names)} - {"", *names}
    every = [*names, *own, *sorted(targets)]
    keys = _found(connection, CONSTRAINTS, every)
    indexes = connection.execute(text(INDEXES), {"names": every}).scalars().all()
    functions = connection.execute(text(FUNCTIONS), {"prefix": f"{line.key}_"}).scalars().all()
    triggers = connection.execute(text(TRIGGERS), {"names": names}).scalars().all()
    policies = _found(connection, POLICIES, names)

    _say(connection, f"create schema {SCHEMA}")
    for name in every:
        _say(connection, f"create table {SCHEMA}.{name} (like public.{name} {LIKE})")
        if name not in targets:
            _say(connection, f"insert into {SCHEMA}.{name} select * from public.{name}")  # noqa: S608  names of tables
    _say(connection, f"set local search_path = {SCHEMA}, public")
    for one in sorted(keys, key=lambda one: one["kind"] == "f"):
        _add_key(connection, one, names)
    for statement in (*indexes, *functions, *triggers):
        _say(connection, statement.replace(" public.", f" {SCHEMA}."))
    for one in policies:
        _add_policy(connection, one)


def _found(connection: Connection, statement: str, names: Sequence[str]) -> list[Any]:
    return list(connection.execute(text(statement), {"names": list(names)}).mappings())


def _add_key(connection: Connection, one: Any, names: Sequence[str]) -> None:
    """A key of the copy; what its rows point at outside of the module is not looked up again."""
    if one["kind"] != "f":
        _say(connection, f'alter table {one["table"]} add constraint "{one["name"]}" {one["definition"]}')
    elif one["table"] in names:
        _say(connection, f'alter table {one["table"]} add constraint "{one["name"]}" {one["definition"]} not valid')


def _add_policy(connection: Connection, one: Any) -> None:
    using = f" using ({one['qual']})" if one["qual"] else ""
    check = f" with check ({one['with_check']})" if one["with_check"] else ""
    _say(connection, f"alter table {one['table']} enable row level security")
    _say(connection, f"alter table {one['table']} force row level security")
    _say(connection, f"create policy {one['name']} on {one['table']} as {one['permissive']} for {one['cmd']}"
                     f" to {one['roles']}{using}{check}")  # fmt: skip


def _say(connection: Connection, statement: str) -> None:
    connection.execute(text(statement.replace(":", "\\:")))
