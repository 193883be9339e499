"""The figures of the module's page, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Words, _, plural, today
from plugins.housing.models import (
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    Assignment,
    AssignmentState,
    Call,
    CallDwelling,
    CallState,
    Dwelling,
    DwellingState,
    Lease,
    Ranking,
    RankingState,
)
from plugins.housing.models.lease import CHARGED
from plugins.housing.services.applications import EXAMINED

ENDING_SOON = 60


@dataclass(frozen=True)
class Reminder:
    """Something that waits for somebody, and where to go."""

    label: Words
    url: str
    meta: Words = ""


def figures(session: Session, *, on: date | None = None) -> dict[str, int]:
    """What waits in each part of housing, counted by one question to the database."""
    day = on or today()
    soon = day + timedelta(days=ENDING_SOON)
    looked_at = (ApplicationState.UNDER_REVIEW, ApplicationState.INTEGRATION)
    counted = {
        "applications": _of(Application, Application.state.in_(EXAMINED)),
        "review": _of(Application, Application.state.in_(looked_at)),
        "homes": _of(Dwelling, Dwelling.state == DwellingState.AVAILABLE),
        "ending": _of(Lease, Lease.state.in_(CHARGED), Lease.ends_on.between(day, soon)),
        "flagged": _of(Application, Application.isee_flagged, Application.state.in_(EXAMINED)),
        "over": _of(Call, Call.state == CallState.OPEN, Call.closes_on < day),
        "waiting": _of(Ranking, Ranking.state == RankingState.COMPUTED),
        "answers": _of(Assignment, Assignment.state == AssignmentState.OFFERED, Assignment.answer_by < day),
        "asked": _of(Appeal, Appeal.state == AppealState.OPEN),
    }
    row = session.execute(select(*(count.label(name) for name, count in counted.items()))).one()
    return dict(row._mapping)


def _of(model: Any, *conditions: Any) -> Any:
    return select(func.count(model.id)).where(*conditions).scalar_subquery()


def homes_by_state(session: Session) -> list[tuple[DwellingState, int]]:
    """How many homes stand in each state."""
    counted = dict(session.execute(select(Dwelling.state, func.count()).group_by(Dwelling.state)).all())
    return [(state, counted[state]) for state in DwellingState if state in counted]


@dataclass(frozen=True)
class CallInShort:
    """A call with what it offers, who answered, and its last ranking."""

    call: Call
    homes: int
    applications: int
    ranking: Ranking | None


def recent_calls(session: Session) -> list[CallInShort]:
    """The last calls, newest first, with how far each has come."""
    calls = list(session.scalars(select(Call).order_by(Call.opens_on.desc()).limit(6)))
    keys = [call.id for call in calls]
    homes = _counted(session, CallDwelling.call_id, keys)
    applications = _counted(session, Application.call_id, keys)
    versions = session.scalars(select(Ranking).where(Ranking.call_id.in_(keys)).order_by(Ranking.edition))
    last = {ranking.call_id: ranking for ranking in versions}
    return [CallInShort(one, homes.get(one.id, 0), applications.get(one.id, 0), last.get(one.id)) for one in calls]


def _counted(session: Session, column: Any, keys: list[UUID]) -> dict[UUID, int]:
    """How many rows each of the calls has."""
    counted = select(column, func.count()).where(column.in_(keys)).group_by(column)
    return dict(session.execute(counted).all())


def reminders(counted: dict[str, Any], *, on: date) -> list[Reminder]:
    """What needs attention among the figures, the most urgent first."""
    serious, flagged, over, waiting, answers, asked = (
        counted[name] for name in ("serious", "flagged", "over", "waiting", "answers", "asked")
    )
    told = [
        (serious, plural("%(n)s lease in serious arrears", "%(n)s leases in serious arrears", serious),
         "/m/housing/arrears", _("Rent unpaid for more than the days of the law, or service charges over the limit")),
        (flagged, plural("%(n)s application without a usable ISEE", "%(n)s applications without a usable ISEE",
                         flagged),
         "/m/housing/applications?f.isee_flagged=1", _("Missing, or with omissions: nobody can admit them yet")),
        (over, plural("%(n)s call to close", "%(n)s calls to close", over), "/m/housing/calls?f.state=open",
         _("Their last day for applications is over")),
        (waiting, plural("%(n)s ranking to publish", "%(n)s rankings to publish", waiting),
         "/m/housing/rankings?f.state=computed", _("A colleague of who drew it up publishes it")),
        (answers, plural("%(n)s offer without an answer", "%(n)s offers without an answer", answers),
         f"/m/housing/assignments?f.state=offered&f.answer_by.to={on - timedelta(days=1)}",
         _("The day to answer is over")),
        (asked, plural("%(n)s request about a ranking to decide", "%(n)s requests about a ranking to decide", asked),
         "/m/housing/appeals?f.state=open", _("The final ranking waits for those that came in time")),
    ]  # fmt: skip
    return [Reminder(label, url, meta) for count, label, url, meta in told if count]
