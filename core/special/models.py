"""What somebody told they read special data for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped

from core.database.field import Choice, field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _

SHORTEST_NOTE, LONGEST_NOTE = 10, 200


class Purpose(Choice):
    """What special data are read for."""

    CASE = "case", _("Taking care of the person")
    APPLICATION = "application", _("Examining an application or a request")
    CORRECTION = "correction", _("Checking or correcting the data")
    DATA_SUBJECT = "data_subject", _("The person asked for it")
    INSPECTION = "inspection", _("A check that the law prescribes")
    OTHER = "other", _("Something else")


class ToldPurpose(PartnerOwned, Model):
    """A purpose told by one user, in one visit, for one person or record; it opens their special data for a while.

    `subject_id` is the person, or the record that speaks of nobody known. The lines of the trail say what was read.
    """

    __tablename__ = "special_purpose"
    __audited__ = False
    __table_args__ = (
        CheckConstraint(f"purpose <> 'other' or length(note) >= {SHORTEST_NOTE}", name="note"),
        Index("ix_special_purpose_visit", "partner_id", "visit_id", "subject_id"),
        Index("ix_special_purpose_over", "partner_id", "expires_at"),
    )

    user_id: Mapped[UUID] = field(_("User"))
    visit_id: Mapped[UUID] = field(_("Visit"))
    subject_id: Mapped[UUID] = field(_("Person"))
    purpose: Mapped[Purpose] = field(_("Purpose"), Purpose)
    note: Mapped[str | None] = field(_("What exactly"), String(LONGEST_NOTE))
    expires_at: Mapped[datetime] = field(_("Until"))
