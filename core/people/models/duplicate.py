"""Pairs of people that look the same, each waiting for somebody of the partner to compare them."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, fact, field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.jobs.sentences import told
from core.language import _
from core.people.models.person import Person


class DuplicateState(Choice):
    """What was said of a pair."""

    WAITING = "waiting", _("To be compared"), "warn"
    DIFFERENT = "different", _("Not the same person"), ""


class Duplicate(PartnerOwned, Model):
    """Two people that this partner sees and that may be one; what was said of them once holds for good."""

    __tablename__ = "people_duplicate"
    __table_args__ = (
        UniqueConstraint(
            "partner_id", "person_id", "other_id", info={"message": _("These two are already on the list.")}
        ),
        # The older sheet stands first, so that a pair is one row whoever found it.
        CheckConstraint("person_id < other_id", name="order"),
        Index("ix_people_duplicate_list", "partner_id", "state", "score", "id"),
        Index("ix_people_duplicate_person", "person_id"),
        Index("ix_people_duplicate_other", "other_id"),
    )

    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = field(_("Looks like"), ForeignKey("people_person.id", ondelete="CASCADE"))
    score: Mapped[int] = field(_("Likeness"), help=_("Out of a hundred"))
    signs: Mapped[list[Any]] = field(_("Signs"), JSON)
    state: Mapped[DuplicateState] = field(_("State"), DuplicateState, default=DuplicateState.WAITING)
    reported: Mapped[bool] = field(_("Reported by hand"), default=False)
    note: Mapped[str | None] = field(_("Note"), String(300))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
    other: Mapped[Person] = relationship(foreign_keys=[other_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.person} · {self.other}"

    @fact(_("Why"))
    def why(self) -> str:
        """The reasons with what each weighs, the heaviest first."""
        return " · ".join(f"{told(words)} ({weight})" if weight else str(told(words)) for weight, words in self.signs)
