"""Leases that wait to be registered, and the reminder that a signature plans."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Job, JobState, cancel_job, date_in_italy, next_daily, now, start_job
from plugins.housing.models import Lease, LeaseState
from plugins.housing.rules.registration import register_by

MORNING = time(7, 30)
REMINDER = "housing.remind-registrations"


@dataclass(frozen=True)
class Waiting:
    """How many leases wait, and when the first term ends."""

    leases: int
    first_term: date


def plan_reminder(session: Session, *, lease: UUID) -> None:
    """A lease was signed: tell who registers it, next morning, in one mail for all that wait by then."""
    if session.get(Lease, lease) is not None:
        _remind(session)


def plan_again(session: Session) -> None:
    """The module is on again: of what still waits one is reminded as of a new signature."""
    if waiting_for_registration(session):
        _remind(session)


def drop_reminder(session: Session) -> None:
    """The module is off: a reminder that waits would come whenever it is on again, late and of long ago."""
    waiting = select(Job).where(Job.once == REMINDER, Job.state == JobState.WAITING)
    for job in session.scalars(waiting):
        cancel_job(session, job)


def _remind(session: Session) -> None:
    start_job(session, REMINDER, once=REMINDER, not_before=next_daily(MORNING, at=now()))


def waiting_for_registration(session: Session) -> Waiting | None:
    """The leases signed and not registered; None when there are none."""
    signed = select(Lease.created_at, Lease.starts_on).where(Lease.state == LeaseState.SIGNED)
    terms = [register_by(date_in_italy(created_at), starts_on) for created_at, starts_on in session.execute(signed)]
    return Waiting(len(terms), min(terms)) if terms else None
