"""Starting jobs, stopping them, and trying again what failed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import scope_of
from core.jobs.declaration import kind_of, module_of
from core.jobs.models import Heartbeat, Job, JobLine, JobState
from core.language import Words, _
from core.refusals import NotFound, Refusal

OPEN = (JobState.WAITING, JobState.RUNNING)
# A worker beats every ten seconds: after this long without a beat it is taken for gone.
FRESH = timedelta(seconds=25)


def start_job(
    session: Session,
    key: str,
    *,
    once: str | None = None,
    title: Words | None = None,
    not_before: datetime | None = None,
    **arguments: Any,
) -> Job:
    """Let a worker do something after this transaction; `KeyError` when no code here declares the kind.

    With `once`, a job of the same partner that waits or runs under the same key is the answer, and no
    second one is made. Arguments are JSON.
    """
    kind, scope = kind_of(key), scope_of(session)
    if kind is None:
        raise KeyError(key)
    if once and (found := _open_job(session, once)):
        return found
    job = Job(
        kind=key, module=module_of(key), title=title or kind.label, arguments=arguments, once=once,
        user_id=scope.user_id, actor=scope.actor, due_at=not_before or now(),
    )  # fmt: skip
    if once is None:
        session.add(job)
        session.flush()
        return job
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
    except IntegrityError:
        found = _open_job(session, once)
        if found is None:
            raise
        return found
    return job


def _open_job(session: Session, once: str) -> Job | None:
    return session.scalars(select(Job).where(Job.once == once, Job.state.in_(OPEN))).first()


def job_address(job: Job) -> str:
    """The page of a job."""
    return f"/jobs/{job.id}"


def held_job(session: Session, key: UUID) -> Job:
    """The job, held until the transaction ends so that no worker takes it meanwhile."""
    wanted = select(Job).where(Job.id == key).with_for_update().execution_options(populate_existing=True)
    job = session.scalars(wanted).one_or_none()
    if job is None:
        raise NotFound(_("There is no such job here."))
    return job


def cancel_job(session: Session, job: Job) -> Job:
    """Stop a job: one that waits at once, one under way before its next step; what is written stays."""
    job = held_job(session, job.id)
    if job.is_over:
        raise Refusal(_("This job is over: there is nothing to stop."))
    at = now()
    gone = job.state is JobState.RUNNING and job.lease_until is not None and job.lease_until < at
    if job.state is JobState.WAITING or gone:
        job.state, job.finished_at, job.lease_id, job.lease_until = JobState.CANCELLED, at, None, None
    elif job.cancel_asked_at is not None:
        return job
    job.cancel_asked_at = at
    _say(session, job, _("%(name)s asks to stop.", name=scope_of(session).actor))
    return job


def retry_job(session: Session, job: Job) -> Job:
    """Let a failed or stopped job go on from where it had come."""
    job = held_job(session, job.id)
    if job.state not in {JobState.DEAD, JobState.CANCELLED}:
        raise Refusal(_("Only a job that failed or was stopped can be tried again."))
    if job.once and _open_job(session, job.once):
        raise Refusal(_("Another job like this one waits or is under way: look at that one."))
    job.state, job.due_at, job.tries = JobState.WAITING, now(), 0
    job.reason = job.finished_at = job.cancel_asked_at = None
    _say(session, job, _("%(name)s tries again.", name=scope_of(session).actor))
    return job


def _say(session: Session, job: Job, text: Words) -> None:
    session.add(JobLine(job_id=job.id, text=text))
    session.flush()


def worker_is_up(session: Session, *, at: datetime | None = None) -> bool:
    """Whether some worker was alive a moment ago."""
    wanted = select(Heartbeat.id).where(Heartbeat.seen_at > (at or now()) - FRESH)
    return session.scalars(wanted.limit(1)).first() is not None
