"""What the card, the tab on a person and the list of a garden show."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Person, today
from social_gardens.models import Assignment, Garden, Plot, PlotState, Request, RequestState
from social_gardens.services import unpaid, waiting_list


def figures(session: Session) -> dict[str, Any]:
    """Free plots, who waits, and what is still due: one line each on the home page."""
    counts = (
        select(func.count()).select_from(model).where(model.state == state).scalar_subquery()
        for model, state in ((Plot, PlotState.FREE), (Request, RequestState.WAITING))
    )
    free, waiting = session.execute(select(*counts)).one()
    return {"free": free, "waiting": waiting, "due": unpaid(session)}


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """The plots a person has or had, and where they wait."""
    given = select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.given_on.desc())
    asked = select(Request).where(Request.person_id == person.id).order_by(Request.came_at.desc())
    return {"assignments": session.scalars(given).all(), "requests": session.scalars(asked).all()}


def list_of(session: Session, garden: Garden) -> dict[str, Any]:
    """Who waits for a plot of a garden, in the order in which plots are offered."""
    return {"waiting": waiting_list(session, garden, on=today())}
