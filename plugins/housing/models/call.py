"""Calls: the offer of some homes, with its requirements and rules."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Exact, Money, PartnerOwned, _, fact, field, in_context, referable, same_partner
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling, Regime
from plugins.housing.models.scheme import ScoringScheme
from plugins.housing.rules.calls import CallRules
from plugins.housing.rules.ranking import TieBreaker
from plugins.housing.rules.requirements import Ceiling, Condition, Requirement

if TYPE_CHECKING:
    from plugins.housing.models.application import Application
    from plugins.housing.models.ranking import Ranking


class CallState(Choice):
    """Whether applications are taken."""

    DRAFT = "draft", _("Draft"), "warn"
    OPEN = "open", _("Open"), "ok"
    CLOSED = "closed", _("Closed")


class Call(PartnerOwned, Model):
    """An offer of homes, from the day it is published to the end of its rankings."""

    __tablename__ = "housing_call"
    __table_args__ = (
        referable(),
        same_partner("scheme_id", ScoringScheme),
        UniqueConstraint("partner_id", "number", info={"message": _("Another call has this number.")}),
        CheckConstraint("closes_on >= opens_on", name="period", info={"message": _("It closes before it opens.")}),
        CheckConstraint("reserve_percent between 0 and 10000", name="reserve_percent"),
        Index("ix_housing_call_list", "partner_id", "opens_on", "id"),
    )

    number: Mapped[str] = field(_("Number"), String(20), help=_("Such as 2026/01"))
    title: Mapped[str] = field(_("Title"), String(200))
    regime: Mapped[Regime] = field(_("Regime"), Regime)
    opens_on: Mapped[date] = field(_("Opens on"))
    closes_on: Mapped[date] = field(_("Closes on"), help=_("The last day for applications"))
    scheme_id: Mapped[UUID] = field(_("Scoring scheme"))
    officer: Mapped[str | None] = field(_("Responsible officer"), String(120))
    isee_limit: Mapped[Decimal | None] = field(
        _("ISEE limit"), Money, help=_("It may be reached; empty takes the one in force on the opening day")
    )
    residence_required: Mapped[bool] = field(_("Residence or work in the district required"), default=True)
    no_property_required: Mapped[bool] = field(_("No adequate property allowed"), default=True)
    reserve_percent: Mapped[Decimal | None] = field(
        _("Reserve for indigent households"),
        Exact(2, "%"),
        help=_("Percent of the homes free in the year; empty takes the one in force"),
    )
    free_homes: Mapped[int | None] = field(
        _("Homes free in the year"), help=_("Empty counts the homes that this year's calls of the regime offer")
    )
    tie_breakers: Mapped[list[str]] = field(_("Tie-breakers"), JSON, default=lambda: [one.value for one in TieBreaker])
    state: Mapped[CallState] = field(_("State"), CallState, default=CallState.DRAFT)

    scheme: Mapped[ScoringScheme] = relationship(foreign_keys=[scheme_id])
    homes: Mapped[list["CallDwelling"]] = relationship(
        back_populates="call", foreign_keys="CallDwelling.call_id", cascade="all, delete-orphan"
    )
    reserves: Mapped[list["CallReserve"]] = relationship(
        back_populates="call",
        foreign_keys="CallReserve.call_id",
        cascade="all, delete-orphan",
        order_by="CallReserve.id",
    )
    applications: Mapped[list["Application"]] = relationship(
        back_populates="call", foreign_keys="Application.call_id", order_by="Application.protocol"
    )
    rankings: Mapped[list["Ranking"]] = relationship(
        back_populates="call", foreign_keys="Ranking.call_id", order_by="Ranking.edition"
    )

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What an application must meet; the first word of each is all that is published of it."""
        asked: list[Requirement] = []
        if self.isee_limit is not None:
            asked.append(Ceiling("R-H1", "isee", self.isee_limit))
        if self.residence_required:
            asked.append(Condition("R-H1.residence", ("resident", "works_here")))
        if self.no_property_required:
            asked.append(Condition("R-H1.property", ("no_property",)))
        return tuple(asked)

    @property
    def rules(self) -> CallRules:
        """What decides its ranking."""
        breakers = tuple(TieBreaker(one) for one in self.tie_breakers)
        return CallRules(self.number, self.requirements, self.scheme.rules, breakers)

    def takes_on(self, day: date) -> bool:
        """Whether applications are taken on a day."""
        return self.state is CallState.OPEN and self.opens_on <= day <= self.closes_on

    @fact(_("Homes offered"))
    def home_count(self) -> int:
        """How many homes it offers."""
        return len(self.homes)

    @fact(_("Applications"))
    def application_count(self) -> int:
        """How many applications it has."""
        return len(self.applications)


class CallDwelling(PartnerOwned, Model):
    """One home that a call offers."""

    __tablename__ = "housing_call_dwelling"
    __table_args__ = (
        same_partner("call_id", Call),
        same_partner("dwelling_id", Dwelling),
        UniqueConstraint(
            "partner_id", "call_id", "dwelling_id", info={"message": _("This home already stands in the call.")}
        ),
    )

    call_id: Mapped[UUID] = field(_("Call"))
    dwelling_id: Mapped[UUID] = field(in_context("dwelling", "Home"))

    call: Mapped[Call] = relationship(back_populates="homes", foreign_keys=[call_id])
    dwelling: Mapped[Dwelling] = relationship(foreign_keys=[dwelling_id], lazy="joined")

    def __str__(self) -> str:
        return str(self.dwelling)


class CallReserve(PartnerOwned, Model):
    """A share of a call's homes kept for who answers yes to something, such as couples under 35."""

    __tablename__ = "housing_call_reserve"
    __table_args__ = (
        same_partner("call_id", Call),
        UniqueConstraint("partner_id", "call_id", "criterion", info={"message": _("This reserve is already there.")}),
        CheckConstraint("percent > 0 and percent <= 10000", name="percent"),
    )

    call_id: Mapped[UUID] = field(_("Call"))
    title: Mapped[str] = field(_("Reserved for"), String(120), help=_("Such as: couples under 35"))
    criterion: Mapped[str] = field(_("Answer that counts"), String(40), help=_("The key of a yes or no answer"))
    percent: Mapped[Decimal] = field(_("Percent of the homes"), Exact(2, "%"), help=_("A half makes a whole home"))

    call: Mapped[Call] = relationship(back_populates="reserves", foreign_keys=[call_id])

    def __str__(self) -> str:
        return self.title
