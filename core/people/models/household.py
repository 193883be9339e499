"""Households: who lives, or is counted, together, and since when."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, fact, field
from core.database.model import Model
from core.database.ownership import ConsentBound
from core.database.scope import today
from core.language import _
from core.people.models.person import Person

ONE_REGISTRY = text("kind = 'registry' and valid_to is null")


class HouseholdKind(Choice):
    """What a household is counted for."""

    REGISTRY = "registry", _("Registry household")
    ISEE = "isee", _("ISEE household")
    HOUSING = "housing", _("Housing household")


class HouseholdRole(Choice):
    """What a member is to the reference person."""

    REFERENCE = "reference", _("Reference person"), "info"
    PARTNER = "partner", _("Spouse or partner")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    OTHER_RELATIVE = "other_relative", _("Other relative")
    NOT_RELATED = "not_related", _("Not related")


class Household(ConsentBound, Model):
    """People counted together, seen by whoever may see its reference person."""

    __tablename__ = "people_household"
    facet = "household"
    __table_args__ = (
        UniqueConstraint("registered_by_id", "code", info={"message": _("Another household has this code.")}),
        # What a member's kind follows: the two cannot part.
        UniqueConstraint("id", "kind"),
        Index("ix_people_household_person", "person_id"),
    )

    code: Mapped[str] = field(_("Code"), String(40))
    person_id: Mapped[UUID] = field(_("Reference person"), ForeignKey("people_person.id"))
    kind: Mapped[HouseholdKind] = field(_("Kind"), HouseholdKind)

    person: Mapped[Person] = relationship(lazy="joined")
    members: Mapped[list["HouseholdMember"]] = relationship(
        back_populates="household",
        order_by="HouseholdMember.valid_from, HouseholdMember.id",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    def __str__(self) -> str:
        return self.code

    def members_on(self, day: date) -> list["HouseholdMember"]:
        """Who belongs to it on a day, the first and the last included."""
        return [member for member in self.members if member.is_in_on(day)]

    @fact(_("Members"))
    def size(self) -> int:
        """How many belong to it today."""
        return len(self.members_on(today()))


class HouseholdMember(ConsentBound, Model):
    """One person's stay in a household; seen by whoever may see that person."""

    __tablename__ = "people_household_member"
    facet = "household"
    __table_args__ = (
        ForeignKeyConstraint(
            ["household_id", "kind"], ["people_household.id", "people_household.kind"], ondelete="CASCADE"
        ),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="period"),
        Index(
            "uq_people_household_member_registry",
            "person_id",
            unique=True,
            sqlite_where=ONE_REGISTRY,
            postgresql_where=ONE_REGISTRY,
            info={"message": _("This person already belongs to a registry household.")},
        ),
        Index("ix_people_household_member_household", "household_id", "valid_from"),
        Index("ix_people_household_member_person", "person_id", "kind"),
    )

    household_id: Mapped[UUID] = field(_("Household"))
    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id"))
    kind: Mapped[HouseholdKind] = field(_("Kind"), HouseholdKind)
    role: Mapped[HouseholdRole] = field(_("Role"), HouseholdRole)
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"))

    household: Mapped[Household] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(lazy="joined")

    def __str__(self) -> str:
        return str(self.person)

    def is_in_on(self, day: date) -> bool:
        """Whether the stay contains the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
