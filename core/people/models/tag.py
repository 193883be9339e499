"""Tags from a closed list: nobody can write “problematic” beside a name."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import field
from core.database.model import Model
from core.database.ownership import Common, ConsentBound
from core.language import Words, _
from core.people.models.person import Person

LISTED: dict[str, Words] = {
    "volunteer": _("Volunteer"),
    "member": _("Member"),
    "tenant": _("Tenant"),
    "host_family": _("Host family"),
    "trainee": _("Trainee"),
    "student": _("Student"),
    "mentor": _("Mentor"),
    "interpreter": _("Interpreter"),
    "needs_interpreter": _("Needs an interpreter"),
    "carpooling": _("Offers car rides"),
    "newsletter": _("Newsletter"),
    "referent_of_stairs": _("Stairs' referent"),
}


class Tag(Common, Model):
    """A word of the closed list; the operator alone adds to it."""

    __tablename__ = "people_tag"
    __audited__ = False
    __table_args__ = (UniqueConstraint("code", info={"message": _("Another tag has this code.")}),)

    code: Mapped[str] = field(_("Code"), String(40))
    name: Mapped[str] = field(_("Tag"), String(80))

    def __str__(self) -> str:
        return str(LISTED.get(self.code, self.name))


class PersonTag(ConsentBound, Model):
    """A tag that a partner put on a person."""

    __tablename__ = "people_person_tag"
    facet = "summary"
    __table_args__ = (
        UniqueConstraint(
            "registered_by_id", "person_id", "tag_id", info={"message": _("This person already has this tag.")}
        ),
        Index("ix_people_person_tag_person", "person_id"),
    )

    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id", ondelete="CASCADE"))
    tag_id: Mapped[UUID] = field(_("Tag"), ForeignKey("people_tag.id"))

    person: Mapped[Person] = relationship()
    tag: Mapped[Tag] = relationship(lazy="joined")

    def __str__(self) -> str:
        return str(self.tag)
