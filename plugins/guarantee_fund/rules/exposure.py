"""What guarantees put at risk, and how much more can be guaranteed (R-G1, R-G2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from core.api import half_up, split_by_weight

NOTHING = Decimal("0.00")
PERCENT = 100
MOST_RESTRICTIONS = 12
FREE = ""


def loan_exposure(outstanding: Decimal, coverage: Decimal) -> Decimal:
    """The covered part of the principal still to be repaid; coverage in percent."""
    return half_up(outstanding * coverage / PERCENT)


def rent_exposure(monthly_rent: Decimal, months: int, cap: Decimal | None, paid: Decimal = NOTHING) -> Decimal:
    """The months that may still be called, within the cap of the practice, less what calls already paid."""
    whole = monthly_rent * months
    return max((whole if cap is None else min(whole, cap)) - paid, NOTHING)


@dataclass(frozen=True)
class Position:
    """A fund at a moment: capital B, provisions P, leverage m and the sum of exposures ΣE."""

    capital: Decimal
    provisions: Decimal
    leverage: Decimal
    exposure: Decimal

    @property
    def capacity(self) -> Decimal:
        """K = m·(B − P): the most that may be guaranteed at once."""
        return half_up(self.leverage * (self.capital - self.provisions))

    @property
    def available(self) -> Decimal:
        """A = K − ΣE; negative when losses ate what was already promised."""
        return self.capacity - self.exposure


@dataclass(frozen=True)
class Use:
    """What guarantees of one kind put at risk, and the restricted money that may stand behind them."""

    restrictions: frozenset[str]
    exposure: Decimal


def usable(
    capacity: Decimal, contributed: Mapping[str, Decimal], uses: Sequence[Use], wanted: frozenset[str]
) -> Decimal:
    """How much may still be guaranteed for something that the `wanted` restrictions allow.

    `contributed` is what donors gave by restriction, `FREE` for what they left free. Losses weigh on every
    contribution in proportion. Restricted money stands behind what its donor meant alone: for each set of
    restrictions, what only they and the free money may cover must stay within them (Hall's condition).
    `ValueError` with more than twelve restrictions.
    """
    named = sorted(key for key in contributed if key != FREE)
    if len(named) > MOST_RESTRICTIONS:
        raise ValueError(f"more than {MOST_RESTRICTIONS} different restrictions")
    if capacity <= 0 or not any(contributed.values()):
        return capacity - sum((use.exposure for use in uses), NOTHING)
    pots = split_by_weight(capacity, contributed)
    left = []
    for count in range(len(named) + 1):
        for chosen in map(frozenset, combinations(named, count)):
            if wanted & frozenset(named) <= chosen:
                within = sum((use.exposure for use in uses if use.restrictions & frozenset(named) <= chosen), NOTHING)
                left.append(pots.get(FREE, NOTHING) + sum((pots[key] for key in chosen), NOTHING) - within)
    return min(left)
