"""What the audit trail adds to the program: it is anchored by itself."""

from core.audit.jobs import anchoring
from core.hooks import answers
from core.jobs.declaration import JobKind


@answers
def jobs() -> list[JobKind]:
    return [anchoring]
