"""What somebody asked about their data, until when they are to be answered, and what they were told."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, fact, field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.database.scope import today
from core.language import Words, _, plural
from core.people.models import Person


class Right(Choice):
    """What is asked for (GDPR, artt. 15 to 22)."""

    ACCESS = "access", _("A copy of the data (art. 15)")
    RECTIFICATION = "rectification", _("Correction (art. 16)")
    ERASURE = "erasure", _("Erasure (art. 17)")
    RESTRICTION = "restriction", _("Restriction (art. 18)")
    PORTABILITY = "portability", _("The data for another organisation (art. 20)")
    OBJECTION = "objection", _("Objection (art. 21)")


class RequestState(Choice):
    """Whether the person has an answer."""

    OPEN = "open", _("To be answered"), "warn"
    GRANTED = "granted", _("Granted"), "ok"
    REFUSED = "refused", _("Refused"), "none"


class DataRequest(PartnerOwned, Model):
    """A request of a person about their own data, answered within a month (GDPR, art. 12 c. 3).

    Who asks may be nobody of the registry: they are answered too, if only that nothing is kept of them.
    """

    __tablename__ = "data_requests_request"
    __table_args__ = (
        UniqueConstraint("partner_id", "number", info={"message": _("Another request has this number.")}),
        CheckConstraint("person_id is not null or asked_by is not null", name="somebody"),
        CheckConstraint("due_on > received_on", name="term"),
        CheckConstraint("extended_because is null or extended_on is not null", name="extended"),
        CheckConstraint("(state = 'open') = (answered_on is null)", name="answered"),
        Index("ix_data_requests_request_list", "partner_id", "due_on", "id"),
        Index("ix_data_requests_request_person", "person_id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    person_id: Mapped[UUID | None] = field(_("Person"), ForeignKey("people_person.id"))
    asked_by: Mapped[str | None] = field(
        _("Who asks"), String(200), help=_("Somebody in their name, or who is not in the registry")
    )
    right: Mapped[Right] = field(_("What they ask for"), Right)
    received_on: Mapped[date] = field(_("Received on"), default=today)
    due_on: Mapped[date] = field(_("To be answered by"))
    extended_on: Mapped[date | None] = field(_("Term extended on"))
    extended_because: Mapped[str | None] = field(_("Why it was extended"), String(500))
    state: Mapped[RequestState] = field(_("State"), RequestState, default=RequestState.OPEN)
    answered_on: Mapped[date | None] = field(_("Answered on"))
    answered_by: Mapped[str | None] = field(_("Answered by"), String(120))
    answer: Mapped[str | None] = field(_("What they were told"), String(500))
    note: Mapped[str | None] = field(_("Note"), String(500))

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="joined")

    def __str__(self) -> str:
        return self.number

    @fact(_("Term"))
    def term(self) -> Words:
        """How many days are left, or went by; how long it took once it is answered."""
        if self.answered_on is not None:
            days = (self.answered_on - self.received_on).days
            return plural("answered after %(n)s day", "answered after %(n)s days", days)
        left = (self.due_on - today()).days
        if left < 0:
            return plural("%(n)s day late", "%(n)s days late", -left)
        return plural("%(n)s day left", "%(n)s days left", left)

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is RequestState.OPEN

    @property
    def may_be_extended(self) -> bool:
        """Whether the person can still be told, within the first month, that it takes longer."""
        return self.open and self.extended_on is None and today() <= self.due_on
