"""The rent ledger: months charged, payments settled as the law says, mistakes taken back."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, lazyload, selectinload

from core.api import Refusal, _, add_many, today
from plugins.housing.models import Allocation, Charge, Lease, Payment, PaymentMethod
from plugins.housing.models.lease import CHARGED
from plugins.housing.rules.book import Book, BookCharge, BookPayment, Settled
from plugins.housing.rules.leases import Period
from plugins.housing.rules.ledger import NOTHING, ChargeKind
from plugins.housing.rules.rent import monthly_charges
from plugins.housing.services.leases import covers
from plugins.housing.services.recovery import review_lease

Row = dict[str, Any]
MONTHLY = (ChargeKind.RENT, ChargeKind.ACCESSORY)
COLLECTIONS: dict[type[Any], list[str]] = {
    Lease: ["charges"], Charge: ["allocations"], Payment: ["allocations"],
}  # fmt: skip


def charge_month(session: Session, *, month: date) -> list[Row]:
    """Charge rent and service charges of a month on every running lease; a second time adds nothing."""
    return charge_leases(session, running_leases(session, month=month), month=month)


def running_leases(session: Session, *, month: date, after: UUID | None = None, limit: int | None = None) -> list[UUID]:
    """The keys of the leases that make charges in a month, in order, beginning after one of them."""
    wanted = _running(select(Lease.id), month).order_by(Lease.id).limit(limit)
    return list(session.scalars(wanted if after is None else wanted.where(Lease.id > after)))


def count_running(session: Session, *, month: date) -> int:
    """How many leases make charges in a month."""
    return session.scalars(_running(select(func.count(Lease.id)), month)).one()


def _running(wanted: Select[Any], month: date) -> Select[Any]:
    return wanted.where(Lease.state.in_(CHARGED), Lease.starts_on <= _days_of(month).last)


def _days_of(month: date) -> Period:
    return Period(month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1]))


def charge_leases(session: Session, keys: Sequence[UUID], *, month: date) -> list[Row]:
    """Charge a month on these leases, all in a few statements; what is already charged is left as it is.

    The rows of the leases are held in the order of their keys, so that nobody settles or charges them meanwhile;
    a constraint has the last word on each month.
    """
    days = _days_of(month)
    wanted = select(Lease).options(lazyload(Lease.dwelling), lazyload(Lease.tenants)).where(Lease.id.in_(keys))
    leases = session.scalars(wanted.order_by(Lease.id).with_for_update(of=Lease)).all()
    there = _charged(session, keys, days)
    added = [
        row for lease in leases for row in _monthly(lease, days) if (row["lease_id"], row["monthly_key"]) not in there
    ]
    add_many(session, Charge, added)
    _use_credits(session, {row["lease_id"] for row in added})
    _forget_collections(session)
    return added


def _charged(session: Session, keys: Sequence[UUID], month: Period) -> set[tuple[UUID, str]]:
    """Which of the leases have which of the month's charges already."""
    monthly = [_monthly_key(kind, month) for kind in MONTHLY]
    wanted = select(Charge.lease_id, Charge.monthly_key)
    found = session.execute(wanted.where(Charge.lease_id.in_(keys), Charge.monthly_key.in_(monthly)))
    return {(lease_id, key or "") for lease_id, key in found}


def _monthly(lease: Lease, month: Period) -> Iterator[Row]:
    """The charges of one lease's terms for the days of the month that it covers."""
    days = covers(lease, month)
    if days is None:
        return
    for kind, amount in zip(MONTHLY, (lease.rent_on(days.first), lease.charges_advance), strict=True):
        [one] = monthly_charges(days, amount, lease.due_day)
        if one.amount > 0:
            yield {
                "lease_id": lease.id, "kind": kind, "due_on": max(one.due, lease.starts_on), "amount": one.amount,
                "first_day": days.first, "last_day": days.last, "monthly_key": _monthly_key(kind, month),
            }  # fmt: skip


def _monthly_key(kind: ChargeKind, month: Period) -> str:
    return f"{kind.value} {month.first:%Y-%m}"


def _use_credits(session: Session, keys: set[UUID]) -> None:
    """Settle the new charges of all these leases with what earlier payments left."""
    rows = [
        {"payment_id": one.payment, "reversal_id": one.counter, "charge_id": one.charge, "amount": one.amount,
         "on": today()}
        for lease in _with_credit(session, keys) for one in _book(lease).use_credit()
    ]  # fmt: skip
    add_many(session, Allocation, rows)


def _with_credit(session: Session, keys: set[UUID]) -> Iterable[Lease]:
    """Those of the leases whose payments were more than they settled, with their books."""
    paid = select(func.sum(Payment.amount)).where(Payment.lease_id == Lease.id).scalar_subquery()
    used = select(func.sum(Allocation.amount)).join(Allocation.payment).where(Payment.lease_id == Lease.id)
    wanted = (
        select(Lease)
        .where(Lease.id.in_(keys), paid > func.coalesce(used.scalar_subquery(), 0))
        .options(selectinload(Lease.charges), selectinload(Lease.payments))
        .options(lazyload(Lease.dwelling), lazyload(Lease.tenants))
        .order_by(Lease.id)
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).unique().all()


def _forget_collections(session: Session) -> None:
    """Let what this session had read of the ledger be read again: rows were added beside it."""
    for row in list(session.identity_map.values()):
        if names := COLLECTIONS.get(type(row)):
            session.expire(row, names)


def add_charge(
    session: Session, lease: Lease, *, kind: ChargeKind, due_on: date, amount: Decimal, note: str | None = None,
    **days: date | None,
) -> Charge:  # fmt: skip
    """Charge something beside the month: an adjustment, costs, damages, interest; `days` are what it is for."""
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    _hold(session, lease)
    charge = Charge(lease=lease, kind=kind, due_on=due_on, amount=amount, note=note, **days)
    session.add(charge)
    session.flush()
    use_credit(session, lease)
    return charge


def record_payment(
    session: Session,
    lease: Lease,
    *,
    amount: Decimal,
    paid_on: date,
    declared: Sequence[UUID] = (),
    method: PaymentMethod | None = None,
    reference: str | None = None,
) -> Payment:
    """Take a payment in and settle charges with it; what is left waits for the next charge.

    What the payer declares is settled first (art. 1193 c.c.), then costs, interest, and the oldest debt.
    """
    payment = _take_in(
        session, lease, amount=amount, paid_on=paid_on, declared=declared, method=method, reference=reference
    )
    review_lease(session, lease, on=today())
    return payment


def record_past_payments(
    session: Session, lease: Lease, payments: Iterable[tuple[date, Decimal, str | None]]
) -> list[Payment]:
    """Take in what was paid over time (day, amount, reference), the oldest first; the debt is looked at once, after."""
    taken = [
        _take_in(session, lease, amount=amount, paid_on=paid_on, reference=reference)
        for paid_on, amount, reference in payments
    ]
    review_lease(session, lease, on=today())
    return taken


def _take_in(
    session: Session, lease: Lease, *, amount: Decimal, paid_on: date, declared: Sequence[UUID] = (),
    method: PaymentMethod | None = None, reference: str | None = None,
) -> Payment:  # fmt: skip
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if paid_on > today():
        raise Refusal(_("Write the day the money came in: it cannot be in the future."), field="paid_on")
    _hold(session, lease)
    payment = Payment(
        lease=lease, amount=amount, paid_on=paid_on, method=method or PaymentMethod.TRANSFER, reference=reference
    )
    session.add(payment)
    session.flush()
    _write(session, lease, _book(lease).settle(payment.id, declared), paid_on)
    return payment


def receive_payment(
    session: Session, *, lease: Lease, amount: Decimal, paid_on: date, charge: Charge | None = None,
    method: PaymentMethod | None = None, reference: str | None = None,
) -> Payment:  # fmt: skip
    """Take a payment in, as a form says it: at most one charge is declared."""
    if charge is not None and charge.lease_id != lease.id:
        raise Refusal(_("This charge is of another lease."), field="charge")
    declared = [charge.id] if charge is not None else []
    return record_payment(
        session, lease, amount=amount, paid_on=paid_on, declared=declared, method=method, reference=reference
    )


def reverse_payment(session: Session, payment: Payment, *, reason: str, on: date | None = None) -> Payment:
    """Take a payment back with a counter-entry: what it settled is owed again."""
    lease = payment.lease
    if payment.reverses_id is not None or payment.id in _reversed(lease):
        raise Refusal(_("This payment is a counter-entry, or was already taken back."))
    _hold(session, lease)
    day = on or today()
    counter = Payment(
        lease=lease, amount=-payment.amount, paid_on=day, method=payment.method, reason=reason,
        reference=payment.reference, reverses_id=payment.id,
    )  # fmt: skip
    session.add(counter)
    session.flush()
    _write(session, lease, _book(lease).take_payment_back(payment.id, counter.id), day)
    use_credit(session, lease)
    review_lease(session, lease, on=today())
    return counter


def reverse_charge(session: Session, charge: Charge, *, reason: str, on: date | None = None) -> Charge:
    """Take a charge back with a counter-entry: what was paid on it becomes credit."""
    if charge.reverses_id is not None or any(one.reverses_id == charge.id for one in charge.lease.charges):
        raise Refusal(_("This charge is a counter-entry, or was already taken back."))
    _hold(session, charge.lease)
    day = on or today()
    counter = Charge(
        lease=charge.lease, kind=charge.kind, due_on=day, amount=-charge.amount, note=reason, reverses_id=charge.id
    )
    session.add(counter)
    session.flush()
    _write(session, charge.lease, _book(charge.lease).take_charge_back(charge.id, counter.id), day)
    use_credit(session, charge.lease)
    review_lease(session, charge.lease, on=today())
    return counter


def use_credit(session: Session, lease: Lease) -> None:
    """Settle open charges with what earlier payments left."""
    _write(session, lease, _book(lease).use_credit(), today())


def credit_of(lease: Lease) -> Decimal:
    """What the tenant paid and no charge used yet."""
    return sum((payment.credit for payment in lease.payments), NOTHING)


def statement(lease: Lease) -> list[Charge | Payment]:
    """Charges and payments of a lease, newest first."""
    entries: Iterable[Charge | Payment] = [*lease.charges, *lease.payments]
    return sorted(entries, key=_day_of, reverse=True)


def _day_of(entry: Charge | Payment) -> date:
    return entry.due_on if isinstance(entry, Charge) else entry.paid_on


def _book(lease: Lease) -> Book:
    """The lease's rows as the arithmetic reads them."""
    return Book(
        [BookCharge(one.id, one.kind, one.due_on, one.amount, one.reverses_id) for one in lease.charges],
        [BookPayment(one.id, one.amount, one.reverses_id) for one in lease.payments],
        [Settled(one.charge_id, one.amount, one.payment_id, one.reversal_id)
         for charge in lease.charges for one in charge.allocations],
    )  # fmt: skip


def _write(session: Session, lease: Lease, rows: Iterable[Settled], day: date) -> None:
    charges, payments = {one.id: one for one in lease.charges}, {one.id: one for one in lease.payments}
    for row in rows:
        session.add(
            Allocation(
                charge=charges[row.charge], payment=payments.get(row.payment), reversal_id=row.counter,
                amount=row.amount, on=day,
            )
        )  # fmt: skip
    session.flush()


def _reversed(lease: Lease) -> set[UUID]:
    return {one.reverses_id for one in lease.payments if one.reverses_id is not None}


def _hold(session: Session, lease: Lease) -> None:
    """Nobody else settles this lease's charges until the transaction ends."""
    session.execute(select(Lease.id).where(Lease.id == lease.id).with_for_update(of=Lease))
