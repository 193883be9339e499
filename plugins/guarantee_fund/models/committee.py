"""The committee: members, sessions, what is on the agenda, and how they voted."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Exact, Money, PartnerOwned, Person, _, fact, field, referable, same_partner
from plugins.guarantee_fund.models.application import Application
from plugins.guarantee_fund.models.base import Model
from plugins.guarantee_fund.models.fund import Fund
from plugins.guarantee_fund.rules.committee import Ballot, is_valid

if TYPE_CHECKING:
    from plugins.guarantee_fund.models.guarantee import Guarantee

PRESIDES = text("president")
UNDECIDED = text("outcome = 'open'")


class SessionState(Choice):
    """Where a session of the committee stands."""

    CONVENED = "convened", _("Convened"), "info"
    HELD = "held", _("Under way"), "warn"
    CLOSED = "closed", _("Closed"), "ok"


class ItemOutcome(Choice):
    """What became of an item of the agenda."""

    OPEN = "open", _("To be decided"), "info"
    APPROVED = "approved", _("Approved"), "ok"
    REJECTED = "rejected", _("Rejected"), "bad"
    DEFERRED = "deferred", _("Deferred"), "warn"


class CommitteeMember(PartnerOwned, Model):
    """Somebody who decides about a fund, from a day to another."""

    __tablename__ = "guarantee_fund_member"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="period"),
        UniqueConstraint("partner_id", "fund_id", "name", "valid_from"),
        Index("ix_guarantee_fund_member_person", "person_id"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    name: Mapped[str] = field(_("Name"), String(120))
    user_id: Mapped[UUID | None] = field(_("Signs in as"), kind="hidden")
    person_id: Mapped[UUID | None] = field(
        _("Person in the registry"), ForeignKey("people_person.id"),
        help=_("So that an application of the member's own household is noticed"),
    )  # fmt: skip
    president: Mapped[bool] = field(_("Presides"), default=False)
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"))

    fund: Mapped[Fund] = relationship(back_populates="members", foreign_keys=[fund_id])
    person: Mapped[Person | None] = relationship(Person, foreign_keys=[person_id])

    def __str__(self) -> str:
        return self.name

    def sits_on(self, day: date) -> bool:
        """Whether the member is in office that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CommitteeSession(PartnerOwned, Model):
    """A meeting that decides applications of one fund."""

    __tablename__ = "guarantee_fund_session"
    __table_args__ = (
        referable(),
        same_partner("fund_id", Fund),
        UniqueConstraint("partner_id", "fund_id", "number"),
        Index("ix_guarantee_fund_session_list", "partner_id", "held_on", "id"),
    )

    fund_id: Mapped[UUID] = field(_("Fund"))
    number: Mapped[int] = field(_("Number"))
    held_on: Mapped[date] = field(_("Day"))
    place: Mapped[str | None] = field(_("Place"), String(120))
    secretary: Mapped[str | None] = field(_("Secretary"), String(120))
    minutes: Mapped[str | None] = field(_("What was said"), Text, help=_("For the minutes; nothing of health or care"))
    state: Mapped[SessionState] = field(_("State"), SessionState, default=SessionState.CONVENED)

    fund: Mapped[Fund] = relationship(foreign_keys=[fund_id])
    attendance: Mapped[list["Attendance"]] = relationship(
        back_populates="meeting", order_by="Attendance.id", cascade="all, delete-orphan", lazy="selectin"
    )
    items: Mapped[list["AgendaItem"]] = relationship(back_populates="meeting", order_by="AgendaItem.place")

    def __str__(self) -> str:
        return str(_("Session %(number)s of %(day)s", number=self.number, day=f"{self.held_on:%d/%m/%Y}"))

    @fact(_("Present"))
    def present(self) -> int:
        """How many members are there."""
        return sum(one.present for one in self.attendance)

    @fact(_("Members"))
    def members(self) -> int:
        """How many members sit in the committee that day."""
        return len(self.attendance)

    @fact(_("Valid"))
    def valid(self) -> bool:
        """Whether the majority of the members is there."""
        return is_valid(self.members, self.present)


class Attendance(PartnerOwned, Model):
    """Whether a member was at a session."""

    __tablename__ = "guarantee_fund_attendance"
    __table_args__ = (
        same_partner("session_id", CommitteeSession),
        same_partner("member_id", CommitteeMember),
        UniqueConstraint("partner_id", "session_id", "member_id"),
    )

    session_id: Mapped[UUID] = field(_("Session"))
    member_id: Mapped[UUID] = field(_("Member"))
    present: Mapped[bool] = field(_("Present"), default=False)

    meeting: Mapped[CommitteeSession] = relationship(back_populates="attendance", foreign_keys=[session_id])
    member: Mapped[CommitteeMember] = relationship(foreign_keys=[member_id], lazy="joined")

    def __str__(self) -> str:
        return str(self.member)


class AgendaItem(PartnerOwned, Model):
    """One application before a session, and what was decided of it."""

    __tablename__ = "guarantee_fund_item"
    __table_args__ = (
        referable(),
        same_partner("session_id", CommitteeSession),
        same_partner("application_id", Application),
        UniqueConstraint("partner_id", "session_id", "application_id",
                         info={"message": _("This application is already on the agenda.")}),
        Index("uq_guarantee_fund_item_open", "partner_id", "application_id", unique=True,
              sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
              info={"message": _("This application already waits for a session.")}),
        CheckConstraint("outcome <> 'approved' or (approved > 0 and coverage > 0)", name="approved"),
    )  # fmt: skip

    session_id: Mapped[UUID] = field(_("Session"))
    application_id: Mapped[UUID] = field(_("Application"))
    place: Mapped[int] = field(_("Place on the agenda"))
    approved: Mapped[Decimal | None] = field(_("Approved amount"), Money)
    coverage: Mapped[Decimal | None] = field(_("Coverage"), Exact(2, "%"), help=_("In percent"))
    conditions: Mapped[str | None] = field(_("Conditions"), String(600))
    reason: Mapped[str | None] = field(_("Reasons"), String(600))
    outcome: Mapped[ItemOutcome] = field(_("Outcome"), ItemOutcome, default=ItemOutcome.OPEN)

    meeting: Mapped[CommitteeSession] = relationship(back_populates="items", foreign_keys=[session_id])
    application: Mapped[Application] = relationship(foreign_keys=[application_id], lazy="selectin")
    votes: Mapped[list["Vote"]] = relationship(
        back_populates="item", order_by="Vote.id", cascade="all, delete-orphan", lazy="selectin"
    )
    guarantee: Mapped["Guarantee | None"] = relationship(
        "Guarantee", primaryjoin="foreign(Guarantee.item_id) == AgendaItem.id", viewonly=True, uselist=False
    )

    def __str__(self) -> str:
        return str(self.application)


class Vote(PartnerOwned, Model):
    """What one member voted on one item, and on which ground they abstained."""

    __tablename__ = "guarantee_fund_vote"
    __table_args__ = (
        same_partner("item_id", AgendaItem),
        same_partner("member_id", CommitteeMember),
        UniqueConstraint("partner_id", "item_id", "member_id",
                         info={"message": _("This member has already voted on this.")}),
    )  # fmt: skip

    item_id: Mapped[UUID] = field(_("Item"))
    member_id: Mapped[UUID] = field(_("Member"))
    ballot: Mapped[Ballot] = field(_("Vote"), Ballot)
    ground: Mapped[str | None] = field(_("Conflict of interest"), String(200))

    item: Mapped[AgendaItem] = relationship(back_populates="votes", foreign_keys=[item_id])
    member: Mapped[CommitteeMember] = relationship(foreign_keys=[member_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.member}: {self.ballot.label}"
