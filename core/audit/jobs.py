"""The hourly anchor of the trail."""

from datetime import timedelta

from core.audit.anchors import Anchor, write_anchor
from core.jobs.declaration import JobKind
from core.jobs.work import Work
from core.language import Words, _


def anchor_trail(work: Work) -> Words:
    """Write outside the database where the partner's trail ends now."""
    with work.step() as session:
        anchor = Anchor.of(session)
    if anchor is None:
        return _("The audit trail has no line yet")
    write_anchor(work.settings.audit_anchors, anchor)
    return _("Line %(n)s of the audit trail was anchored", n=anchor.sequence)


anchoring = JobKind("core.anchor-audit-trail", _("Anchor the audit trail"), anchor_trail, every=timedelta(hours=1))
