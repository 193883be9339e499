"""Statements of account brought in: each movement once, with a proposal of whose it is."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.api import Refusal, SentFile, StatementLine, _, next_number, read_statement, today
from plugins.housing.models import (
    BankLine,
    BankLineState,
    BankStatement,
    Charge,
    Debit,
    DebitState,
    Lease,
    LeaseState,
    Mandate,
    Position,
)
from plugins.housing.rules.matching import Confidence, MatchIndex, MatchReason, expected_amounts, propose

SERIES = "BANK"
CHUNK = 500
RETURNABLE = (DebitState.SENT, DebitState.PAID)


def import_statement(session: Session, *, file: SentFile) -> BankStatement:
    """Bring a statement in and propose whose each movement is; what is already known has no effect.

    The number's counter is held until the transaction ends, so two imports of a partner wait for each other.
    """
    told = read_statement(file.content)
    number = next_number(session, SERIES, on=today())
    known = _known(session, [line.fingerprint for line in told.lines])
    days = [line.booked_on for line in told.lines]
    statement = BankStatement(
        number=number, file_name=file.name[:200], account=told.account[:40] or None, first_day=min(days),
        last_day=max(days), lines_read=len(told.lines), lines_known=len(known), lines_pending=told.pending,
        gap=told.gap,
    )  # fmt: skip
    statement.lines = [_line(one) for one in told.lines if one.fingerprint not in known]
    session.add(statement)
    session.flush()
    propose_matches(session, statement.lines)
    return statement


def _known(session: Session, fingerprints: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in _batches(fingerprints):
        found |= set(session.scalars(select(BankLine.fingerprint).where(BankLine.fingerprint.in_(some))))
    return found


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _line(told: StatementLine) -> BankLine:
    return BankLine(
        booked_on=told.booked_on, value_on=told.value_on, amount=told.amount, text=told.text or None,
        counterpart=told.counterpart[:140] or None, counterpart_iban=told.counterpart_iban[:34] or None,
        end_to_end=told.end_to_end[:140] or None, mandate=told.mandate[:35] or None,
        bank_reference=told.bank_reference[:140] or None, return_code=told.return_code[:20] or None,
        fingerprint=told.fingerprint,
    )  # fmt: skip


def propose_matches(session: Session, lines: Sequence[BankLine]) -> None:
    """Say of each open movement that came in whose it may be; earlier proposals are replaced."""
    waiting = [line for line in lines if line.state is BankLineState.OPEN and line.amount > 0]
    index = match_index(session) if waiting else MatchIndex()
    for line in waiting:
        found = propose(line.movement, index)
        line.lease_id = found.lease if found else None
        line.reason, line.confidence = (found.reason, found.confidence) if found else (None, None)
    for line, debit in returns_among(session, lines):
        line.lease_id, line.reason, line.confidence = debit.lease_id, MatchReason.RETURNED, Confidence.SURE
    session.flush()


def returns_among(session: Session, lines: Sequence[BankLine]) -> list[tuple[BankLine, Debit]]:
    """Open movements that went out under the identifier of a debit of ours: the bank gives it back."""
    out = {
        one.end_to_end: one for one in lines if one.amount < 0 and one.state is BankLineState.OPEN and one.end_to_end
    }
    found: list[tuple[BankLine, Debit]] = []
    for some in _batches([key for key in out if key]):
        debits = session.scalars(select(Debit).where(Debit.end_to_end.in_(some), Debit.state.in_(RETURNABLE)))
        found += [(out[one.end_to_end], one) for one in debits.unique() if out[one.end_to_end].amount == -one.amount]
    return found


def is_sure(line: BankLine) -> bool:
    """Whether what came in is proposed so surely that nobody needs to look at it twice."""
    return line.amount > 0 and line.state is BankLineState.OPEN and line.confidence is Confidence.SURE


def propose_again(session: Session, statement: BankStatement) -> BankStatement:
    """Propose again for what is still open, after a lease or a tenant was corrected."""
    if all(line.state is not BankLineState.OPEN for line in statement.lines):
        raise Refusal(_("Nothing of this statement is left to match."))
    propose_matches(session, statement.lines)
    return statement


def match_index(session: Session) -> MatchIndex:
    """All that the partner's leases can be recognised by, the accounts that already paid for them included."""
    index = MatchIndex()
    wanted = (
        select(Lease)
        .where(Lease.state.not_in((LeaseState.DRAFT, LeaseState.CLOSED)))
        .options(selectinload(Lease.charges))
    )
    for lease in session.scalars(wanted).unique():
        index.add_number(lease.number, lease.id)
        for one in lease.tenants:
            if one.person is not None:
                index.add_name(str(one.person), lease.id)
        owed = [(one.due_on, one.owed) for one in lease.charges if one.owed > 0]
        index.amounts[lease.id] = expected_amounts(owed) if owed else set()
    for key, lease_id in session.execute(
        select(Debit.end_to_end, Debit.lease_id).where(Debit.state == DebitState.SENT)
    ):
        index.end_to_ends[key] = lease_id
    for iuv, lease_id in session.execute(select(Position.iuv, Charge.lease_id).join(Position.charge)):
        index.iuvs[iuv] = lease_id
    for iban, lease_id in session.execute(select(Mandate.iban, Mandate.lease_id)):
        if lease_id in index.amounts:
            index.add_iban(iban, lease_id)
    for iban, lease_id in session.execute(_accounts_that_paid()):
        if lease_id in index.amounts:
            index.add_iban(iban or "", lease_id)
    return index


def _accounts_that_paid() -> Any:
    return (
        select(BankLine.counterpart_iban, BankLine.lease_id)
        .where(BankLine.state == BankLineState.CONFIRMED, BankLine.counterpart_iban.is_not(None))
        .distinct()
    )
