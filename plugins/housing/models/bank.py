"""What the bank says: statements imported, and each of their movements with the lease it is matched to."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, field, never_edited, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.lease import Lease
from plugins.housing.models.ledger import Payment
from plugins.housing.rules.matching import Confidence, MatchReason, Movement


class BankLineState(Choice):
    """What became of a movement."""

    OPEN = "open", _("To be matched"), "warn"
    CONFIRMED = "confirmed", _("Matched"), "ok"
    ASIDE = "aside", _("Set aside")


class BankStatement(PartnerOwned, Model):
    """A statement of account as it was imported, and how many of its movements were new."""

    __tablename__ = "housing_bank_statement"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "number", info={"message": _("Another statement has this number.")}),
        Index("ix_housing_bank_statement_list", "partner_id", "last_day", "id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    file_name: Mapped[str] = field(_("File"), String(200))
    account: Mapped[str | None] = field(_("Account"), String(40))
    first_day: Mapped[date] = field(_("From"))
    last_day: Mapped[date] = field(_("Until"))
    lines_read: Mapped[int] = field(_("Movements read"))
    lines_known: Mapped[int] = field(_("Already known"))
    lines_pending: Mapped[int] = field(_("Not booked yet"), help=_("Left out: they come again when booked"))
    gap: Mapped[Decimal] = field(
        _("Missing between the balances"), Money, help=_("Not zero when the file lacks a movement")
    )

    lines: Mapped[list["BankLine"]] = relationship(
        back_populates="statement", foreign_keys="BankLine.statement_id", order_by="BankLine.booked_on, BankLine.id"
    )

    def __str__(self) -> str:
        return self.number


class BankLine(PartnerOwned, Model):
    """One movement of the bank: what came in or went out, and whose it is."""

    __tablename__ = "housing_bank_line"
    __table_args__ = (
        referable(),
        same_partner("statement_id", BankStatement),
        same_partner("lease_id", Lease),
        same_partner("payment_id", Payment),
        UniqueConstraint("partner_id", "fingerprint", info={"message": _("This movement is already imported.")}),
        UniqueConstraint("partner_id", "payment_id", info={"message": _("This payment has its movement already.")}),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("state <> 'confirmed' or lease_id is not null", name="confirmed"),
        Index("ix_housing_bank_line_state", "partner_id", "state", "booked_on", "id"),
        Index("ix_housing_bank_line_statement", "partner_id", "statement_id"),
        Index("ix_housing_bank_line_lease", "partner_id", "lease_id"),
    )

    statement_id: Mapped[UUID] = field(_("Statement"))
    booked_on: Mapped[date] = field(_("Booked on"))
    value_on: Mapped[date | None] = field(_("Value date"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    counterpart: Mapped[str | None] = field(_("Payer or payee"), String(140))
    counterpart_iban: Mapped[str | None] = field(_("Their account"), String(34))
    text: Mapped[str | None] = field(_("Text"), Text)
    end_to_end: Mapped[str | None] = field(_("End-to-end identifier"), String(140))
    mandate: Mapped[str | None] = field(_("Mandate"), String(35))
    bank_reference: Mapped[str | None] = field(_("Bank's reference"), String(140))
    return_code: Mapped[str | None] = field(_("Returned because"), String(20), help=_("ISO code, such as AM04"))
    fingerprint: Mapped[str] = field(_("Fingerprint"), String(64), kind="hidden")
    state: Mapped[BankLineState] = field(_("State"), BankLineState, default=BankLineState.OPEN)
    lease_id: Mapped[UUID | None] = field(_("Lease"))
    reason: Mapped[MatchReason | None] = field(_("Recognised by"), MatchReason)
    confidence: Mapped[Confidence | None] = field(_("How sure"), Confidence)
    payment_id: Mapped[UUID | None] = field(_("Payment"))
    note: Mapped[str | None] = field(_("Note"), String(300))

    statement: Mapped[BankStatement] = relationship(back_populates="lines", foreign_keys=[statement_id])
    lease: Mapped[Lease | None] = relationship(foreign_keys=[lease_id])
    payment: Mapped[Payment | None] = relationship(foreign_keys=[payment_id])

    def __str__(self) -> str:
        return str(_("Movement of %(day)s", day=f"{self.booked_on:%d/%m/%Y}"))

    @property
    def movement(self) -> Movement:
        """The line as the rules of matching read it."""
        return Movement(
            self.amount, self.text or "", self.counterpart or "", self.counterpart_iban or "", self.end_to_end or ""
        )


never_edited(
    BankLine, _("What the bank said is never edited."),
    "statement_id", "booked_on", "value_on", "amount", "counterpart", "counterpart_iban", "text", "end_to_end",
    "bank_reference", "return_code", "fingerprint",
)  # fmt: skip
