"""Which jobs somebody sees, which of them they may steer, and what can be said of one's progress."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import Scope
from core.jobs.declaration import kind_of
from core.jobs.models import Job, JobLine, JobState, Origin
from core.language import _
from core.refusals import NotFound

SEE, MANAGE = "core.jobs", "core.jobs.manage"
SIZE, LINES = 50, 200


@dataclass(frozen=True)
class Wanted:
    """Which part of the list: a state, a kind, and where the page begins."""

    state: JobState | None = None
    kind: str = ""
    after: UUID | None = None
    size: int = SIZE


def visible(scope: Scope) -> Select[Job]:
    """The partner's jobs of the core and of modules that are on; deliveries of events are for who manages jobs."""
    found = select(Job).where(or_(Job.module == "", Job.module.in_(scope.modules)))
    return found if scope.may(MANAGE) else found.where(Job.origin != Origin.EVENT)


def page_of(session: Session, scope: Scope, wanted: Wanted) -> tuple[list[Job], UUID | None]:
    """One page of jobs, newest first, and the key that the next one begins after."""
    found = visible(scope)
    if wanted.state:
        found = found.where(Job.state == wanted.state)
    if wanted.kind:
        found = found.where(Job.kind == wanted.kind)
    if wanted.after:
        found = found.where(Job.id < wanted.after)
    rows = list(session.scalars(found.order_by(Job.id.desc()).limit(wanted.size + 1)))
    more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    return rows, rows[-1].id if more else None


def job_by_key(session: Session, scope: Scope, key: UUID) -> Job:
    """A job that may be seen; anything else is not there."""
    job = session.scalars(visible(scope).where(Job.id == key)).one_or_none()
    if job is None:
        raise NotFound(_("There is no such job here."))
    return job


def log_of(session: Session, job: Job) -> list[JobLine]:
    """The last lines of a job's log, newest first."""
    lines = select(JobLine).where(JobLine.job_id == job.id).order_by(JobLine.id.desc()).limit(LINES)
    return list(session.scalars(lines))


def may_steer(scope: Scope, job: Job) -> bool:
    """Whether the scope may stop the job or try it again: as who may start it, or who manages jobs."""
    kind = kind_of(job.kind)
    return scope.may(MANAGE) or bool(kind and kind.permission and scope.may(kind.permission))


def percent(job: Job) -> int | None:
    """How much is done in hundredths, rounded down; None while nobody knows how much there is."""
    return min(100, 100 * job.done // job.total) if job.total else None


def time_left(job: Job, *, at: datetime | None = None) -> timedelta | None:
    """How long it will take at the pace it has had; None before there is a pace."""
    if job.state is not JobState.RUNNING or not (job.total and job.done and job.started_at and job.progressed_at):
        return None
    pace = (job.progressed_at - job.started_at) / job.done
    left = pace * max(0, job.total - job.done) - ((at or now()) - job.progressed_at)
    return max(left, timedelta())
