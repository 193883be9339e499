"""What the cards of the fund's record pages show."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Person, scope_of, today
from plugins.guarantee_fund import queries
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    ApplicationState,
    BudgetKind,
    CommitteeSession,
    Fund,
    Guarantee,
    Loan,
)
from plugins.guarantee_fund.services.guarantees import propose
from plugins.guarantee_fund.services.position import derivation

DECIDED = (ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.LAPSED)


def derivation_of(session: Session, fund: Fund) -> dict[str, Any]:
    """The available amount with every line that makes it."""
    may = scope_of(session).may
    return {
        "steps": derivation(session, fund), "fund": fund, "may_read": may(Can.SEE_STATEMENT),
        "may_order": may(Can.ORDER_PAYMENTS),
    }  # fmt: skip


def checks_of(session: Session, application: Application) -> dict[str, Any]:
    """What the limits say of an application that is not decided yet."""
    if application.state in DECIDED:
        return {"proposal": None}
    return {"proposal": propose(session, application)}


def budget_of(session: Session, application: Application) -> dict[str, Any]:
    """Income, costs and debts a month, and what is left."""
    groups = [(kind, [line for line in application.budget if line.kind is kind], application.total(kind))
              for kind in BudgetKind]  # fmt: skip
    return {"groups": groups, "margin": application.margin, "any": bool(application.budget)}


def agenda_of(session: Session, meeting: CommitteeSession) -> dict[str, Any]:
    """The items of a session in their order."""
    return {"items": meeting.items}


def dossier_link(session: Session, item: AgendaItem) -> dict[str, Any]:
    """Where the dossier stands."""
    return {"item": item}


def loan_of(session: Session, guarantee: Guarantee) -> dict[str, Any]:
    """The loan behind a guarantee."""
    return {"loan": guarantee.loan, "days": guarantee.loan.days_late(today()) if guarantee.loan else 0}


def calls_of(session: Session, guarantee: Guarantee) -> dict[str, Any]:
    """Every call on a guarantee."""
    return {"calls": queries.calls_of(session, guarantee)}


def schedule_of(session: Session, loan: Loan) -> dict[str, Any]:
    """The schedule with what was paid of each instalment."""
    return {"loan": loan, "rows": loan.rows, "day": today()}


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """What a person asked of the funds, and what was promised for them."""
    return _within_rights(session, queries.of_person(session, person))


def of_lease(session: Session, lease: Any) -> dict[str, Any]:
    """What was asked and promised for a lease of another module."""
    may_ask = scope_of(session).may("guarantee_fund.applications.add")
    return {**_within_rights(session, queries.of_lease(session, lease.id)), "lease": lease, "may_ask": may_ask}


def _within_rights(session: Session, practices: dict[str, Any]) -> dict[str, Any]:
    """Applications and guarantees, each to who may see its list."""
    may = scope_of(session).may
    return {name: found if may(f"guarantee_fund.{name}.see") else [] for name, found in practices.items()}
