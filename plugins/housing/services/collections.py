"""Direct debits: mandates written down, a month's charges collected, returns taken back with their costs."""

from datetime import date
from decimal import Decimal
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.api import Debit as Order
from core.api import (
    DebitSequence,
    Party,
    Refusal,
    _,
    add_months,
    date_in_italy,
    direct_debits,
    next_number,
    read_iban,
    today,
    value_if_set,
    value_of,
)
from plugins.housing.models import (
    Charge,
    Collection,
    CollectionState,
    Debit,
    DebitCharge,
    DebitState,
    Lease,
    Mandate,
    MandateState,
    PaymentMethod,
    SequenceKind,
)
from plugins.housing.rules.ledger import NOTHING, ChargeKind
from plugins.housing.services.ledger import add_charge, record_payment, reverse_payment

SERIES = "SDD"
WAITING = (DebitState.SENT,)


def sign_mandate(session: Session, *, lease: Lease, reference: str, holder: str, iban: str, signed_on: date) -> Mandate:
    """Write down a mandate; a lease has one in force at a time."""
    if signed_on > today():
        raise Refusal(_("A mandate is not signed in the future."), field="signed_on")
    there = select(Mandate).where(Mandate.lease_id == lease.id, Mandate.state == MandateState.ACTIVE)
    if session.scalars(there).first() is not None:
        raise Refusal(_("This lease has a mandate in force already."), field="lease")
    if session.scalars(select(Mandate.id).where(Mandate.reference == reference)).first() is not None:
        raise Refusal(_("Another mandate has this reference."), field="reference")
    mandate = Mandate(lease=lease, reference=reference, holder=holder, iban=read_iban(iban), signed_on=signed_on)
    session.add(mandate)
    session.flush()
    return mandate


def revoke_mandate(session: Session, mandate: Mandate, *, revoked_on: date) -> Mandate:
    """Write down that a mandate holds no more; debits already sent go their way."""
    if revoked_on < mandate.signed_on:
        raise Refusal(_("A mandate is not revoked before it is signed."), field="revoked_on")
    mandate.state, mandate.revoked_on = MandateState.REVOKED, revoked_on
    session.flush()
    return mandate


def prepare_collection(session: Session, *, month: date, collect_on: date) -> Collection:
    """Ask every mandate in force for what its lease owes until the end of a month, costs and arrears included.

    What another debit already asks for and the bank has not answered is left out. The number's counter is held
    until the transaction ends, so that two clerks do not ask for the same charge.
    """
    if collect_on <= today():
        raise Refusal(_("The bank needs at least a day: choose a later collection date."), field="collect_on")
    collection = Collection(
        number=next_number(session, SERIES, on=today()), month=month.replace(day=1), collect_on=collect_on
    )
    last = add_months(month.replace(day=1), 1)
    asked = set(session.scalars(select(DebitCharge.charge_id).join(DebitCharge.debit).where(Debit.state.in_(WAITING))))
    wanted = (
        select(Mandate)
        .where(Mandate.state == MandateState.ACTIVE)
        .options(selectinload(Mandate.lease).selectinload(Lease.charges))
        .order_by(Mandate.reference)
    )
    for mandate in session.scalars(wanted):
        owed = [one for one in mandate.lease.charges if one.owed > 0 and one.due_on < last and one.id not in asked]
        if owed:
            collection.debits.append(_debit(session, collection, mandate, owed))
    if not collection.debits:
        raise Refusal(_("No mandate has anything to collect until the end of that month."), field="month")
    session.add(collection)
    session.flush()
    order_file(session, collection)
    return collection


def _debit(session: Session, collection: Collection, mandate: Mandate, owed: list[Charge]) -> Debit:
    earlier = select(Debit.id).where(
        Debit.mandate_id == mandate.id, Debit.state.in_((DebitState.SENT, DebitState.PAID))
    )
    first = session.scalars(earlier.limit(1)).first() is None
    return Debit(
        mandate=mandate, lease=mandate.lease, amount=sum((one.owed for one in owed), NOTHING),
        sequence=SequenceKind.FIRST if first else SequenceKind.RECURRENT,
        end_to_end=f"{collection.message}-{len(collection.debits) + 1:04}",
        charges=[DebitCharge(charge=one, amount=one.owed) for one in owed],
    )  # fmt: skip


def order_file(session: Session, collection: Collection, *, dialect: Literal["iso", "cbi"] = "iso") -> bytes:
    """The collection as the bank takes it, valid for its schema; the creditor stands among the parameters."""
    day = date_in_italy(collection.created_at)
    creditor = Party(
        name=value_of(session, "housing.sdd_name", on=day), iban=value_of(session, "housing.sdd_iban", on=day),
        identifier=value_of(session, "housing.sdd_identifier", on=day),
        cuc=value_if_set(session, "housing.sdd_cuc", on=day) or "",
    )  # fmt: skip
    debits = [
        Order(
            amount=one.amount, name=one.mandate.holder, iban=one.mandate.iban, mandate=one.mandate.reference,
            signed_on=one.mandate.signed_on, end_to_end=one.end_to_end,
            text=f"{one.lease.number} {collection.month:%m/%Y}",
            sequence=DebitSequence(one.sequence.value),
        )
        for one in collection.debits if one.state is not DebitState.CANCELLED
    ]  # fmt: skip
    return direct_debits(
        creditor, debits, on=collection.collect_on, message=collection.message, written_at=collection.created_at,
        dialect=dialect,
    )  # fmt: skip


def mark_collected(session: Session, collection: Collection, *, on: date) -> Collection:
    """The bank credited the collection: each debit that did not come back yet is a payment of its charges."""
    if on > today():
        raise Refusal(_("Write the day the money came in: it cannot be in the future."), field="on")
    for debit in collection.debits:
        if debit.state is DebitState.SENT:
            collect_debit(session, debit, on=on)
    collection.state = CollectionState.COLLECTED
    session.flush()
    return collection


def collect_debit(session: Session, debit: Debit, *, on: date) -> Debit:
    """One debit came in: a payment that declares the charges it was asked for."""
    debit = _held(session, debit)
    if debit.state is not DebitState.SENT:
        raise Refusal(_("The bank already answered about this debit."))
    declared = [one.charge_id for one in debit.charges if one.charge.owed > 0]
    debit.payment = record_payment(
        session, debit.lease, amount=debit.amount, paid_on=on, declared=declared, method=PaymentMethod.DIRECT_DEBIT,
        reference=debit.end_to_end,
    )  # fmt: skip
    debit.state = DebitState.PAID
    session.flush()
    return debit


def return_debit(
    session: Session, debit: Debit, *, on: date, return_code: str | None = None, costs: Decimal | None = None
) -> Debit:
    """The bank gave a debit back: its payment is taken back, and what the return cost is charged."""
    debit = _held(session, debit)
    if debit.state not in {DebitState.SENT, DebitState.PAID}:
        raise Refusal(_("This debit was already returned or cancelled."))
    if costs is not None and costs < 0:
        raise Refusal(_("Write an amount that is not negative."), field="costs")
    reason = str(_("Direct debit returned %(code)s", code=return_code or "")).strip()
    if debit.payment is not None:
        reverse_payment(session, debit.payment, reason=reason, on=on)
    if costs:
        add_charge(session, debit.lease, kind=ChargeKind.COSTS, due_on=on, amount=costs, note=reason)
    debit.state, debit.return_code, debit.returned_on = DebitState.RETURNED, return_code, on
    session.flush()
    return debit


def cancel_collection(session: Session, collection: Collection, *, reason: str) -> Collection:
    """The file was not sent to the bank: its charges can be collected again."""
    if any(one.state is not DebitState.SENT for one in collection.debits):
        raise Refusal(_("The bank already answered about a debit of this collection."))
    for one in collection.debits:
        one.state = DebitState.CANCELLED
    collection.state = CollectionState.CANCELLED
    session.flush()
    return collection


def _held(session: Session, debit: Debit) -> Debit:
    wanted = select(Debit).where(Debit.id == debit.id).with_for_update(of=Debit)
    return session.scalars(wanted.execution_options(populate_existing=True)).unique().one()
