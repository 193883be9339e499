"""What the register puts on the agenda: the last day of each request, by its number and never by a name."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.agenda.sources import AgendaItem
from core.data_requests.models import DataRequest, RequestState
from core.database.scope import today
from core.language import _


def requests_due(session: Session, first: date, last: date) -> list[AgendaItem]:
    """The requests that wait for an answer, on their last day; who is late stands in red."""
    wanted = select(DataRequest.id, DataRequest.number, DataRequest.due_on).where(
        DataRequest.due_on.between(first, last), DataRequest.state == RequestState.OPEN
    )
    return [
        AgendaItem(
            day, _("Answer the request about data %(number)s", number=number), f"/data-requests/{key}",
            "bad" if day < today() else "warn",
        )
        for key, number, day in session.execute(wanted.order_by(DataRequest.due_on))
    ]  # fmt: skip
