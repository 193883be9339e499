"""What the outbox adds to the program: old events are removed by themselves."""

from core.events.retention import remove_old_events
from core.hooks import answers
from core.jobs.declaration import JobKind
from core.language import _


@answers
def jobs() -> list[JobKind]:
    return [JobKind("core.remove-old-events", _("Remove old events"), remove_old_events, daily_at="03:40")]
