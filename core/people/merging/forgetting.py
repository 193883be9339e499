"""What was kept to take merges back is thrown away once it may no longer be used."""

from sqlalchemy import delete, select

from core.database.field import now
from core.jobs.work import Work
from core.language import Words, plural
from core.people.models import UNDO_FOR, Merge, MergedRow

AT_ONCE = 2000


def forget_merges(work: Work) -> Words:
    """Remove the rows of merges past their days; that the merge was made stays written."""
    while True:
        with work.step() as session:
            old = select(Merge.id).where(Merge.merged_at < now() - UNDO_FOR)
            keys = list(session.scalars(select(MergedRow.id).where(MergedRow.merge_id.in_(old)).limit(AT_ONCE)))
            if keys:
                gone = delete(MergedRow).where(MergedRow.id.in_(keys))
                session.execute(gone.execution_options(synchronize_session=False))
            work.further(len(keys))
        if not keys:
            return plural("%(n)s kept row forgotten", "%(n)s kept rows forgotten", work.done)
