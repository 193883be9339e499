"""What can happen in the gardens, a function for each verb."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Person, Refusal, _, next_number, today
from social_gardens import rules
from social_gardens.models import (
    Assignment,
    AssignmentState,
    Garden,
    Plot,
    PlotState,
    Request,
    RequestState,
    Season,
)

SERIES = "GARDENS"
Row = TypeVar("Row", Garden, Plot, Season, Request, Assignment)


def open_garden(session: Session, **told: Any) -> Garden:
    """Write down a garden."""
    return _kept(session, Garden(**told))


def add_plot(session: Session, **told: Any) -> Plot:
    """Add a plot to a garden, free."""
    return _kept(session, Plot(**told))


def plan_season(session: Session, **told: Any) -> Season:
    """Say from when to when plots are given, and at what price."""
    return _kept(session, Season(**told))


def amend(session: Session, record: Row, **changes: Any) -> Row:
    """Change what is written of a garden, a plot, a season or a request."""
    for name, value in changes.items():
        setattr(record, name, value)
    session.flush()
    return record


def close_plot(session: Session, plot: Plot) -> Plot:
    """A free plot is out of use until it is opened again."""
    plot.state = PlotState.UNUSABLE
    session.flush()
    return plot


def reopen_plot(session: Session, plot: Plot) -> Plot:
    """A plot can be given again."""
    plot.state = PlotState.FREE
    session.flush()
    return plot


def ask(session: Session, *, garden: Garden, person: Person, **told: Any) -> Request:
    """Put somebody on the waiting list of a garden; who already waits there waits once."""
    return _kept(session, Request(garden=garden, person=person, **told))


def withdraw(session: Session, request: Request) -> Request:
    """Somebody waits no longer."""
    request.state = RequestState.WITHDRAWN
    session.flush()
    return request


def waiting_list(session: Session, garden: Garden, *, on: date) -> list[tuple[Request, int]]:
    """Who waits for a plot of the garden, in order, with their points."""
    found = session.scalars(
        select(Request).where(Request.garden_id == garden.id, Request.state == RequestState.WAITING)
    )
    return rules.in_order([(request, claim_of(request)) for request in found], on=on)


def claim_of(request: Request) -> rules.Claim:
    """What the request says, as the rules read it."""
    return rules.Claim(
        birth_date=request.person.birth_date, isee=request.isee, without_land=request.without_land,
        members=request.members, came_at=request.came_at,
    )  # fmt: skip


def offer(session: Session, plot: Plot, *, season: Season, on: date | None = None) -> Assignment:
    """Offer a free plot to the first of its garden's list."""
    on = on or today()
    held = session.get_one(Plot, plot.id, with_for_update={"of": Plot}, populate_existing=True)
    if held.state is not PlotState.FREE:
        raise Refusal(_("This plot is not free."))
    if on > season.ends:
        raise Refusal(_("The season %(season)s is over.", season=season), field="season")
    waiting = waiting_list(session, held.garden, on=on)
    if not waiting:
        raise Refusal(_("Nobody waits for a plot of %(garden)s.", garden=held.garden))
    first = waiting[0][0]
    first.state, held.state = RequestState.OFFERED, PlotState.TAKEN
    made = Assignment(
        number=next_number(session, SERIES, on=on), plot=held, season=season, person=first.person,
        given_on=on, fee=rules.fee(held.area, season.rate, starts=season.starts, ends=season.ends, given=on),
    )  # fmt: skip
    return _kept(session, made)


def accept(session: Session, assignment: Assignment) -> Assignment:
    """The plot is taken: its request is satisfied, the fee is due."""
    request = _request_of(session, assignment)
    if request is not None:
        request.state = RequestState.SATISFIED
    return _moved(session, assignment, AssignmentState.RUNNING)


def turn_down(session: Session, assignment: Assignment) -> Assignment:
    """The plot is free again; who turns down twice has to ask again."""
    request = _request_of(session, assignment)
    if request is not None:
        request.refusals += 1
        again = request.refusals < rules.MOST_REFUSALS
        request.state = RequestState.WAITING if again else RequestState.LAPSED
    assignment.plot.state = PlotState.FREE
    return _moved(session, assignment, AssignmentState.REFUSED)


def give_back(session: Session, assignment: Assignment) -> Assignment:
    """The plot comes back before the season's end; what was paid stays."""
    assignment.plot.state = PlotState.FREE
    return _moved(session, assignment, AssignmentState.GIVEN_BACK)


def revoke(session: Session, assignment: Assignment, *, reason: str) -> Assignment:
    """The plot is taken away, with a reason that stays written."""
    assignment.reason = reason
    assignment.plot.state = PlotState.FREE
    return _moved(session, assignment, AssignmentState.REVOKED)


def end(session: Session, assignment: Assignment, *, on: date | None = None) -> Assignment:
    """The season is over and the plot is free again; before that it can only be given back."""
    if (on or today()) <= assignment.season.ends:
        raise Refusal(_("The season %(season)s is not over yet: the plot can be given back.", season=assignment.season))
    assignment.plot.state = PlotState.FREE
    return _moved(session, assignment, AssignmentState.ENDED)


def pay(session: Session, assignment: Assignment, *, on: date) -> Assignment:
    """Write down that the fee was paid, once."""
    if assignment.paid_on is not None:
        raise Refusal(_("This fee was already paid."), field="on")
    if on < assignment.given_on:
        raise Refusal(_("It cannot be paid before the plot is given."), field="on")
    assignment.paid_on = on
    session.flush()
    return assignment


def unpaid(session: Session) -> Decimal:
    """What is still due for the plots under way."""
    due = select(Assignment.fee).where(Assignment.state == AssignmentState.RUNNING, Assignment.paid_on.is_(None))
    return sum(session.scalars(due), Decimal(0))


def _request_of(session: Session, assignment: Assignment) -> Request | None:
    wanted = select(Request).where(
        Request.garden_id == assignment.plot.garden_id, Request.person_id == assignment.person_id,
        Request.state == RequestState.OFFERED,
    )  # fmt: skip
    return session.scalars(wanted).first()


def _moved(session: Session, assignment: Assignment, state: AssignmentState) -> Assignment:
    assignment.state = state
    session.flush()
    return assignment


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
