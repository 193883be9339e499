"""The figures of the module's page, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Words, plural, today
from plugins.housing.models import Application, Call, CallState, Dwelling, DwellingState, Lease
from plugins.housing.models.lease import CHARGED
from plugins.housing.services.applications import EXAMINED

ENDING_SOON = 60


@dataclass(frozen=True)
class Reminder:
    """Something that waits for somebody, and where to go."""

    label: Words
    url: str


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


def recent_calls(session: Session) -> list[Call]:
    """The last calls, newest first."""
    return list(session.scalars(select(Call).order_by(Call.opens_on.desc()).limit(6)))


def reminders(session: Session, *, on: date, serious: int) -> list[Reminder]:
    """What needs attention, the most urgent first."""
    flagged = _count(
        session,
        select(func.count(Application.id)).where(Application.isee_flagged, Application.state.in_(EXAMINED)),
    )
    over = _count(session, select(func.count(Call.id)).where(Call.state == CallState.OPEN, Call.closes_on < on))
    told = [
        (serious, plural("%(n)s lease in serious arrears", "%(n)s leases in serious arrears", serious),
         "/m/housing/arrears"),
        (flagged, plural("%(n)s application without a usable ISEE", "%(n)s applications without a usable ISEE",
                         flagged),
         "/m/housing/applications?f.isee_flagged=1"),
        (over, plural("%(n)s call to close", "%(n)s calls to close", over), "/m/housing/calls?f.state=open"),
    ]  # fmt: skip
    return [Reminder(label, url) for count, label, url in told if count]


def _count(session: Session, wanted: object) -> int:
    return int(session.scalar(wanted) or 0)  # type: ignore[call-overload]
