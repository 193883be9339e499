"""The numbers of the office, each with the list that gives it, and what waits for somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.api import ROME, Words, _, plural, scope_of, show_date, today
from plugins.housing.access import Can
from plugins.housing.models import (
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    Assignment,
    AssignmentState,
    Call,
    CallState,
    Dwelling,
    DwellingState,
    Handover,
    HandoverKind,
    HandoverState,
    LadderStep,
    Lease,
    LeaseKind,
    LeaseState,
    MaintenanceTicket,
    PlanState,
    Ranking,
    RankingState,
    RepaymentPlan,
    StepState,
)
from plugins.housing.models.lease import CHARGED
from plugins.housing.models.rent import registry_since
from plugins.housing.models.ticket import UNSOLVED
from plugins.housing.rules.rent import registry_begins
from plugins.housing.services.applications import EXAMINED

ENDING_SOON, LONG_EMPTY = 60, 90
REVIEWED = (ApplicationState.UNDER_REVIEW, ApplicationState.INTEGRATION)


class Rows:
    """Rows of a model under conditions, to be counted."""

    def __init__(self, model: Any, *where: Any) -> None:
        self.model, self.where = model, where

    def counted(self) -> Select[Any]:
        """How many there are."""
        return select(func.count(self.model.id)).where(*self.where)


@dataclass(frozen=True)
class Figure:
    """A number of the office, the list that gives it, and who may see it; `meta` explains a reminder."""

    words: Callable[[int], Words]
    rows: Rows
    url: str
    permission: str
    meta: Words = ""


@dataclass(frozen=True)
class Counted:
    """A figure with its number."""

    figure: Figure
    count: int

    @property
    def label(self) -> Words:
        """What it counts."""
        return self.figure.words(self.count)

    @property
    def url(self) -> str:
        """The list that gives it."""
        return self.figure.url

    @property
    def meta(self) -> Words:
        """Why it matters."""
        return self.figure.meta


def counted(session: Session, figures: Sequence[Figure]) -> list[Counted]:
    """The figures that the scope may see, with one question to the database."""
    scope = scope_of(session)
    seen = [figure for figure in figures if scope.may(figure.permission)]
    if not seen:
        return []
    numbers = [
        figure.rows.counted()
        .where(figure.rows.model.partner_id == scope.partner_id)
        .scalar_subquery()
        .label(f"n{place}")
        for place, figure in enumerate(seen)
    ]
    return [Counted(*pair) for pair in zip(seen, session.execute(select(*numbers)).one(), strict=True)]


def stats(on: date) -> list[Figure]:
    """The numbers on top of the module's page."""
    soon, day = on + timedelta(days=ENDING_SOON), show_date(on)
    examined = "&".join(f"f.state={state.value}" for state in EXAMINED)
    charged = "&".join(f"f.state={state.value}" for state in CHARGED)
    return [
        Figure(lambda n: plural("open application", "open applications", n),
               Rows(Application, Application.state.in_(EXAMINED)), f"/m/housing/applications?{examined}",
               "housing.applications.see"),
        Figure(lambda n: _("under review"), Rows(Application, Application.state.in_(REVIEWED)),
               "/m/housing/applications?" + "&".join(f"f.state={state.value}" for state in REVIEWED),
               "housing.applications.see"),
        Figure(lambda n: plural("free home", "free homes", n),
               Rows(Dwelling, Dwelling.state == DwellingState.AVAILABLE),
               "/m/housing/dwellings?f.state=available", "housing.dwellings.see"),
        Figure(lambda n: plural("lease that ends within 60 days", "leases that end within 60 days", n),
               Rows(Lease, Lease.state.in_(CHARGED), Lease.ends_on.between(on, soon)),
               f"/m/housing/leases?{charged}&f.ends_on.from={day}&f.ends_on.to={show_date(soon)}",
               "housing.leases.see"),
        Figure(lambda n: plural("late repair", "late repairs", n), Rows(MaintenanceTicket, MaintenanceTicket.late),
               "/m/housing/tickets?f.late=1", "housing.tickets.see"),
        Figure(lambda n: plural("step about arrears to be done", "steps about arrears to be done", n),
               Rows(LadderStep, LadderStep.state == StepState.DUE, LadderStep.due_on <= on),
               f"/m/housing/steps?f.state=due&f.due_on.to={day}", "housing.steps.see"),
    ]  # fmt: skip


def waiting(on: date) -> list[Figure]:
    """What needs attention, the most urgent first."""
    before, unregistered = show_date(on - timedelta(days=1)), registry_begins(on) - timedelta(days=1)
    charged = "&".join(f"f.state={state.value}" for state in CHARGED)
    return [
        Figure(lambda n: plural("%(n)s application without a usable ISEE",
                                "%(n)s applications without a usable ISEE", n),
               Rows(Application, Application.isee_flagged, Application.state.in_(EXAMINED)),
               "/m/housing/applications?f.isee_flagged=1&" + "&".join(f"f.state={one.value}" for one in EXAMINED),
               "housing.applications.see", _("Missing, or with omissions: nobody can admit them yet")),
        Figure(lambda n: plural("%(n)s call to close", "%(n)s calls to close", n),
               Rows(Call, Call.state == CallState.OPEN, Call.closes_on < on),
               f"/m/housing/calls?f.state=open&f.closes_on.to={before}", "housing.calls.see",
               _("Their last day for applications is over")),
        Figure(lambda n: plural("%(n)s ranking to publish", "%(n)s rankings to publish", n),
               Rows(Ranking, Ranking.state == RankingState.COMPUTED), "/m/housing/rankings?f.state=computed",
               "housing.rankings.see", _("A colleague of who drew it up publishes it")),
        Figure(lambda n: plural("%(n)s offer without an answer", "%(n)s offers without an answer", n),
               Rows(Assignment, Assignment.state == AssignmentState.OFFERED, Assignment.answer_by < on),
               f"/m/housing/assignments?f.state=offered&f.answer_by.to={before}", "housing.assignments.see",
               _("The day to answer is over")),
        Figure(lambda n: plural("%(n)s request about a ranking to decide",
                                "%(n)s requests about a ranking to decide", n),
               Rows(Appeal, Appeal.state == AppealState.OPEN), "/m/housing/appeals?f.state=open",
               "housing.appeals.see", _("The final ranking waits for those that came in time")),
        Figure(lambda n: plural("%(n)s home empty for more than 90 days",
                                "%(n)s homes empty for more than 90 days", n),
               Rows(Dwelling, *_long_empty(on)), f"/m/housing/vacancy?over={LONG_EMPTY}", Can.SEE_VACANCY,
               _("Rent is lost every day: offer them, or say that they are out of use")),
        Figure(lambda n: plural("%(n)s public rent without the users’ registry of these two years",
                                "%(n)s public rents without the users’ registry of these two years", n),
               Rows(Lease, Lease.kind == LeaseKind.SAP, Lease.state.in_(CHARGED),
                    registry_since <= unregistered),
               f"/m/housing/leases?f.kind=sap&{charged}&f.registry_since.to={show_date(unregistered)}",
               "housing.rents.add", _("Ask the tenants for their ISEE-ERP, then import the new rents")),
        Figure(lambda n: plural("%(n)s urgent repair", "%(n)s urgent repairs", n),
               Rows(MaintenanceTicket, MaintenanceTicket.urgent, MaintenanceTicket.state.in_(UNSOLVED)),
               "/m/housing/tickets?f.urgent=1&" + "&".join(f"f.state={one.value}" for one in UNSOLVED),
               "housing.tickets.see", _("Gas, water, electricity or safety: 24 hours")),
        Figure(lambda n: plural("%(n)s plan to accept or make active", "%(n)s plans to accept or make active", n),
               Rows(RepaymentPlan, RepaymentPlan.state.in_((PlanState.PROPOSED, PlanState.ACCEPTED))),
               "/m/housing/plans?f.state=proposed&f.state=accepted", "housing.plans.see",
               _("Until then the ladder goes on")),
        Figure(lambda n: plural("%(n)s plan fell in the last 30 days", "%(n)s plans fell in the last 30 days", n),
               Rows(RepaymentPlan, RepaymentPlan.state == PlanState.FALLEN,
                   RepaymentPlan.ended_on >= on - timedelta(days=30)),
               f"/m/housing/plans?f.state=fallen&f.ended_on.from={show_date(on - timedelta(days=30))}",
               "housing.plans.see", _("Talk to the household before the next step")),
    ]  # fmt: skip


def _long_empty(on: date) -> tuple[Any, ...]:
    """Homes in use without a tenant for more than ninety days: the same that the page of vacancy tells."""
    limit = on - timedelta(days=LONG_EMPTY)
    lived_in = (
        select(Lease.id)
        .outerjoin(
            Handover,
            (Handover.lease_id == Lease.id) & (Handover.kind == HandoverKind.RETURN)
            & (Handover.state == HandoverState.SIGNED),
        )
        .where(
            Lease.dwelling_id == Dwelling.id, Lease.starts_on <= on, Lease.state != LeaseState.DRAFT,
            Lease.ends_on.is_(None) | (Lease.ends_on >= limit) | (Handover.made_on >= limit)
            | Lease.state.in_(CHARGED),
        )
    )  # fmt: skip
    begun = select(Lease.id).where(
        Lease.dwelling_id == Dwelling.id, Lease.starts_on <= limit, Lease.state != LeaseState.DRAFT
    )
    midnight = datetime.combine(limit + timedelta(days=1), time.min, tzinfo=ROME)
    known = (Dwelling.available_from <= limit) | (
        Dwelling.available_from.is_(None) & ((Dwelling.created_at < midnight) | begun.exists())
    )
    return Dwelling.state != DwellingState.OUT_OF_USE, known, ~lived_in.exists()


def figures(session: Session) -> dict[str, Any]:
    """What the card on the home page counts."""
    return {"figures": [one for one in counted(session, stats(today())) if one.count]}
