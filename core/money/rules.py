"""Rounding and splitting of euro, exact to the cent (domain/common.md 0.4)."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from core.calendar.rules import add_months

CENT = Decimal("0.01")
Number = Decimal | Fraction | int


class Instalment(NamedTuple):
    """One part of an amount, and the day it is due."""

    due: date
    amount: Decimal


def half_up(value: Number, places: int = 2) -> Decimal:
    """The value with that many decimals, halves away from zero: only at a named result (R-MONEY)."""
    exact = Fraction(value) * 10**places
    whole, rest = divmod(abs(exact), 1)
    rounded = int(whole) + (rest >= Fraction(1, 2))
    return Decimal(-rounded if exact < 0 else rounded).scaleb(-places)


def cents(amount: Decimal) -> int:
    """The amount in whole cents."""
    return int(amount.quantize(CENT, ROUND_HALF_UP).scaleb(2))


def split_by_weight(total: Decimal, weights: Mapping[str, Number]) -> dict[str, Decimal]:
    """Parts of the total in proportion to the weights, by largest remainder (R-LR); they sum to the total.

    Ties go to the larger weight, then to the smaller code. `ValueError` when no weight is positive.
    """
    amount, sign = abs(cents(total)), -1 if total < 0 else 1
    whole = sum(Fraction(weight) for weight in weights.values())
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights must be positive or zero, and not all zero")
    shares = {code: Fraction(amount) * Fraction(weight) / whole for code, weight in weights.items()}
    parts = {code: int(share) for code, share in shares.items()}
    order = sorted(weights, key=lambda code: (-(shares[code] - parts[code]), -Fraction(weights[code]), code))
    for code in order[: amount - sum(parts.values())]:
        parts[code] += 1
    return {code: (Decimal(sign * part)).scaleb(-2) for code, part in parts.items()}


def instalments(total: Decimal, count: int, first: date) -> list[Instalment]:
    """Equal parts on the same day of following months; the last takes the remainder (R-INST)."""
    base, rest = divmod(cents(total), count)
    amounts = [base] * (count - 1) + [base + rest]
    return [Instalment(add_months(first, n), Decimal(part).scaleb(-2)) for n, part in enumerate(amounts)]
