"""What a payment on a loan settles (R-G7, art. 1194 c.c.)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import Choice, _
from plugins.guarantee_fund.rules.exposure import NOTHING


class Order(Choice):
    """In which order payments settle a loan; a line keeps one."""

    ARTICLE_1194 = "article_1194", _("Costs, default interest, interest, principal (art. 1194 c.c.)")


class Part(Choice):
    """What a part of a payment is for."""

    COSTS = "costs", _("Costs")
    DEFAULT_INTEREST = "default_interest", _("Default interest")
    INTEREST = "interest", _("Interest")
    PRINCIPAL = "principal", _("Principal")


@dataclass(frozen=True)
class Due:
    """What is still owed of one instalment; number 0 holds costs and default interest."""

    number: int
    due: date
    interest: Decimal
    principal: Decimal


@dataclass(frozen=True)
class Settled:
    """A part of a payment, and the instalment it goes to."""

    part: Part
    number: int
    amount: Decimal


def settle(
    payment: Decimal, *, on: date, costs: Decimal, default_interest: Decimal, dues: Sequence[Due]
) -> tuple[list[Settled], Decimal]:
    """The parts of a payment in the law's order, and what is left over.

    Costs, default interest, all overdue interest oldest first, overdue principal oldest first,
    then the instalments not yet due, each with its interest first.
    """
    overdue = sorted((one for one in dues if one.due <= on), key=lambda one: (one.due, one.number))
    coming = sorted((one for one in dues if one.due > on), key=lambda one: (one.due, one.number))
    owed = [(Part.COSTS, 0, costs), (Part.DEFAULT_INTEREST, 0, default_interest)]
    owed += [(Part.INTEREST, one.number, one.interest) for one in overdue]
    owed += [(Part.PRINCIPAL, one.number, one.principal) for one in overdue]
    for one in coming:
        owed += [(Part.INTEREST, one.number, one.interest), (Part.PRINCIPAL, one.number, one.principal)]
    left, parts = payment, []
    for part, number, amount in owed:
        if taken := min(amount, left):
            parts.append(Settled(part, number, taken))
            left -= taken
    return parts, max(left, NOTHING)
