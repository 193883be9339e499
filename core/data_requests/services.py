"""Writing requests down, telling that they take longer, and answering them."""

from datetime import date

from sqlalchemy.orm import Session

from core.data_requests.models import DataRequest, RequestState, Right
from core.data_requests.rules import last_day
from core.database.scope import scope_of, today
from core.language import _
from core.numbering.services import next_number
from core.parameters.services import patron_of
from core.people.models import Person
from core.refusals import Refusal
from core.rights.restricting import lawfully

SERIES = "DATA"


def receive(
    session: Session,
    *,
    right: Right,
    person: Person | None = None,
    asked_by: str | None = None,
    received_on: date | None = None,
    note: str | None = None,
) -> DataRequest:
    """Write down what was asked, of which day; the month runs from there, whoever writes it down and when."""
    day = received_on or today()
    if person is None and not asked_by:
        raise Refusal(_("Say who asks: choose the person, or write the name."), field="person")
    if day > today():
        raise Refusal(_("A request cannot be of a day to come."), field="received_on")
    made = DataRequest(
        number=next_number(session, SERIES, on=day), person_id=person.id if person else None, asked_by=asked_by,
        right=right, received_on=day, due_on=_due(session, day, extended=False), note=note,
    )  # fmt: skip
    with lawfully(session):  # who restricts their data may ask about them
        session.add(made)
        session.flush()
    return made


def extend(session: Session, request: DataRequest, *, reason: str) -> DataRequest:
    """Take two months more, once, for a request that is complex: the person is told within the first month, and why."""
    _refuse_answered(request)
    if request.extended_on is not None:
        raise Refusal(_("The term was extended already: it cannot be extended twice."))
    if today() > request.due_on:
        raise Refusal(_("The month is over: it can only be extended while it runs."))
    request.extended_on, request.extended_because = today(), reason
    request.due_on = _due(session, request.received_on, extended=True)
    return _written(session, request)


def grant(session: Session, request: DataRequest, *, answer: str, answered_on: date | None = None) -> DataRequest:
    """The person was given what they asked for."""
    return _answer(session, request, RequestState.GRANTED, answer, answered_on)


def refuse(session: Session, request: DataRequest, *, answer: str, answered_on: date | None = None) -> DataRequest:
    """The person was told why not, and that they may complain to the Garante or go to court (art. 12 c. 4)."""
    return _answer(session, request, RequestState.REFUSED, answer, answered_on)


def _answer(
    session: Session, request: DataRequest, state: RequestState, answer: str, answered_on: date | None
) -> DataRequest:
    _refuse_answered(request)
    day = answered_on or today()
    if not request.received_on <= day <= today():
        raise Refusal(_("Write a day between the request and today."), field="answered_on")
    request.state, request.answer, request.answered_on = state, answer, day
    request.answered_by = scope_of(session).actor
    return _written(session, request)


def _written(session: Session, request: DataRequest) -> DataRequest:
    with lawfully(session):
        session.flush()
    return request


def _refuse_answered(request: DataRequest) -> None:
    if not request.open:
        raise Refusal(_("This request was answered already."))


def _due(session: Session, received_on: date, *, extended: bool) -> date:
    return last_day(received_on, extended=extended, patron=patron_of(session, on=received_on))
