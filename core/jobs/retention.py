"""How long finished jobs and told events are kept, and the job that removes older ones."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import today
from core.jobs.declaration import declared
from core.jobs.models import Job, JobLine
from core.jobs.work import Work
from core.language import Words, plural
from core.parameters.services import integer_of, seed

KEEP_DAYS = "jobs.keep_days"
SHIPPED = [(KEEP_DAYS, "90", date(2026, 1, 1), None, "Scelta di chi gestisce l’installazione")]
AT_ONCE = 500


def load_reference(session: Session) -> int:
    """Seed the days shipped; what somebody set stays."""
    return seed(session, SHIPPED)


def remove_old_jobs(work: Work) -> Words:
    """Remove what ended more days ago than the parameter says, with its log."""
    with work.step() as session:
        days = integer_of(session, KEEP_DAYS, on=today())
    before = now() - max(timedelta(days=days), _longest_interval())
    while _remove(work, Job.finished_at < before):
        pass
    return plural("%(n)s old job removed", "%(n)s old jobs removed", work.done)


def _longest_interval() -> timedelta:
    """A schedule's last job must outlive its interval: it is what tells that this time was had already."""
    intervals = (one.kind.every for one in declared().values() if one.kind.every)
    return max(intervals, default=timedelta()) + timedelta(days=2)


def _remove(work: Work, old: ColumnElement[bool]) -> int:
    with work.step() as session:
        keys = list(session.scalars(select(Job.id).where(old).limit(AT_ONCE)))
        if keys:
            _delete(session, JobLine, JobLine.job_id.in_(keys))
            _delete(session, Job, Job.id.in_(keys))
        work.further(len(keys))
    return len(keys)


def _delete(session: Session, model: Any, which: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(which).execution_options(synchronize_session=False))
