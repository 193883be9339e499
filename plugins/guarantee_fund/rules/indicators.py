"""How a fund does (R-G9); None where there is nothing to divide by, shown as "n.d."."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.api import half_up
from plugins.guarantee_fund.rules.exposure import PERCENT, Position


@dataclass(frozen=True)
class History:
    """What a fund issued, paid and got back since it began; days are those of every decided application."""

    issued: int
    issued_amount: Decimal
    calls: int
    calls_paid: Decimal
    recovered: Decimal
    decided: int
    days: int


def default_rate(history: History) -> Decimal | None:
    """Calls over guarantees issued, by number, in percent with one decimal."""
    return _percent(Fraction(history.calls), Fraction(history.issued))


def net_loss_rate(history: History) -> Decimal | None:
    """Calls paid less recoveries, over the amounts issued, in percent with one decimal."""
    return _percent(Fraction(history.calls_paid - history.recovered), Fraction(history.issued_amount))


def leverage_used(position: Position) -> Decimal | None:
    """ΣE / (B − P), with two decimals."""
    own = position.capital - position.provisions
    return half_up(Fraction(position.exposure) / Fraction(own)) if own > 0 else None


def processing_days(history: History) -> Decimal | None:
    """Days from application to decision, on average, with one decimal."""
    return half_up(Fraction(history.days, history.decided), 1) if history.decided else None


def _percent(part: Fraction, whole: Fraction) -> Decimal | None:
    return half_up(part * PERCENT / whole, 1) if whole else None
