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


def open_applications(session: Session) -> int:
    """Applications that nobody decided yet."""
    return _count(session, select(func.count(Application.id)).where(Application.state.in_(EXAMINED)))


def free_homes(session: Session) -> int:
    """Homes that can be offered today."""
    return _count(session, select(func.count(Dwelling.id)).where(Dwelling.state == DwellingState.AVAILABLE))


def ending_leases(session: Session, *, on: date) -> int:
    """Running leases whose last day comes within sixty days."""
    soon = on + timedelta(days=ENDING_SOON)
    wanted = select(func.count(Lease.id)).where(Lease.state.in_(CHARGED), Lease.ends_on.between(on, soon))
    return _count(session, wanted)


def figures(session: Session) -> dict[str, int]:
    """What the card on the home page counts."""
    return {
        "applications": open_applications(session), "homes": free_homes(session),
        "ending": ending_leases(session, on=today()),
    }  # fmt: skip


def homes_by_state(session: Session) -> list[tuple[DwellingState, int]]:
    """How many homes stand in each state."""
    counted = dict(session.execute(select(Dwelling.state, func.count()).group_by(Dwelling.state)).all())
    return [(state, counted[state]) for state in DwellingState if state in counted]


def under_review(session: Session) -> int:
    """Applications that somebody is looking at."""
    states = (ApplicationState.UNDER_REVIEW, ApplicationState.INTEGRATION)
    return _count(session, select(func.count(Application.id)).where(Application.state.in_(states)))


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


def reminders(session: Session, *, on: date, serious: int) -> list[Reminder]:
    """What needs attention, the most urgent first."""
    flagged = _count(
        session,
        select(func.count(Application.id)).where(Application.isee_flagged, Application.state.in_(EXAMINED)),
    )
    over = _count(session, select(func.count(Call.id)).where(Call.state == CallState.OPEN, Call.closes_on < on))
    waiting = _count(session, select(func.count(Ranking.id)).where(Ranking.state == RankingState.COMPUTED))
    late = (Assignment.state == AssignmentState.OFFERED, Assignment.answer_by < on)
    answers = _count(session, select(func.count(Assignment.id)).where(*late))
    asked = _count(session, select(func.count(Appeal.id)).where(Appeal.state == AppealState.OPEN))
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


def _count(session: Session, wanted: object) -> int:
    return int(session.scalar(wanted) or 0)  # type: ignore[call-overload]
