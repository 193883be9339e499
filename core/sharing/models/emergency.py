"""An emergency: somebody opened a person of another partner without waiting for an answer."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, object_session, relationship

from core.database.field import field, now
from core.database.model import Model
from core.database.ownership import Between
from core.database.scope import scope_of
from core.language import _
from core.partners.models import Partner
from core.people.models import Person

LASTING = timedelta(hours=24)
SHORTEST_REASON = 10


class Emergency(Between, Model):
    """For a day the taker sees identity, contacts, household and relationships; the registrar is told at once."""

    __tablename__ = "sharing_emergency"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "giver_id"], ["people_person.id", "people_person.registered_by_id"]),
        CheckConstraint("giver_id <> taker_id", name="two_partners"),
        CheckConstraint(f"length(reason) >= {SHORTEST_REASON}", name="reason"),
        CheckConstraint("expires_at > opened_at", name="period"),
        Index("ix_sharing_emergency_giver", "giver_id", "id"),
        Index("ix_sharing_emergency_taker", "taker_id", "id"),
        Index("ix_sharing_emergency_person", "person_id"),
    )

    person_id: Mapped[UUID] = field(_("Person"))
    reason: Mapped[str] = field(
        _("Why it cannot wait"), String(500), help=_("At least ten characters; both partners read it")
    )
    opened_by: Mapped[str] = field(_("Opened by"), String(120))
    opened_by_id: Mapped[UUID | None] = field(_("Opened by"), kind="hidden")
    opened_at: Mapped[datetime] = field(_("Opened"))
    expires_at: Mapped[datetime] = field(_("Ends"))
    ended_at: Mapped[datetime | None] = field(_("Ended early"))
    ended_by: Mapped[str | None] = field(_("Ended by"), String(120))

    person: Mapped[Person | None] = relationship(
        primaryjoin=lambda: Emergency.person_id == Person.id, foreign_keys=[person_id], viewonly=True, lazy="joined"
    )
    giver: Mapped[Partner] = relationship(foreign_keys="Emergency.giver_id", viewonly=True, lazy="joined")
    taker: Mapped[Partner] = relationship(foreign_keys="Emergency.taker_id", viewonly=True, lazy="joined")

    def __str__(self) -> str:
        return str(_("Emergency of %(partner)s", partner=self.taker))

    @property
    def open(self) -> bool:
        """Whether the person is still open by it."""
        return self.ended_at is None and now() < self.expires_at

    @property
    def may_be_ended(self) -> bool:
        """Whether the reader's partner registered the person, and it is still open."""
        session = object_session(self)
        return self.open and session is not None and scope_of(session).partner_id == self.giver_id
