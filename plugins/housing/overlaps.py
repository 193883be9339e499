"""The database's own refusal of two leases on one day, as migrations make it: the last word between two clerks."""

from typing import Any

LATER = "dwelling_id = new.dwelling_id and id <> new.id and coalesce(ends_on, '9999-12-31') >= new.starts_on"
EARLIER = "starts_on <= coalesce(new.ends_on, '9999-12-31')"
TAKEN = f"exists (select 1 from housing_lease where {LATER} and {EARLIER})"  # noqa: S608  both are ours


def refuse_overlaps(op: Any) -> None:
    """Make the triggers; on PostgreSQL the home's row is held first, so that two transactions cannot pass."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create function housing_refuse_overlap() returns trigger language plpgsql as $$ begin "
            "perform 1 from housing_dwelling where id = new.dwelling_id for update; "
            f"if {TAKEN} then raise exclusion_violation using "
            "message = 'housing_lease: the home is let on those days'; "
            "end if; return new; end $$"
        )
        op.execute(
            "create trigger no_overlap before insert or update on housing_lease "
            "for each row execute function housing_refuse_overlap()"
        )
        return
    for verb in ("insert", "update of dwelling_id, starts_on, ends_on"):
        op.execute(
            f"create trigger housing_lease_no_overlap_{verb.split()[0]} before {verb} on housing_lease when {TAKEN} "
            "begin select raise(abort, 'housing_lease: the home is let on those days'); end"
        )


def allow_overlaps(op: Any) -> None:
    """Take away what `refuse_overlaps` made; on SQLite the triggers go with their table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger no_overlap on housing_lease")
        op.execute("drop function housing_refuse_overlap()")
