"""Service charges settled on what they cost: what was asked in advance against the actual expense."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _, show_date, show_money, today
from plugins.housing.models import Charge, Lease, Payment, PaymentMethod
from plugins.housing.rules.ledger import NOTHING, ChargeKind
from plugins.housing.services.ledger import add_charge, record_payment


def asked_in_advance(lease: Lease, *, first_day: date, last_day: date) -> Decimal:
    """The service charges of the days between two, both included, as they were charged month by month."""
    undone = {one.reverses_id for one in lease.charges}
    asked = [
        one.amount for one in lease.charges
        if one.kind is ChargeKind.ACCESSORY and one.reverses_id is None and one.id not in undone
        and one.first_day and one.last_day and first_day <= one.first_day and one.last_day <= last_day
    ]  # fmt: skip
    return sum(asked, NOTHING)


def settle_actual_costs(
    session: Session, lease: Lease, *, first_day: date, last_day: date, actual: Decimal, due_on: date
) -> Charge | Payment:
    """Charge what the advances did not cover, or credit what they were too much.

    The adjustment names its days, and days that an adjustment already speaks of are refused.
    """
    if last_day < first_day:
        raise Refusal(_("The last day comes before the first."), field="last_day")
    if actual < 0:
        raise Refusal(_("Write an amount that is not negative."), field="actual")
    _refuse_settled(lease, first_day, last_day)
    asked = asked_in_advance(lease, first_day=first_day, last_day=last_day)
    note = str(_(
        "Actual costs %(actual)s, asked in advance %(asked)s", actual=show_money(actual), asked=show_money(asked)
    ))  # fmt: skip
    if actual == asked:
        raise Refusal(_("The advances covered the costs exactly: nothing is to be adjusted."), field="actual")
    if actual > asked:
        return add_charge(
            session, lease, kind=ChargeKind.ADJUSTMENT, due_on=due_on, amount=actual - asked, note=note,
            first_day=first_day, last_day=last_day,
        )  # fmt: skip
    reference = f"{_reference(first_day, last_day)} · {note}"
    return record_payment(
        session, lease, amount=asked - actual, paid_on=today(), method=PaymentMethod.ADJUSTMENT, reference=reference
    )


def _refuse_settled(lease: Lease, first_day: date, last_day: date) -> None:
    undone = {one.reverses_id for one in lease.charges} | {one.reverses_id for one in lease.payments}
    charged = [
        one for one in lease.charges
        if one.kind is ChargeKind.ADJUSTMENT and one.id not in undone and one.reverses_id is None
        and one.first_day and one.last_day and one.first_day <= last_day and first_day <= one.last_day
    ]  # fmt: skip
    mark = _reference(first_day, last_day)
    credited = [
        one for one in lease.payments
        if one.method is PaymentMethod.ADJUSTMENT and one.id not in undone and one.reverses_id is None
        and (one.reference or "").startswith(mark)
    ]  # fmt: skip
    if charged or credited:
        raise Refusal(_("These days are already settled: take that adjustment back first."), field="first_day")


def _reference(first_day: date, last_day: date) -> str:
    return f"{show_date(first_day)}–{show_date(last_day)}"
