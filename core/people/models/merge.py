"""What was merged into whom, why, and the rows that were touched: enough to take it back whole."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, fact, field, now
from core.database.model import Model
from core.database.ownership import ConsentBound, PartnerOwned
from core.database.scope import date_in_italy
from core.language import _
from core.language.formats import show_date
from core.people.models.person import Person

UNDO_FOR = timedelta(days=30)
IN_FORCE = text("undone_at is null")


class MergeState(Choice):
    """Whether a merge still holds."""

    IN_FORCE = "in_force", _("In force"), "ok"
    UNDONE = "undone", _("Undone"), ""


def merged_into(person_id: UUID) -> Any:
    """The keys of the sheets that stay behind a merge with this one, as a subquery."""
    return select(Merge.merged_id).where(Merge.person_id == person_id, Merge.state == MergeState.IN_FORCE)


def is_of(column: Any, person_id: UUID) -> Any:
    """Whether a column names the person, by this sheet or by one that was merged into it."""
    return or_(column == person_id, column.in_(merged_into(person_id)))


class Merge(ConsentBound, Model):
    """One sheet became part of another: its address leads there. Whoever sees the person that stayed may read it."""

    __tablename__ = "people_merge"
    facet = "identity"
    __table_args__ = (
        Index(
            "uq_people_merge_merged", "merged_id", unique=True, postgresql_where=IN_FORCE, sqlite_where=IN_FORCE,
            info={"message": _("This sheet was merged into another a moment ago.")},
        ),
        CheckConstraint("person_id <> merged_id", name="two"),
        CheckConstraint("(state = 'undone') = (undone_at is not null)", name="undone"),
        Index("ix_people_merge_list", "registered_by_id", "merged_at", "id"),
        Index("ix_people_merge_person", "person_id"),
    )  # fmt: skip

    person_id: Mapped[UUID] = field(_("Sheet that stays"), ForeignKey("people_person.id"))
    merged_id: Mapped[UUID] = field(_("Sheet merged into it"), ForeignKey("people_person.id"))
    merged_at: Mapped[datetime] = field(_("Merged on"), default=now)
    merged_by: Mapped[str] = field(_("Merged by"), String(120))
    reason: Mapped[str] = field(_("Reason"), String(500))
    rows: Mapped[int] = field(_("Rows moved"))
    state: Mapped[MergeState] = field(_("State"), MergeState, default=MergeState.IN_FORCE)
    undone_at: Mapped[datetime | None] = field(_("Undone on"))
    undone_by: Mapped[str | None] = field(_("Undone by"), String(120))
    undo_reason: Mapped[str | None] = field(_("Why it was undone"), String(500))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")
    merged: Mapped[Person | None] = relationship(foreign_keys=[merged_id])

    def __str__(self) -> str:
        return f"{self.person}, {show_date(date_in_italy(self.merged_at))}"

    @property
    def can_be_undone(self) -> bool:
        """Whether it holds and its days of grace are not over; what changed since may still forbid it."""
        return self.state is MergeState.IN_FORCE and now() < self.undo_until

    @property
    def undo_until(self) -> datetime:
        """The moment from which nothing is kept to take it back with."""
        return self.merged_at + UNDO_FOR

    @fact(_("Can be undone until"))
    def last_day(self) -> str:
        """The last day on which it may be undone."""
        return show_date(date_in_italy(self.undo_until)) if self.state is MergeState.IN_FORCE else ""


class MergedRow(PartnerOwned, Model):
    """One row that a merge touched: the values it had in what was changed, and the fingerprint of what it became.

    Kept as long as the merge may be undone; rows of every partner stand here, but for keys without their contents.
    """

    __tablename__ = "people_merged_row"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("partner_id", "merge_id", "table", "row_id"),
        Index("ix_people_merged_row_merge", "merge_id", "place"),
    )

    merge_id: Mapped[UUID] = field(_("Merge"), ForeignKey("people_merge.id", ondelete="CASCADE"))
    place: Mapped[int] = field(_("Order"))
    table: Mapped[str] = field(_("Table"), String(63))
    row_id: Mapped[UUID] = field(_("Row"))
    before: Mapped[dict[str, Any]] = field(_("Before"), JSON)
    fingerprint: Mapped[str] = field(_("Fingerprint"), String(64), help=_("SHA-256 of the row once merged"))
