"""What the module's page and the home page count, and what waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.api import Person, Words, plural
from plugins.guarantee_fund.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Fund,
    FundState,
    Guarantee,
    GuaranteeState,
    Loan,
    LoanState,
)
from plugins.guarantee_fund.rules.exposure import Position
from plugins.guarantee_fund.services.position import position_of

SOON = timedelta(days=30)
DOING = (ApplicationState.SUBMITTED, ApplicationState.UNDER_ENQUIRY, ApplicationState.INTEGRATION)


@dataclass(frozen=True)
class Reminder:
    """Something that waits for somebody, and where to go."""

    label: Words
    url: str


def open_funds(session: Session) -> Sequence[Fund]:
    """The funds that take new practices."""
    return session.scalars(select(Fund).where(Fund.state == FundState.OPEN).order_by(Fund.name)).all()


def funds(session: Session) -> Sequence[Fund]:
    """All of them, those that closed too."""
    return session.scalars(select(Fund).order_by(Fund.name)).all()


def positions(session: Session) -> list[tuple[Fund, Position]]:
    """Every open fund with where it stands."""
    return [(fund, position_of(session, fund)) for fund in open_funds(session)]


def figures(session: Session) -> dict[str, object]:
    """What the card on the home page tells."""
    available = sum((position.available for _fund, position in positions(session)), Decimal(0))
    return {"available": available, "applications": _count(session, Application, Application.state.in_(DOING))}


def reminders(session: Session, *, on: date) -> list[Reminder]:
    """What needs attention, the most urgent first."""
    base = "/m/guarantee-fund"
    lapses = (Guarantee.state == GuaranteeState.APPROVED, Guarantee.valid_until <= on + SOON)
    counts = (
        _counted(Loan, Loan.state == LoanState.NON_PERFORMING),
        _counted(Loan, Loan.state == LoanState.LATE),
        _counted(Call, Call.state.in_([CallState.REQUESTED, CallState.ACCEPTED])),
        _counted(Call, Call.state == CallState.TO_PAY),
        _counted(Guarantee, *lapses),
    )
    bad, late, waiting, to_pay, lapsing = session.execute(select(*counts)).one()
    told = [
        (to_pay, plural("%(n)s call to pay", "%(n)s calls to pay", to_pay), f"{base}/calls?f.state=to_pay"),
        (waiting, plural("%(n)s call to accept", "%(n)s calls to accept", waiting), f"{base}/calls?f.state=requested"),
        (bad, plural("%(n)s loan more than 90 days late", "%(n)s loans more than 90 days late", bad),
         f"{base}/loans?f.state=non_performing"),
        (late, plural("%(n)s late loan", "%(n)s late loans", late), f"{base}/loans?f.state=late"),
        (lapsing, plural("%(n)s approval lapses within 30 days", "%(n)s approvals lapse within 30 days", lapsing),
         f"{base}/guarantees?f.state=approved"),
    ]  # fmt: skip
    return [Reminder(label, url) for count, label, url in told if count]


def applications_by_state(session: Session) -> list[tuple[ApplicationState, int]]:
    """How many applications stand in each state."""
    counted = dict(session.execute(select(Application.state, func.count()).group_by(Application.state)).all())
    return [(state, counted[state]) for state in ApplicationState if state in counted]


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """A person's applications and guarantees with this partner."""
    asked = select(Application).where(Application.person_id == person.id).options(joinedload(Application.line))
    given = select(Guarantee).where(Guarantee.person_id == person.id).options(joinedload(Guarantee.line))
    return {
        "applications": session.scalars(asked.order_by(Application.created_at.desc())).all(),
        "guarantees": session.scalars(given.order_by(Guarantee.approved_on.desc())).all(),
    }


def of_lease(session: Session, lease_key: UUID) -> dict[str, Any]:
    """What was asked and promised for a lease."""
    asked = select(Application).where(Application.lease_key == lease_key).order_by(Application.created_at.desc())
    given = select(Guarantee).where(Guarantee.lease_key == lease_key).order_by(Guarantee.approved_on.desc())
    return {"applications": session.scalars(asked).all(), "guarantees": session.scalars(given).all()}


def calls_of(session: Session, guarantee: Guarantee) -> Sequence[Call]:
    """Every call on a guarantee, newest first."""
    return session.scalars(
        select(Call).where(Call.guarantee_id == guarantee.id).order_by(Call.requested_on.desc())
    ).all()


def figures_on(session: Session) -> dict[str, int]:
    """How many things stand where, for the module's page."""
    return {
        "applications": _count(session, Application, Application.state.in_(DOING)),
        "committee": _count(session, Application, Application.state == ApplicationState.IN_COMMITTEE),
        "guarantees": _count(session, Guarantee, Guarantee.exposure > 0),
    }


def _count(session: Session, model: type[object], *where: Any) -> int:
    return int(session.scalar(select(_counted(model, *where))) or 0)


def _counted(model: type[object], *where: Any) -> Any:
    return select(func.count()).select_from(model).where(*where).scalar_subquery()
