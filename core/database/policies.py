"""Row-level security as migrations write it: the wall behind the session's fence.

`op` is Alembic's operations object. Three roles are expected on PostgreSQL: generazioni_owner runs
migrations, generazioni_app serves (neither superuser nor BYPASSRLS), generazioni_operator works across
partners. On SQLite there is no such wall, and only the append-only triggers are made.
"""

from typing import Any

APP, OPERATOR = "generazioni_app", "generazioni_operator"
PARTNER = "(select nullif(current_setting('app.partner', true), '')::uuid)"
TODAY = "coalesce(nullif(current_setting('app.today', true), ''), current_date::text)::date"
NOW = "coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())"

# What an access must say for a facet of a person to be open: visibility.FACETS, for PostgreSQL.
OPENED = {
    "identity": "a.level >= 1", "summary": "a.level >= 2", "content": "a.level >= 3",
    "household": "a.level >= 1 and a.household", "isee": "a.level >= 1 and a.isee",
}  # fmt: skip


def partner_owned(op: Any, *tables: str) -> None:
    """Rows of one partner: read and written by that partner alone."""
    for table in tables:
        _protect(op, table, (("partner_scope", "all", f"partner_id = {PARTNER}", f"partner_id = {PARTNER}"),))


def consent_bound(op: Any, table: str, *, person: str, facet: str = "") -> None:
    """Rows about a person: read by who may see this facet of them, written by the partner that registered them.

    Revisions older than facets name none: they looked at the level and the days alone.
    """
    mine = f"registered_by_id = {PARTNER}"
    _protect(op, table, (("see", "select", _seen(table, person, facet), None), *_writes(mine)))


def open_by_facet(op: Any, table: str, *, person: str, facet: str = "") -> None:
    """Change who reads rows about a person; who writes them stays."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"drop policy see on {table}")
        op.execute(f"create policy see on {table} for select to {APP} using ({_seen(table, person, facet)})")


def _seen(table: str, person: str, facet: str) -> str:
    opened = f"{OPENED[facet]} and (a.expires_at is null or a.expires_at > {NOW})" if facet else "a.level >= 1"
    return (
        f"registered_by_id = {PARTNER}"  # noqa: S608  names of our own tables
        f" or exists (select 1 from people_access a where a.person_id = {table}.{person}"
        f" and a.partner_id = {PARTNER} and {opened} and a.valid_from <= {TODAY}"
        f" and (a.valid_to is null or a.valid_to >= {TODAY}))"
    )


def between(op: Any, table: str, *, adds: str, changes: str, taker: str = "taker_id") -> None:
    """Rows between two partners: both read them; `adds` and `changes` are conditions of who writes.

    GIVER and TAKER stand for “the session's partner is the one”, as in `adds="GIVER"`.
    """
    sides = {"GIVER": f"giver_id = {PARTNER}", "TAKER": f"{taker} = {PARTNER}"}

    def said(condition: str) -> str:
        for word, sense in sides.items():
            condition = condition.replace(word, sense)
        return condition

    _protect(op, table, (
        ("see", "select", said("GIVER or TAKER"), None), ("add", "insert", None, said(adds)),
        ("change", "update", said(changes), said(changes)), ("remove", "delete", said("GIVER"), None),
    ))  # fmt: skip


def registered(op: Any, *tables: str) -> None:
    """Common rows with a registrar: read by all, written by the partner that registered them."""
    for table in tables:
        _protect(op, table, (("see", "select", "true", None), *_writes(f"registered_by_id = {PARTNER}")))


def _writes(mine: str) -> tuple[tuple[str, str, str | None, str | None], ...]:
    # Apart from reading: with one policy for all, a partner that only reads could take a row over.
    return (("add", "insert", None, mine), ("change", "update", mine, mine), ("remove", "delete", mine, None))


def _protect(op: Any, table: str, policies: tuple[tuple[str, str, str | None, str | None], ...]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    for name, verb, using, check in policies:
        using_sql = f" using ({using})" if using else ""
        check_sql = f" with check ({check})" if check else ""
        op.execute(f"create policy {name} on {table} for {verb} to {APP}{using_sql}{check_sql}")
    op.execute(f"create policy operator on {table} to {OPERATOR} using (true) with check (true)")


def release(op: Any, *tables: str) -> None:
    """Take the policies off tables, before a downgrade drops the one that they look into."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            for name in ("see", "add", "change", "remove", "partner_scope", "operator"):
                op.execute(f"drop policy if exists {name} on {table}")


def grant(op: Any, *tables: str) -> None:
    """Let the serving and the operator's roles use the tables; policies say which rows."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"grant select, insert, update, delete on {table} to {APP}, {OPERATOR}")


def answer_over_the_fence(op: Any, name: str, source: str) -> None:
    """Make a function on PostgreSQL that answers past the policies, as the operator's role; `name` has its arguments.

    The source pins the search path, so that nobody puts a table of theirs before ours. The role that migrates
    must be able to become the operator: `grant generazioni_operator to generazioni_owner`.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(source)
    op.execute(f"revoke all on function {name} from public")
    op.execute(f"grant execute on function {name} to {APP}, {OPERATOR}")
    op.execute(f"grant create on schema public to {OPERATOR}")
    op.execute(f"alter function {name} owner to {OPERATOR}")
    op.execute(f"revoke create on schema public from {OPERATOR}")


def drop_function(op: Any, name: str) -> None:
    """Take such a function away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"drop function if exists {name}")


def append_only(op: Any, table: str) -> None:
    """Let the database itself refuse to change or delete a line once written."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"revoke update, delete, truncate on {table} from {APP}, {OPERATOR}")
        op.execute(
            "create or replace function refuse_change() returns trigger language plpgsql as "
            "$$ begin raise exception '% is append-only', tg_table_name; end $$"
        )
        refuse = "execute function refuse_change()"
        op.execute(f"create trigger append_only before update or delete on {table} for each row {refuse}")
        op.execute(f"create trigger never_emptied before truncate on {table} for each statement {refuse}")
        return
    for verb in ("update", "delete"):
        op.execute(
            f"create trigger {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, '{table} is append-only'); end"
        )


def counter_entries_only(op: Any, *tables: str) -> None:
    """Let the database itself refuse to change a row of money, or to delete one that the demo did not make.

    Mistakes are taken back with rows that say the opposite. What the law lets an archive destroy, years later,
    the owner of the tables takes away with the triggers off.
    """
    demo = "exists (select 1 from demo_row d where d.\"table\" = '{table}' and d.row_id = old.id)"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create or replace function refuse_change() returns trigger language plpgsql as "
            "$$ begin raise exception '% is append-only', tg_table_name; end $$"
        )
    for table in tables:
        made_up = demo.format(table=table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"revoke update, delete, truncate on {table} from {APP}")
            op.execute(f"revoke update, truncate on {table} from {OPERATOR}")
            refuse = "execute function refuse_change()"
            op.execute(f"create trigger append_only before update on {table} for each row {refuse}")
            op.execute(f"create trigger never_emptied before truncate on {table} for each statement {refuse}")
            op.execute(
                f"create function {table}_refuse_delete() returns trigger language plpgsql as $$ begin "
                f"if {made_up} then return old; end if; raise exception '{table} is append-only'; end $$"
            )
            op.execute(
                f"create trigger never_deleted before delete on {table} "
                f"for each row execute function {table}_refuse_delete()"
            )
            continue
        for verb, held in (("update", ""), ("delete", f" when not {made_up}")):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table}{held} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )


def counter_entries_no_more(op: Any, *tables: str) -> None:
    """Take away what `counter_entries_only` made, before a downgrade; on SQLite too, where tables are rebuilt."""
    for table in tables:
        if op.get_bind().dialect.name == "postgresql":
            for name in ("append_only", "never_emptied", "never_deleted"):
                op.execute(f"drop trigger {name} on {table}")
            op.execute(f"drop function {table}_refuse_delete()")
            op.execute(f"grant update, delete on {table} to {APP}, {OPERATOR}")
            continue
        for verb in ("update", "delete"):
            op.execute(f"drop trigger {table}_no_{verb}")
