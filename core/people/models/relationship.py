"""What a person is to another person or to an organisation."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, fact, field
from core.database.model import Model
from core.database.ownership import ConsentBound
from core.database.scope import today
from core.language import _
from core.organisations.models import Organisation
from core.people.models.person import Person


class RelationshipKind(Choice):
    """What the person is to the other."""

    MEMBER = "member", _("Member")
    EMPLOYEE = "employee", _("Employee")
    VOLUNTEER = "volunteer", _("Volunteer")
    FACILITATOR = "facilitator", _("Facilitator")
    REFERENT = "referent", _("Referent")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    SUPPORT_ADMINISTRATOR = "support_administrator", _("Support administrator")
    GUARDIAN = "guardian", _("Guardian")
    CAREGIVER = "caregiver", _("Caregiver")


BETWEEN_PEOPLE = (
    RelationshipKind.REFERENT,
    RelationshipKind.LEGAL_REPRESENTATIVE,
    RelationshipKind.SUPPORT_ADMINISTRATOR,
    RelationshipKind.GUARDIAN,
    RelationshipKind.CAREGIVER,
)


class Relationship(ConsentBound, Model):
    """The person is, from one day to another, something to another person or to an organisation."""

    __tablename__ = "people_relationship"
    facet = "summary"
    __table_args__ = (
        CheckConstraint("(other_person_id is null) <> (organisation_id is null)", name="one_other"),
        CheckConstraint("person_id <> other_person_id", name="not_oneself"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="period"),
        Index("ix_people_relationship_list", "registered_by_id", "valid_from", "id"),
        Index("ix_people_relationship_person", "person_id", "kind"),
        Index("ix_people_relationship_other_person", "other_person_id"),
        Index("ix_people_relationship_organisation", "organisation_id", "kind"),
    )

    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id"))
    kind: Mapped[RelationshipKind] = field(_("Is"), RelationshipKind)
    other_person_id: Mapped[UUID | None] = field(_("Of this person"), ForeignKey("people_person.id"))
    organisation_id: Mapped[UUID | None] = field(_("Of this organisation"), ForeignKey("organisations_organisation.id"))
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"), help=_("The last day; empty while it lasts"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
    other_person: Mapped[Person | None] = relationship(foreign_keys=[other_person_id], lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return f"{self.person}: {self.kind.label}"

    @fact(_("Of"))
    def other(self) -> str:
        """To whom; empty when it is a person that this partner may not see."""
        return str(self.other_person or self.organisation or "")

    @fact(_("In force"))
    def in_force(self) -> bool:
        """Whether it holds today."""
        return self.holds_on(today())

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day, the first and the last included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
