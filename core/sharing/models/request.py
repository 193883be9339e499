"""A request: a partner that knows a codice fiscale asks whoever registered that person to share them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, object_session, relationship

from core.database.field import fact, field
from core.database.model import Model
from core.database.ownership import Between
from core.database.scope import scope_of
from core.language import Words, _
from core.partners.models import Partner
from core.people.models import Person
from core.sharing.models.choices import Level, Purpose, RequestState
from core.sharing.needs import REGISTRY, module

WAITING = text("state = 'waiting'")


class ShareRequest(Between, Model):
    """What the taker would see of a person, and why; who registered the person answers.

    The asker is never told who that is, nor anything of the person, until a share is given.
    """

    __tablename__ = "sharing_request"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "giver_id"], ["people_person.id", "people_person.registered_by_id"]),
        CheckConstraint("giver_id <> taker_id", name="two_partners"),
        # Whoever works for both partners does not answer their own request.
        CheckConstraint(
            "state = 'withdrawn' or answered_by_id is null or answered_by_id <> asked_by_id", name="four_eyes"
        ),
        Index(
            "uq_sharing_request_waiting", "taker_id", "person_id", unique=True,
            sqlite_where=WAITING, postgresql_where=WAITING,
            info={"message": _("You have asked this already: the other partner has not answered yet.")},
        ),
        Index("ix_sharing_request_giver", "giver_id", "state", "id"),
        Index("ix_sharing_request_taker", "taker_id", "state", "id"),
        Index("ix_sharing_request_person", "person_id"),
    )  # fmt: skip

    person_id: Mapped[UUID] = field(_("Person"), kind="hidden")
    codice_fiscale: Mapped[str] = field(_("Codice fiscale"), String(16), help=_("16 letters and digits"))
    level: Mapped[Level] = field(_("Level"), Level, default=Level.L1, help=_("No more than what it is needed for"))
    module: Mapped[str] = field(_("For the module"), String(60), default=REGISTRY)
    purpose: Mapped[Purpose] = field(_("Purpose"), Purpose, default=Purpose.SHARED_CARE)
    purpose_note: Mapped[str | None] = field(_("Purpose in words"), String(300))
    asked_by: Mapped[str] = field(_("Asked by"), String(120))
    asked_by_id: Mapped[UUID | None] = field(_("Asked by"), kind="hidden")
    asked_on: Mapped[date] = field(_("Asked on"))
    expires_on: Mapped[date] = field(_("To be answered by"))
    state: Mapped[RequestState] = field(_("State"), RequestState, default=RequestState.WAITING)
    answered_by_id: Mapped[UUID | None] = field(_("Answered by"), kind="hidden")
    answered_at: Mapped[datetime | None] = field(_("Answered"))
    answer: Mapped[str | None] = field(_("Answer"), String(500))

    person: Mapped[Person | None] = relationship(
        primaryjoin=lambda: ShareRequest.person_id == Person.id, foreign_keys=[person_id], viewonly=True,
        lazy="joined",
    )  # fmt: skip
    taker: Mapped[Partner] = relationship(foreign_keys="ShareRequest.taker_id", viewonly=True, lazy="joined")

    def __str__(self) -> str:
        return str(_("Request of %(partner)s", partner=self.taker))

    @fact(_("For the module"))
    def for_module(self) -> Words:
        """The module's title."""
        return module(self.module).label

    @fact(_("Direction"))
    def direction(self) -> Words:
        """Whether the reader's partner asked, or is asked."""
        return _("Sent") if self.is_mine else _("Received")

    @property
    def is_mine(self) -> bool:
        """Whether the reader's partner is the one that asks."""
        session = object_session(self)
        return session is not None and scope_of(session).partner_id == self.taker_id

    @property
    def waits_for_us(self) -> bool:
        """Whether the reader's partner has to answer."""
        return self.state is RequestState.WAITING and not self.is_mine

    @property
    def waits_for_others(self) -> bool:
        """Whether the reader's partner waits for the answer."""
        return self.state is RequestState.WAITING and self.is_mine
