"""Housing's deadlines on the agenda: a kind and a number each, never a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from core.api import ROME, AgendaItem, AgendaSource, Words, _, date_in_italy, scope_of
from plugins.housing.access import Can
from plugins.housing.models import (
    Assignment,
    AssignmentState,
    Call,
    CallState,
    Dwelling,
    Inspection,
    Instalment,
    LadderStep,
    Lease,
    MaintenanceTicket,
    PlanState,
    Ranking,
    RankingState,
    RepaymentPlan,
    StepState,
    SupportContact,
)
from plugins.housing.models.lease import CHARGED
from plugins.housing.models.ticket import UNSOLVED
from plugins.housing.rules.ladder import Rung

# More in the days shown than anybody reads: the lists have them all.
MOST = 2000


@dataclass(frozen=True)
class Part:
    """One kind of deadline: `rows(partner)` gives key, day, number and detail, `title` says them."""

    collection: str
    tone: str
    day: Any
    rows: Callable[[], Select[Any]]
    title: Callable[[str, str], Words]

    def between(self, first: date, last: date, partner: UUID | None, place: int) -> Select[Any]:
        """The rows of the days; the partner is named here too, so that its indexes serve."""
        model = self.day.class_
        return self.rows().add_columns(literal(place).label("part")).where(
            self.day.between(first, last), model.partner_id == partner
        )  # fmt: skip


def _told(key: Any, day: Any, number: Any, detail: Any = None) -> Select[Any]:
    more = cast(null(), String) if detail is None else cast(detail, String)
    return select(key.label("key"), day.label("day"), number.label("number"), more.label("detail"))


CALLS = (
    Part("calls", "info", Call.opens_on,
         lambda: _told(Call.id, Call.opens_on, Call.number).where(Call.state == CallState.DRAFT),
         lambda number, detail: _("Call %(number)s opens", number=number)),
    Part("calls", "warn", Call.closes_on,
         lambda: _told(Call.id, Call.closes_on, Call.number).where(Call.state.in_((CallState.DRAFT, CallState.OPEN))),
         lambda number, detail: _("Call %(number)s closes", number=number)),
    Part("rankings", "warn", Ranking.requests_until,
         lambda: _told(Ranking.id, Ranking.requests_until, Call.number).join(Call, Call.id == Ranking.call_id)
         .where(Ranking.state == RankingState.PROVISIONAL),
         lambda number, detail: _("Corrections to the ranking of %(call)s end", call=number)),
    Part("assignments", "warn", Assignment.answer_by,
         lambda: _told(Assignment.id, Assignment.answer_by, Dwelling.code)
         .join(Dwelling, Dwelling.id == Assignment.dwelling_id).where(Assignment.state == AssignmentState.OFFERED),
         lambda number, detail: _("Answer to the offer of %(home)s", home=number)),
)  # fmt: skip

LEASES = (
    Part("leases", "warn", Lease.ends_on,
         lambda: _told(Lease.id, Lease.ends_on, Lease.number).where(Lease.state.in_(CHARGED)),
         lambda number, detail: _("Lease %(number)s ends", number=number)),
    Part("plans", "info", Instalment.due_on,
         lambda: _told(RepaymentPlan.id, Instalment.due_on, RepaymentPlan.number, Instalment.order)
         .join(RepaymentPlan, RepaymentPlan.id == Instalment.plan_id).where(RepaymentPlan.state == PlanState.ACTIVE),
         lambda number, detail: _("Instalment %(order)s of plan %(plan)s", order=detail, plan=number)),
    Part("steps", "warn", LadderStep.due_on,
         lambda: _told(LadderStep.id, LadderStep.due_on, Lease.number, LadderStep.kind)
         .join(Lease, Lease.id == LadderStep.lease_id).where(LadderStep.state == StepState.DUE),
         lambda number, detail: _("%(step)s, lease %(lease)s", step=Rung(detail).label, lease=number)),
    Part("support-contacts", "", SupportContact.next_on,
         lambda: _told(SupportContact.id, SupportContact.next_on, Lease.number)
         .join(Lease, Lease.id == SupportContact.lease_id),
         lambda number, detail: _("Contact, lease %(lease)s", lease=number)),
)  # fmt: skip

VISITS = (
    Part("inspections", "", Inspection.next_on,
         lambda: _told(Inspection.id, Inspection.next_on, Dwelling.code)
         .join(Dwelling, Dwelling.id == Inspection.dwelling_id),
         lambda number, detail: _("Visit to %(home)s", home=number)),
)  # fmt: skip


def load_parts(parts: Sequence[Part], session: Session, first: date, last: date) -> list[AgendaItem]:
    """The deadlines of the kinds that may be seen, with one question to the database."""
    scope = scope_of(session)
    seen = [
        part.between(first, last, scope.partner_id, place)
        for place, part in enumerate(parts) if scope.may(f"housing.{part.collection}.see")
    ]  # fmt: skip
    if not seen:
        return []
    rows = session.execute(union_all(*seen).order_by("day").limit(MOST))
    return [
        AgendaItem(row.day, parts[row.part].title(row.number, row.detail),
                   f"/m/housing/{parts[row.part].collection}/{row.key}", parts[row.part].tone)
        for row in rows
    ]  # fmt: skip


def calls(session: Session, first: date, last: date) -> list[AgendaItem]:
    """Calls that open and close, corrections to rankings, answers to offers."""
    return load_parts(CALLS, session, first, last)


def leases(session: Session, first: date, last: date) -> list[AgendaItem]:
    """Leases that end, instalments of active plans, steps to be done, contacts agreed."""
    return load_parts(LEASES, session, first, last)


def homes(session: Session, first: date, last: date) -> list[AgendaItem]:
    """Homes to visit again."""
    return load_parts(VISITS, session, first, last)


def repairs(session: Session, first: date, last: date) -> list[AgendaItem]:
    """Repairs by the day, in Italy, by which they are to be made."""
    start = datetime.combine(first, time.min, tzinfo=ROME)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=ROME)
    ticket = MaintenanceTicket
    wanted = select(ticket.id, ticket.number, ticket.target_at, ticket.urgent).where(
        ticket.state.in_(UNSOLVED), ticket.target_at >= start, ticket.target_at < end
    )
    return [
        AgendaItem(date_in_italy(row.target_at), _("Repair %(number)s", number=row.number),
                   f"/m/housing/tickets/{row.id}", "bad" if row.urgent else "info")
        for row in session.execute(wanted.order_by(ticket.target_at).limit(MOST))
    ]  # fmt: skip


SOURCES = [
    AgendaSource("housing.calls", _("Calls and rankings"), calls, Can.OPEN_MODULE),
    AgendaSource("housing.leases", _("Leases"), leases, Can.OPEN_MODULE),
    AgendaSource("housing.homes", _("Inspections"), homes, "housing.inspections.see"),
    AgendaSource("housing.repairs", _("Maintenance"), repairs, "housing.tickets.see"),
]
