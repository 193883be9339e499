"""The rent ledger: which charges a payment settles (R-H9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

from core.api import Choice, Refusal, _

NOTHING = Decimal("0.00")


class NotOpen(Refusal):
    """The payer names a charge that nothing is owed on."""


class Standing(IntEnum):
    """The order in which the law settles a debt (art. 1194 c.c.)."""

    COSTS = 1
    INTEREST = 2
    PRINCIPAL = 3


class ChargeKind(Choice):
    """What a charge is for."""

    RENT = "rent", _("Rent")
    ACCESSORY = "accessory", _("Service charges")
    ADJUSTMENT = "adjustment", _("Adjustment of service charges")
    DEPOSIT = "deposit", _("Deposit")
    DEFAULT_INTEREST = "default_interest", _("Interest on late payment")
    COSTS = "costs", _("Costs")
    DAMAGES = "damages", _("Damages")

    @property
    def standing(self) -> Standing:
        """Costs before interest, interest before everything else."""
        if self is ChargeKind.COSTS:
            return Standing.COSTS
        return Standing.INTEREST if self is ChargeKind.DEFAULT_INTEREST else Standing.PRINCIPAL

    @property
    def is_accessory(self) -> bool:
        """Whether it counts among the accessory charges of L. 392/1978 art. 5."""
        return self in {ChargeKind.ACCESSORY, ChargeKind.ADJUSTMENT}


@dataclass(frozen=True)
class OpenCharge:
    """A charge and what is still owed on it."""

    charge_id: UUID | str
    kind: ChargeKind
    due: date
    owed: Decimal


@dataclass(frozen=True)
class Share:
    """The part of a payment that goes to one charge."""

    charge_id: UUID | str
    amount: Decimal


@dataclass(frozen=True)
class Settlement:
    """Where a payment goes: its shares in the order of settlement, and the credit that waits for the next charge."""

    shares: tuple[Share, ...]
    credit: Decimal


def allocate(amount: Decimal, open_charges: Iterable[OpenCharge], *, declared: Sequence[UUID | str] = ()) -> Settlement:
    """Settle charges with a payment, or with credit when a new charge arrives.

    What the payer declared comes first, in the order declared (art. 1193 c.c.); the rest goes to costs, then
    interest, then principal, the oldest due date first. Charges not to be paid ahead of time are for the caller
    to leave out.
    """
    if amount < 0:
        raise ValueError(f"a payment is not negative: {amount}")
    left, shares = amount, []
    for charge in _settling_order(open_charges, declared):
        share = min(left, charge.owed)
        if share > 0:
            shares.append(Share(charge.charge_id, share))
            left -= share
    return Settlement(tuple(shares), left)


def _settling_order(open_charges: Iterable[OpenCharge], declared: Sequence[UUID | str]) -> list[OpenCharge]:
    by_law = sorted(open_charges, key=lambda charge: (charge.kind.standing, charge.due, str(charge.charge_id)))
    owing = {charge.charge_id: charge for charge in by_law if charge.owed > 0}
    if not set(declared) <= owing.keys():
        raise NotOpen(
            _("Nothing is owed on a charge you chose: choose again or leave the choice out."), field="declared"
        )
    return [owing[charge_id] for charge_id in dict.fromkeys((*declared, *owing))]


def open_principal(open_charges: Iterable[OpenCharge]) -> Decimal:
    """What is owed beside costs and interest."""
    owed = (charge.owed for charge in open_charges if charge.kind.standing is Standing.PRINCIPAL)
    return sum(owed, NOTHING)
