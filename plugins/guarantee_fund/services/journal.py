"""The books of a fund: entries added under its lock, never changed; mistakes are taken back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, Words, _, show_date
from plugins.guarantee_fund.models import EntryKind, Fund, JournalEntry, JournalPosting
from plugins.guarantee_fund.rules.exposure import NOTHING
from plugins.guarantee_fund.rules.journal import Account, Posting, opposite

# Entries that a person writes by hand, and may take back alone; the others follow what made them.
BY_HAND = (EntryKind.COST,)


def lock_fund(session: Session, fund: Fund) -> Fund:
    """The fund's row, held until the transaction ends: nobody else commits its money meanwhile."""
    held = select(Fund).where(Fund.id == fund.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).one()


def record(
    session: Session,
    fund: Fund,
    kind: EntryKind,
    postings: Iterable[Posting],
    *,
    on: date,
    text: Words,
    source: UUID | None = None,
    reverses: JournalEntry | None = None,
) -> JournalEntry | None:
    """Write an entry under the fund's lock; amounts of zero are left out, and an empty entry is not written."""
    told = [one for one in postings if one.amount]
    if not told:
        return None
    held = lock_fund(session, fund)
    if held.closed_until is not None and on <= held.closed_until:
        raise Refusal(_("The accounts are closed until %(day)s.", day=show_date(held.closed_until)), field="on")
    last = session.scalar(select(func.max(JournalEntry.number)).where(JournalEntry.fund_id == fund.id)) or 0
    entry = JournalEntry(
        fund_id=fund.id, number=last + 1, on=on, kind=kind, text=str(text)[:200], source_id=source,
        reverses_id=reverses.id if reverses else None,
        postings=[JournalPosting(debit=one.debit, credit=one.credit, amount=one.amount) for one in told],
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def take_back(session: Session, entry: JournalEntry, *, on: date, reason: str) -> JournalEntry:
    """Write the counter-entry of an entry."""
    if entry.kind is EntryKind.COUNTER_ENTRY:
        raise Refusal(_("A counter-entry is not taken back: write the entry again."))
    taken = select(JournalEntry.id).where(JournalEntry.reverses_id == entry.id)
    if session.scalars(taken).first():
        raise Refusal(_("This entry is already taken back."))
    postings = [Posting(one.debit, one.credit, one.amount) for one in entry.postings]
    counter = record(
        session, entry.fund, EntryKind.COUNTER_ENTRY, opposite(postings), on=on,
        text=_("Taken back: %(entry)s. %(reason)s", entry=entry, reason=reason), reverses=entry,
    )  # fmt: skip
    assert counter is not None  # noqa: S101  entries always have postings
    return counter


def take_back_by_hand(session: Session, entry: JournalEntry, *, on: date, reason: str) -> JournalEntry:
    """Take back an entry that somebody wrote by hand; the others are undone where they were made."""
    if entry.kind not in BY_HAND:
        raise Refusal(_("This entry follows from %(kind)s: undo it there.", kind=entry.kind.label))
    return take_back(session, entry, on=on, reason=reason)


def balances(session: Session, fund: Fund, *, until: date | None = None) -> dict[Account, Decimal]:
    """Every account's debit less credit, on a day included; accounts that never moved are nothing."""
    told = dict.fromkeys(Account, NOTHING)
    for side, sign in ((JournalPosting.debit, 1), (JournalPosting.credit, -1)):
        wanted = (
            select(side, func.sum(JournalPosting.amount))
            .join(JournalPosting.entry)
            .where(JournalEntry.fund_id == fund.id)
            .group_by(side)
        )
        if until is not None:
            wanted = wanted.where(JournalEntry.on <= until)
        for account, amount in session.execute(wanted):
            told[Account(account)] += sign * Decimal(amount or 0)
    return told
