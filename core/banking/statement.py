"""A bank's statement of account, whatever file it came in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class StatementLine:
    """One movement: positive came in, negative went out.

    `return_code` says that the movement undoes a direct debit or a transfer, and why (ISO 20022 external
    codes, such as AM04). `fingerprint` is the same each time the same movement is read from the same kind of file.
    """

    booked_on: date
    amount: Decimal
    value_on: date | None = None
    text: str = ""
    counterpart: str = ""
    counterpart_iban: str = ""
    end_to_end: str = ""
    mandate: str = ""
    bank_reference: str = ""
    return_code: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class Statement:
    """The movements of one account; balances and account are empty where the file does not say them."""

    lines: list[StatementLine]
    account: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    pending: int = 0

    @property
    def gap(self) -> Decimal:
        """What the lines leave unexplained between the two balances."""
        if self.opening is None or self.closing is None:
            return Decimal(0)
        return self.closing - self.opening - sum((line.amount for line in self.lines), Decimal(0))
