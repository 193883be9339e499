"""Finding work across partners: the one place that looks at everybody's queue, as the operator."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from uuid_utils.compat import uuid4

from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database, with_retries
from core.jobs.declaration import Declared
from core.jobs.models import Job, JobLine, JobState
from core.jobs.work import Taken
from core.language import _
from core.partners.models import ModuleSwitch, Partner

ACROSS = Scope(operator=True, actor="generazioni", reason="jobs")


def take(database: Database, kinds: Mapping[str, Declared], *, lease: timedelta) -> Taken | None:
    """The job that has waited longest among those this process can run, now held under a lease.

    Two workers never take the same one: on PostgreSQL they step over each other's rows, on SQLite they
    come one after the other. What nobody's module wants, or whose partner is closed, stays where it is.
    """
    with database.session(ACROSS, writes=False) as session:
        if session.scalars(_ready(kinds, now()).limit(1)).first() is None:
            return None
    return with_retries(lambda: _take(database, kinds, lease))


def _take(database: Database, kinds: Mapping[str, Declared], lease: timedelta) -> Taken | None:
    while True:
        at = now()
        with database.transaction(ACROSS) as session:
            found = _ready(kinds, at).limit(1).with_for_update(skip_locked=True, of=Job)
            job = session.scalars(found).first()
            if job is None:
                return None
            if job.tries < kinds[job.kind].kind.tries:
                return _hold(session, job, at, lease)
            _bury(session, job, at)


def _ready(kinds: Mapping[str, Declared], at: datetime) -> Select[Any]:
    waits = and_(Job.state == JobState.WAITING, Job.due_at <= at)
    abandoned = and_(Job.state == JobState.RUNNING, Job.lease_until < at)
    open_partner = exists().where(Partner.id == Job.partner_id, Partner.active)
    return (
        select(Job)
        .where(or_(waits, abandoned), Job.kind.in_(kinds), or_(Job.module == "", module_is_on()), open_partner)
        .order_by(Job.due_at, Job.id)
    )


def module_is_on() -> ColumnElement[bool]:
    """Whether the job's partner runs the job's module."""
    switch = ModuleSwitch
    return exists().where(switch.partner_id == Job.partner_id, switch.key == Job.module, switch.enabled)


def _hold(session: Any, job: Job, at: datetime, lease: timedelta) -> Taken:
    lease_id = uuid4()
    held = {
        "state": JobState.RUNNING, "lease_id": lease_id, "lease_until": at + lease, "tries": job.tries + 1,
        "started_at": job.started_at or at, "reason": None,
    }  # fmt: skip
    _write(session, job, held)
    language = session.scalars(select(Partner.language).where(Partner.id == job.partner_id)).one()
    return Taken(
        job_id=job.id, partner_id=job.partner_id, user_id=job.user_id, actor=job.actor, kind=job.kind,
        arguments=job.arguments, done=job.done, total=job.total, kept=job.kept, lease_id=lease_id, language=language,
    )  # fmt: skip


def _bury(session: Any, job: Job, at: datetime) -> None:
    """A job under which worker after worker went down is left alone, for a person to look at."""
    reason = _("The service that did this job stopped in the middle of it, every time.")
    gone = {"state": JobState.DEAD, "lease_id": None, "lease_until": None, "finished_at": at, "reason": reason}
    _write(session, job, gone)
    session.add(JobLine(partner_id=job.partner_id, job_id=job.id, text=reason))


def _write(session: Any, job: Job, values: dict[str, Any]) -> None:
    ours = update(Job).where(Job.id == job.id).values(**values)
    session.execute(ours.execution_options(synchronize_session=False))
