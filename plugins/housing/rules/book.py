"""The book of one lease: what each payment settles, and what a counter-entry gives back (R-H9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from plugins.housing.rules.ledger import NOTHING, ChargeKind, OpenCharge, allocate

Key = Any


@dataclass(frozen=True)
class BookCharge:
    """A charge; one that reverses another settles it and is never owed."""

    key: Key
    kind: ChargeKind
    due: date
    amount: Decimal
    reverses: Key = None


@dataclass(frozen=True)
class BookPayment:
    """A payment; one that reverses another is negative and settles nothing new."""

    key: Key
    amount: Decimal
    reverses: Key = None


@dataclass(frozen=True)
class Settled:
    """So much of a charge settled by a payment, or by a counter-entry of the charge; negative gives it back."""

    charge: Key
    amount: Decimal
    payment: Key = None
    counter: Key = None


@dataclass
class Book:
    """All that was written for a lease. Its verbs write what follows and answer with the rows to keep."""

    charges: list[BookCharge] = field(default_factory=list)
    payments: list[BookPayment] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)

    def owed(self, charge: BookCharge) -> Decimal:
        """What is left of a charge; nothing on a counter-entry."""
        if charge.reverses is not None:
            return NOTHING
        return charge.amount - sum((one.amount for one in self.settled if one.charge == charge.key), NOTHING)

    def credit(self, payment: BookPayment) -> Decimal:
        """What of a payment settles nothing yet; negative on a counter-entry until its payment's is counted."""
        return payment.amount - sum((one.amount for one in self.settled if one.payment == payment.key), NOTHING)

    @property
    def balance(self) -> Decimal:
        """What is owed less what waits as credit."""
        owed = sum((self.owed(charge) for charge in self.charges), NOTHING)
        return owed - sum((self.credit(payment) for payment in self.payments), NOTHING)

    def settle(self, key: Key, declared: Sequence[Key] = ()) -> list[Settled]:
        """Settle open charges with what is left of a payment, the declared ones first."""
        payment = next(one for one in self.payments if one.key == key)
        owing = [OpenCharge(one.key, one.kind, one.due, self.owed(one)) for one in self.charges]
        shares = allocate(self.credit(payment), owing, declared=declared).shares
        return self._write([Settled(share.charge_id, share.amount, payment=key) for share in shares])

    def use_credit(self) -> list[Settled]:
        """Settle open charges with what earlier payments left, in their order."""
        undone = {one.reverses for one in self.payments}
        waiting = [one for one in self.payments if one.amount > 0 and one.key not in undone and self.credit(one) > 0]
        return [row for one in waiting for row in self.settle(one.key)]

    def take_payment_back(self, key: Key, counter: Key) -> list[Settled]:
        """What a payment settled is owed again."""
        settled: dict[Key, Decimal] = {}
        for one in self.settled:
            if one.payment == key:
                settled[one.charge] = settled.get(one.charge, NOTHING) + one.amount
        return self._write([Settled(charge, -amount, payment=counter) for charge, amount in settled.items() if amount])

    def take_charge_back(self, key: Key, counter: Key) -> list[Settled]:
        """What was paid on a charge becomes credit, and its counter-entry settles it whole."""
        charge = next(one for one in self.charges if one.key == key)
        # A payment taken back and its counter-entry give nothing, so they are read as one.
        origin, paid = {one.key: one.reverses or one.key for one in self.payments}, dict[Key, Decimal]()
        for one in self.settled:
            if one.charge == key and one.payment is not None:
                paid[origin[one.payment]] = paid.get(origin[one.payment], NOTHING) + one.amount
        given_back = [Settled(key, -amount, payment=payment) for payment, amount in paid.items() if amount]
        return self._write([*given_back, Settled(key, charge.amount, counter=counter)])

    def _write(self, rows: list[Settled]) -> list[Settled]:
        self.settled += rows
        return rows
