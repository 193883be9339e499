"""How the rent of a public home is found: by a strategy that the parameter `housing.rent_strategy` names.

The regional formula changes with the law and could not be verified, so none is hard-coded: rents are imported,
or computed from percentages that the owner enters. A plugin may add a strategy of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _, half_up, rows_of

MONTHS, PERCENT = 12, 100


@dataclass(frozen=True)
class RentFacts:
    """What a strategy may look at: the home's yearly value, the tenant's ISEE-ERP area, the day."""

    rental_value: Decimal | None
    area: str
    on: date


Strategy = Callable[[Session, RentFacts], Decimal]


def imported(session: Session, facts: RentFacts) -> Decimal:
    """The owner's system computes the rent: here it is only written down."""
    raise Refusal(_("The rent of public homes is imported: write its amount."), field="amount")


def share_of_value(session: Session, facts: RentFacts) -> Decimal:
    """A percentage of the home's rental value for each area (`housing.rent_shares`), a twelfth a month."""
    if facts.rental_value is None:
        raise Refusal(_("The home has no rental value: write it, or write the rent's amount."), field="amount")
    shares = {row[0]: Decimal(row[1]) for row in rows_of(session, "housing.rent_shares", on=facts.on)}
    if facts.area not in shares:
        raise Refusal(_("No share of the rental value is set for this area: write the rent's amount."), field="amount")
    return half_up(facts.rental_value * shares[facts.area] / (PERCENT * MONTHS))


STRATEGIES: dict[str, Strategy] = {"imported": imported, "share_of_value": share_of_value}


def strategy(name: str) -> Strategy:
    """The strategy of a name; `Refusal` when no code here has it."""
    if name not in STRATEGIES:
        raise Refusal(_("No strategy of rents is called “%(name)s”: see the parameter.", name=name), field="amount")
    return STRATEGIES[name]
