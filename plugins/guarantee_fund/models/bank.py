"""What the bank says of a fund's account: each movement once, and what it became."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Money, PartnerOwned, _, field, never_edited, same_partner
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.fund import Fund
from plugins.guarantee_fund.models.guarantee import Guarantee


class BankLineState(Choice):
    """What became of a movement."""

    OPEN = "open", _("To be recorded"), "warn"
    RECORDED = "recorded", _("Recorded"), "ok"
    ASIDE = "aside", _("Set aside"), ""


class BankLine(PartnerOwned, Model):
    """One movement of the fund's account, positive when it came in."""

    __tablename__ = "guarantee_fund_bank_line"
    __table_args__ = (
        same_partner("fund_id", Fund),
        same_partner("guarantee_id", Guarantee),
        UniqueConstraint("partner_id", "fund_id", "fingerprint", info={"message": _("This movement is already here.")}),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("(state = 'recorded') = (became is not null)", name="became"),
        Index("ix_guarantee_fund_bank_line_list", "partner_id", "booked_on", "id"),
        Index("ix_guarantee_fund_bank_line_state", "partner_id", "state", "booked_on"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    booked_on: Mapped[date] = field(_("Booked on"))
    amount: Mapped[Decimal] = field(_("Amount"), Money)
    counterpart: Mapped[str | None] = field(_("Payer or payee"), String(140))
    counterpart_iban: Mapped[str | None] = field(_("Their account"), String(34))
    text: Mapped[str | None] = field(_("Text"), Text)
    end_to_end: Mapped[str | None] = field(_("End-to-end identifier"), String(140))
    fingerprint: Mapped[str] = field(_("Fingerprint"), String(64), kind="hidden")
    guarantee_id: Mapped[UUID | None] = field(
        _("Speaks of"), help=_("The guarantee whose number the bank's text names")
    )
    became: Mapped[str | None] = field(_("Became"), String(120))
    became_id: Mapped[UUID | None] = field(_("Became"), kind="hidden")
    note: Mapped[str | None] = field(_("Note"), String(300))
    state: Mapped[BankLineState] = field(_("State"), BankLineState, default=BankLineState.OPEN)

    fund: Mapped[Fund] = relationship(foreign_keys=[fund_id])
    guarantee: Mapped[Guarantee | None] = relationship(foreign_keys=[guarantee_id])

    def __str__(self) -> str:
        return str(_("Movement of %(day)s", day=f"{self.booked_on:%d/%m/%Y}"))


never_edited(
    BankLine, _("What the bank said is never edited."),
    "fund_id", "booked_on", "amount", "counterpart", "counterpart_iban", "text", "end_to_end", "fingerprint",
)  # fmt: skip
