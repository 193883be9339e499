"""The database's own refusal of a payment that settles more than it is, as migrations make it."""

from typing import Any

# On SQLite writers wait for each other; on PostgreSQL the lease's row is held before the sums are read.
OVER_PAYMENT = (
    "exists (select 1 from housing_payment p where p.id = new.payment_id and "
    "abs(new.amount + coalesce((select sum(a.amount) from housing_allocation a where a.payment_id = p.id), 0)) "
    "> abs(p.amount))"
)
OVER_CHARGE = (
    "exists (select 1 from housing_charge c where c.id = new.charge_id and "
    "new.amount + coalesce((select sum(a.amount) from housing_allocation a where a.charge_id = c.id), 0) "
    "not between 0 and c.amount)"
)
SENTENCE = "housing_allocation: more is settled than was paid or owed"


def refuse_overdrafts(op: Any) -> None:
    """Make the triggers: no payment settles more than its amount, no charge more than is owed on it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create function housing_refuse_overdraft() returns trigger language plpgsql as $$ begin "
            "perform 1 from housing_lease l join housing_charge c on c.lease_id = l.id "
            "where c.id = new.charge_id for update of l; "
            f"if {OVER_PAYMENT} or {OVER_CHARGE} then raise check_violation using message = '{SENTENCE}'; "
            "end if; return new; end $$"
        )
        op.execute(
            "create trigger no_overdraft before insert on housing_allocation "
            "for each row execute function housing_refuse_overdraft()"
        )
        return
    op.execute(
        f"create trigger housing_allocation_no_overdraft before insert on housing_allocation "
        f"when {OVER_PAYMENT} or {OVER_CHARGE} begin select raise(abort, '{SENTENCE}'); end"
    )


def allow_overdrafts(op: Any) -> None:
    """Take away what `refuse_overdrafts` made."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger no_overdraft on housing_allocation")
        op.execute("drop function housing_refuse_overdraft()")
        return
    op.execute("drop trigger housing_allocation_no_overdraft")


# The same by the partner's own keys. Planned without statistics, the first way went through all of a partner's leases.
OVER_PAYMENT_BY_KEY = (
    "exists (select 1 from housing_payment p where p.partner_id = new.partner_id and p.id = new.payment_id and "
    "abs(new.amount + coalesce((select sum(a.amount) from housing_allocation a "
    "where a.partner_id = new.partner_id and a.payment_id = new.payment_id), 0)) > abs(p.amount))"
)
OVER_CHARGE_BY_KEY = (
    "exists (select 1 from housing_charge c where c.partner_id = new.partner_id and c.id = new.charge_id and "
    "new.amount + coalesce((select sum(a.amount) from housing_allocation a "
    "where a.partner_id = new.partner_id and a.charge_id = new.charge_id), 0) not between 0 and c.amount)"
)


def look_by_key(op: Any) -> None:
    """Let the triggers find rows by partner and key, however many there are."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create or replace function housing_refuse_overdraft() returns trigger language plpgsql "  # noqa: S608
            "set plan_cache_mode = force_custom_plan as $$ begin "
            "perform 1 from housing_lease l where l.partner_id = new.partner_id and l.id = (select c.lease_id "
            "from housing_charge c where c.partner_id = new.partner_id and c.id = new.charge_id) for update of l; "
            f"if {OVER_PAYMENT_BY_KEY} or {OVER_CHARGE_BY_KEY} then "
            f"raise check_violation using message = '{SENTENCE}'; end if; return new; end $$"
        )
        return
    op.execute("drop trigger housing_allocation_no_overdraft")
    op.execute(
        f"create trigger housing_allocation_no_overdraft before insert on housing_allocation "
        f"when {OVER_PAYMENT_BY_KEY} or {OVER_CHARGE_BY_KEY} begin select raise(abort, '{SENTENCE}'); end"
    )


def look_by_key_no_more(op: Any) -> None:
    """Make the triggers as they were."""
    allow_overdrafts(op)
    refuse_overdrafts(op)
