"""The journal of a fund: entries and postings that the database itself refuses to change."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, fact, field, referable, same_partner
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.fund import Fund
from plugins.guarantee_fund.rules.journal import Account

NOTHING = Decimal("0.00")


class EntryKind(Choice):
    """What an entry records."""

    CONTRIBUTION = "contribution", _("Contribution")
    ISSUE = "issue", _("Guarantee issued")
    REDUCTION = "reduction", _("Guarantee reduced or ended")
    PROVISION = "provision", _("Provision for a call")
    RELEASE = "release", _("Provision released")
    CALL = "call", _("Call paid")
    RECOVERY = "recovery", _("Recovery")
    WRITE_OFF = "write_off", _("Loss")
    ADVANCE = "advance", _("Deposit advance")
    ADVANCE_RETURNED = "advance_returned", _("Deposit advance returned")
    COST = "cost", _("Cost charged to the fund")
    COUNTER_ENTRY = "counter_entry", _("Counter-entry")


class JournalEntry(PartnerOwned, Model):
    """One event in a fund's books, numbered without gaps."""

    __tablename__ = "guarantee_fund_entry"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        UniqueConstraint("partner_id", "fund_id", "number"),
        UniqueConstraint("partner_id", "reverses_id", info={"message": _("This entry is already taken back.")}),
        CheckConstraint("(kind = 'counter_entry') = (reverses_id is not null)", name="reverses"),
        Index("ix_guarantee_fund_entry_day", "partner_id", "fund_id", "on", "number"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    number: Mapped[int] = field(_("Number"))
    on: Mapped[date] = field(_("Day"))
    kind: Mapped[EntryKind] = field(_("Kind"), EntryKind)
    text: Mapped[str] = field(_("Description"), String(200))
    source_id: Mapped[UUID | None] = field(_("From"), kind="hidden")
    reverses_id: Mapped[UUID | None] = field(_("Takes back"), kind="hidden")

    fund: Mapped[Fund] = relationship(foreign_keys=[fund_id])
    postings: Mapped[list["JournalPosting"]] = relationship(
        back_populates="entry", order_by="JournalPosting.id", lazy="selectin"
    )

    def __str__(self) -> str:
        return f"{self.number} · {self.text}"

    @fact(_("Amount"), money=True)
    def amount(self) -> Decimal:
        """The largest amount it moves."""
        return max((one.amount for one in self.postings), default=NOTHING)


class JournalPosting(PartnerOwned, Model):
    """An amount that goes from the credited account to the debited one: it balances by construction."""

    __tablename__ = "guarantee_fund_posting"
    __table_args__ = (
        same_partner("entry_id", JournalEntry),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit <> credit", name="accounts"),
        CheckConstraint("(debit like '9%') = (credit like '9%')", name="memorandum"),
        Index("ix_guarantee_fund_posting_entry", "partner_id", "entry_id"),
    )

    entry_id: Mapped[UUID] = field(_("Entry"))
    debit: Mapped[Account] = field(_("Debit"), Account)
    credit: Mapped[Account] = field(_("Credit"), Account)
    amount: Mapped[Decimal] = field(_("Amount"), Money)

    entry: Mapped[JournalEntry] = relationship(back_populates="postings", foreign_keys=[entry_id])

    def __str__(self) -> str:
        return f"{self.debit} / {self.credit}"
