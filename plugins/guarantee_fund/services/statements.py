"""The fund's statement for its funder: what stood at the beginning, what moved, what stands at the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, Words, _
from plugins.guarantee_fund.models import (
    Application,
    Call,
    CallState,
    EntryKind,
    Fund,
    Guarantee,
    JournalEntry,
    JournalPosting,
    Recovery,
)
from plugins.guarantee_fund.rules.exposure import NOTHING, Position
from plugins.guarantee_fund.rules.indicators import History
from plugins.guarantee_fund.rules.journal import Account
from plugins.guarantee_fund.services import journal


@dataclass(frozen=True)
class AccountLine:
    """One account in a period: balance before, what it was debited and credited, balance after."""

    account: Account
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """The balance at the end; above zero in debit, below in credit."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class FundStatement:
    """A period in the books of a fund; it reconciles by construction, and says so."""

    fund: Fund
    first: date
    last: date
    lines: list[AccountLine]
    movements: list[tuple[Words, int, Decimal]]
    position: Position

    @property
    def debit(self) -> Decimal:
        """Everything debited in the period."""
        return sum((line.debit for line in self.lines), NOTHING)

    @property
    def credit(self) -> Decimal:
        """Everything credited in the period."""
        return sum((line.credit for line in self.lines), NOTHING)


def statement_of(session: Session, fund: Fund, *, first: date, last: date) -> FundStatement:
    """The statement of a period, both days included."""
    if last < first:
        raise Refusal(_("The last day comes before the first."), field="last")
    before = journal.balances(session, fund, until=first - timedelta(days=1))
    after = journal.balances(session, fund, until=last)
    debited, credited = (_moved(session, fund, side, first, last) for side in ("debit", "credit"))
    lines = [
        AccountLine(account, before[account], debited.get(account, NOTHING), credited.get(account, NOTHING))
        for account in Account
    ]
    return FundStatement(
        fund, first, last, [line for line in lines if line.opening or line.debit or line.credit],
        _movements(session, fund, first, last),
        Position(after[Account.BANK], -after[Account.RISK_FUND], fund.leverage, after[Account.GUARANTEES]),
    )  # fmt: skip


def history_of(session: Session, fund: Fund) -> History:
    """What the fund did since it began, for its indicators."""
    issued, amount = _counted(
        session, select(func.count(Guarantee.id), func.sum(Guarantee.amount)).where(
            Guarantee.fund_id == fund.id, Guarantee.issued_on.is_not(None)
        )
    )  # fmt: skip
    paid = select(func.count(Call.id), func.sum(Call.amount)).join(Call.guarantee)
    calls, paid_out = _counted(session, paid.where(Guarantee.fund_id == fund.id, Call.state == CallState.PAID))
    back = select(func.count(Recovery.id), func.sum(Recovery.fund_share)).join(Recovery.call).join(Call.guarantee)
    _count, recovered = _counted(session, back.where(Guarantee.fund_id == fund.id))
    decided = select(Application.submitted_on, Application.decided_on).where(
        Application.fund_id == fund.id, Application.decided_on.is_not(None), Application.submitted_on.is_not(None)
    )
    days = [(last - first).days for first, last in session.execute(decided) if first and last]
    return History(issued, amount, calls, paid_out, recovered, len(days), sum(days))


def _movements(session: Session, fund: Fund, first: date, last: date) -> list[tuple[Words, int, Decimal]]:
    """What happened in the period by kind of entry: how many, and their main amount."""
    wanted = select(JournalEntry).where(JournalEntry.fund_id == fund.id, JournalEntry.on.between(first, last))
    told: dict[EntryKind, list[Decimal]] = {}
    for entry in session.scalars(wanted):
        told.setdefault(entry.kind, []).append(entry.amount)
    return [(kind.label, len(told[kind]), _sum(told[kind])) for kind in EntryKind if kind in told]


def _moved(session: Session, fund: Fund, side: str, first: date, last: date) -> dict[Account, Decimal]:
    column = getattr(JournalPosting, side)
    wanted = (
        select(column, func.sum(JournalPosting.amount))
        .join(JournalPosting.entry)
        .where(JournalEntry.fund_id == fund.id, JournalEntry.on.between(first, last))
        .group_by(column)
    )
    return {Account(account): Decimal(amount) for account, amount in session.execute(wanted)}


def _counted(session: Session, wanted: object) -> tuple[int, Decimal]:
    count, amount = session.execute(wanted).one()  # type: ignore[call-overload]
    return count or 0, amount or NOTHING


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
