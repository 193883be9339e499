"""What the audit trail adds to the program: it is anchored by itself, and tells who looked at a person."""

from core.audit import pages
from core.audit.jobs import anchoring
from core.hooks import answers
from core.jobs.declaration import JobKind
from core.language import _
from core.resource.panels import RecordPanel

READ = "core.audit"


@answers
def jobs() -> list[JobKind]:
    return [anchoring]


@answers
def panels() -> list[RecordPanel]:
    return [
        RecordPanel(
            "people", "looks", _("Who looked"), "audit/looks.html", pages.looks_of, READ,
            card="audit/looks_card.html", glance=pages.last_looks,
        )
    ]  # fmt: skip
