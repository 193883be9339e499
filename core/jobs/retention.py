"""How long finished jobs and told events are kept, and the job that removes older ones."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

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
    before = now() - max(kept_for(work), _longest_interval())
    remove_in_steps(work, select(Job.id).where(Job.finished_at < before), (JobLine.job_id, Job.id))
    return plural("%(n)s old job removed", "%(n)s old jobs removed", work.done)


def kept_for(work: Work) -> timedelta:
    """How long what is over stays."""
    with work.step() as session:
        return timedelta(days=integer_of(session, KEEP_DAYS, on=today()))


def remove_in_steps(work: Work, old: Select[UUID], keys: Sequence[InstrumentedAttribute[UUID]]) -> None:
    """Delete what `old` finds, some hundreds a step, until it finds nothing: the rows that have one of its `keys`."""
    found = True
    while found:
        with work.step() as session:
            gone = list(session.scalars(old.limit(AT_ONCE)))
            for key in keys if gone else ():
                rows = delete(key.class_).where(key.in_(gone))
                session.execute(rows.execution_options(synchronize_session=False))
            work.further(len(gone))
            found = bool(gone)


def _longest_interval() -> timedelta:
    """A schedule's last job must outlive its interval: it is what tells that this time was had already."""
    intervals = (one.kind.every for one in declared().values() if one.kind.every)
    return max(intervals, default=timedelta()) + timedelta(days=2)
