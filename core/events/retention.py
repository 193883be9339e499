"""Removes events that everybody was told long ago."""

from sqlalchemy import select

from core.database.field import now
from core.events.models import Event
from core.jobs.retention import kept_for, remove_in_steps
from core.jobs.work import Work
from core.language import Words, plural


def remove_old_events(work: Work) -> Words:
    """Remove what was told more days ago than jobs are kept."""
    before = now() - kept_for(work)
    remove_in_steps(work, select(Event.id).where(Event.told_at < before), [Event.id])
    return plural("%(n)s old event removed", "%(n)s old events removed", work.done)
