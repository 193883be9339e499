"""Removes events that everybody was told long ago."""

from datetime import timedelta

from sqlalchemy import delete, select

from core.database.field import now
from core.database.scope import today
from core.events.models import Event
from core.jobs.retention import AT_ONCE, KEEP_DAYS
from core.jobs.work import Work
from core.language import Words, plural
from core.parameters.services import integer_of


def remove_old_events(work: Work) -> Words:
    """Remove what was told more days ago than jobs are kept."""
    with work.step() as session:
        before = now() - timedelta(days=integer_of(session, KEEP_DAYS, on=today()))
    found = True
    while found:
        with work.step() as session:
            keys = list(session.scalars(select(Event.id).where(Event.told_at < before).limit(AT_ONCE)))
            old = delete(Event).where(Event.id.in_(keys)).execution_options(synchronize_session=False)
            session.execute(old)
            work.further(len(keys))
            found = bool(keys)
    return plural("%(n)s old event removed", "%(n)s old events removed", work.done)
