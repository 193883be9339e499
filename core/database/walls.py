"""What the database itself refuses of the audit trail, as migrations write it."""

from typing import Any

from core.database.policies import APP, OPERATOR

# A line's values go only when a later line says that they were erased.
SAID = (
    "exists (select 1 from audit_change line join audit_change later on later.partner_id = line.partner_id"
    " and later.entity = line.entity and later.entity_id = line.entity_id and later.act = 'forgotten'"
    " and later.sequence > line.sequence where line.id = old.id)"
)
REPLACED = {
    "audit_change": "id = new.id or (partner_id = new.partner_id and sequence = new.sequence)",
    "audit_told": "id = new.id",
}


def raise_walls(op: Any) -> None:
    """Values are deleted only when a line says so, and never changed; on SQLite no line is replaced either.

    SQLite's `insert or replace` deletes without asking the triggers that refuse to delete.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"revoke update, truncate on audit_told from {APP}, {OPERATOR}")
        op.execute(
            f"create function audit_told_refuse_delete() returns trigger language plpgsql as $$ begin "
            f"if {SAID} then return old; end if; raise exception 'audit_told is append-only'; end $$"
        )
        refuse = "execute function refuse_change()"
        op.execute(f"create trigger append_only before update on audit_told for each row {refuse}")
        op.execute(f"create trigger never_emptied before truncate on audit_told for each statement {refuse}")
        op.execute(
            "create trigger never_deleted before delete on audit_told "
            "for each row execute function audit_told_refuse_delete()"
        )
        return
    for verb, held in (("update", ""), ("delete", f" when not {SAID}")):
        op.execute(
            f"create trigger audit_told_no_{verb} before {verb} on audit_told{held} "
            f"begin select raise(abort, 'audit_told is append-only'); end"
        )
    for table, same in REPLACED.items():
        op.execute(
            f"create trigger {table}_no_replace before insert on {table} "
            f"when {_there_is(table, same)} "
            f"begin select raise(abort, '{table} is append-only'); end"
        )


def lower_walls(op: Any) -> None:
    """Take away what `raise_walls` made, before a downgrade drops the tables."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("append_only", "never_emptied", "never_deleted"):
            op.execute(f"drop trigger {name} on audit_told")
        op.execute("drop function audit_told_refuse_delete()")
        return
    for table, verb in (("audit_told", "update"), ("audit_told", "delete"), *((t, "replace") for t in REPLACED)):
        op.execute(f"drop trigger {table}_no_{verb}")


def _there_is(table: str, same: str) -> str:
    return f"exists (select 1 from {table} where {same})"  # noqa: S608  names of our own tables
