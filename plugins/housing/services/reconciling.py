"""Movements of the bank made into payments: confirmed, set aside, undone."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _
from plugins.housing.models import (
    BankLine,
    BankLineState,
    BankStatement,
    Debit,
    DebitState,
    Lease,
    Payment,
    PaymentMethod,
)
from plugins.housing.rules.matching import MatchReason
from plugins.housing.services.bank import is_sure, returns_among
from plugins.housing.services.collections import collect_debit, return_debit
from plugins.housing.services.ledger import record_payment, reverse_payment

METHODS = {MatchReason.IUV: PaymentMethod.PAGOPA, MatchReason.END_TO_END: PaymentMethod.DIRECT_DEBIT}


def confirm_line(
    session: Session, line: BankLine, *, lease: Lease | None = None, declared: Sequence[UUID] = ()
) -> Payment | None:
    """Make a movement a payment of the proposed lease, or of the one that is named instead.

    The movement's row is held until the transaction ends: confirmed by two clerks, it is paid once.
    """
    line = _held(session, line)
    if line.state is not BankLineState.OPEN:
        raise Refusal(_("This movement is not waiting any more: somebody matched it or set it aside."))
    if line.amount <= 0:
        raise Refusal(_("Money that went out is no payment of a tenant: set it aside."))
    found = lease or line.lease
    if found is None:
        raise Refusal(_("Choose the lease that this movement pays."), field="lease")
    if lease is not None and lease.id != line.lease_id:
        line.reason, line.confidence = MatchReason.HAND, None
    debit = _debit_of(session, line)
    if debit is not None and debit.lease_id == found.id:
        payment = collect_debit(session, debit, on=line.booked_on).payment
    else:
        payment = record_payment(
            session, found, amount=line.amount, paid_on=line.booked_on, declared=declared,
            method=METHODS.get(line.reason) if line.reason else None, reference=_reference(line),
        )  # fmt: skip
    line.lease, line.payment, line.state = found, payment, BankLineState.CONFIRMED
    session.flush()
    return payment


def _debit_of(session: Session, line: BankLine) -> Debit | None:
    """The debit sent that a movement pays, to the cent."""
    if line.reason is not MatchReason.END_TO_END:
        return None
    wanted = select(Debit).where(
        Debit.end_to_end == line.end_to_end, Debit.state == DebitState.SENT, Debit.amount == line.amount
    )
    return session.scalars(wanted).unique().first()


def accept_return(session: Session, line: BankLine, *, costs: Decimal | None = None) -> BankLine:
    """Take back the payment of a debit that the bank gave back, and charge what that cost."""
    line = _held(session, line)
    debit = next((one for found, one in returns_among(session, [line]) if found is line), None)
    if debit is None:
        raise Refusal(_("This movement gives back no debit of ours: set it aside."))
    return_debit(session, debit, on=line.booked_on, return_code=line.return_code, costs=costs)
    line.lease, line.reason, line.state = debit.lease, MatchReason.RETURNED, BankLineState.CONFIRMED
    session.flush()
    return line


def _reference(line: BankLine) -> str | None:
    told = line.text or line.bank_reference or line.end_to_end or ""
    return told[:140] or None


def confirm_lines(session: Session, keys: Sequence[UUID]) -> int:
    """Confirm the proposals of these movements and say how many payments that made."""
    wanted = select(BankLine).where(BankLine.id.in_(keys)).order_by(BankLine.booked_on, BankLine.id)
    lines = session.scalars(wanted).all()
    for line in lines:
        confirm_line(session, line)
    return len(lines)


def confirm_sure(session: Session, statement: BankStatement) -> BankStatement:
    """Confirm every proposal of a statement that is sure."""
    sure = [one.id for one in statement.lines if is_sure(one)]
    if not sure:
        raise Refusal(_("No proposal of this statement is sure: confirm them one by one."))
    confirm_lines(session, sure)
    return statement


def set_aside(session: Session, line: BankLine, *, reason: str) -> BankLine:
    """Take a movement that is no tenant's off the list, and write why."""
    line = _held(session, line)
    if line.state is not BankLineState.OPEN:
        raise Refusal(_("This movement is not waiting any more: somebody matched it or set it aside."))
    line.state, line.note = BankLineState.ASIDE, reason
    session.flush()
    return line


def take_up(session: Session, line: BankLine) -> BankLine:
    """Put a movement that was set aside back among those to match."""
    line.state, line.note = BankLineState.OPEN, None
    session.flush()
    return line


def undo_line(session: Session, line: BankLine, *, reason: str) -> BankLine:
    """Take the payment of a movement back with a counter-entry; the movement waits again."""
    line = _held(session, line)
    if line.state is not BankLineState.CONFIRMED or line.payment is None:
        raise Refusal(_("This movement has no payment to take back: mend it on the debit."))
    reverse_payment(session, line.payment, reason=reason)
    for debit in session.scalars(select(Debit).where(Debit.payment_id == line.payment_id)).unique():
        # It waits for the bank's answer again, so that nobody is asked for the same charges meanwhile.
        debit.state, debit.payment = DebitState.SENT, None
    line.payment, line.state, line.note = None, BankLineState.OPEN, reason
    session.flush()
    return line


def _held(session: Session, line: BankLine) -> BankLine:
    wanted = select(BankLine).where(BankLine.id == line.id).with_for_update(of=BankLine)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
