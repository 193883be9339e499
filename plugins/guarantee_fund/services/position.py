"""How much a fund can still guarantee, live, with every line that makes the number (R-G2)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Words, _
from plugins.guarantee_fund.models import Contribution, Fund, Guarantee, GuaranteeState
from plugins.guarantee_fund.rules.exposure import NOTHING, Position, Use, usable
from plugins.guarantee_fund.rules.journal import Account
from plugins.guarantee_fund.services import journal


@dataclass(frozen=True)
class Step:
    """One line of the derivation: a sign, what it is, how much, and where to see it."""

    sign: str
    label: Words
    amount: Decimal
    url: str = ""
    total: bool = False


def position_of(session: Session, fund: Fund, books: Mapping[Account, Decimal] | None = None) -> Position:
    """Capital and provisions from the books, exposures from the guarantees."""
    books = books or journal.balances(session, fund)
    return Position(
        capital=books[Account.BANK], provisions=-books[Account.RISK_FUND], leverage=fund.leverage,
        exposure=exposure_of(session, fund),
    )  # fmt: skip


def exposure_of(session: Session, fund: Fund) -> Decimal:
    """ΣE: what every guarantee of the fund still puts at risk, approved ones in full."""
    return session.scalar(select(func.sum(Guarantee.exposure)).where(Guarantee.fund_id == fund.id)) or NOTHING


def household_exposure(session: Session, fund: Fund, household_id: object) -> Decimal:
    """ΣE of one household in the fund."""
    mine = select(func.sum(Guarantee.exposure)).where(
        Guarantee.fund_id == fund.id, Guarantee.household_id == household_id
    )
    return session.scalar(mine) or NOTHING


def endowment_of(session: Session, fund: Fund) -> Decimal:
    """Σ contributions, those taken back not counted."""
    return session.scalar(select(func.sum(Contribution.amount)).where(Contribution.fund_id == fund.id)) or NOTHING


def contributed(session: Session, fund: Fund) -> dict[str, Decimal]:
    """What donors gave, by the key of their restriction; empty for free money."""
    wanted = (
        select(Contribution.line_id, Contribution.municipality_id, func.sum(Contribution.amount))
        .where(Contribution.fund_id == fund.id)
        .group_by(Contribution.line_id, Contribution.municipality_id)
    )
    told: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for line, town, amount in session.execute(wanted):
        told[f"line:{line}" if line else f"town:{town}" if town else ""] += amount
    return dict(told)


def usable_for(session: Session, fund: Fund, position: Position, restrictions: frozenset[str]) -> Decimal:
    """What may still be guaranteed for something that these restrictions allow."""
    wanted = (
        select(Guarantee.line_id, Guarantee.municipality_id, func.sum(Guarantee.exposure))
        .where(Guarantee.fund_id == fund.id, Guarantee.exposure > 0)
        .group_by(Guarantee.line_id, Guarantee.municipality_id)
    )
    uses = [Use(frozenset({f"line:{line}", f"town:{town}"}), amount) for line, town, amount in session.execute(wanted)]
    return usable(position.capacity, contributed(session, fund), uses, restrictions)


def derivation(session: Session, fund: Fund) -> list[Step]:
    """The available amount, line by line, from the first euro given to the last one promised."""
    books = journal.balances(session, fund)
    position = position_of(session, fund, books)
    given = endowment_of(session, fund)
    entries, register = (f"/m/guarantee-fund/{name}?f.fund={fund.id}" for name in ("entries", "guarantees"))
    paid, costs = books[Account.RECOURSE] + books[Account.LOSSES] + books[Account.ADVANCES], books[Account.COSTS]
    back = books[Account.RECOVERED_LOSSES]
    waiting = _exposure_in(session, fund, GuaranteeState.APPROVED)
    return [
        Step("+", _("Contributions"), given, f"/m/guarantee-fund/contributions?f.fund={fund.id}"),
        Step("−", _("Calls paid and not recovered, losses and deposit advances out"), paid, entries),
        Step("+", _("Recovered after a loss"), -back, entries),
        Step("−", _("Costs charged to the fund"), costs, entries),
        Step("=", _("Capital (B)"), position.capital, total=True),
        Step("−", _("Provisions for calls received and not paid (P)"), position.provisions,
             "/m/guarantee-fund/calls?f.state=requested"),
        Step("×", _("Leverage (m)"), fund.leverage),
        Step("=", _("Capacity, K = m·(B − P)"), position.capacity, total=True),
        Step("−", _("Guarantees approved and not issued"), waiting, f"{register}&f.state=approved"),
        Step("−", _("Guarantees issued"), position.exposure - waiting, register),
        Step("=", _("Can still be guaranteed (A)"), position.available, total=True),
    ]  # fmt: skip


def _exposure_in(session: Session, fund: Fund, state: GuaranteeState) -> Decimal:
    mine = select(func.sum(Guarantee.exposure)).where(Guarantee.fund_id == fund.id, Guarantee.state == state)
    return session.scalar(mine) or NOTHING
