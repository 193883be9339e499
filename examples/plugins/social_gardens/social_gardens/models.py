"""Gardens, plots, seasons, who works a plot in which season, and who waits for one."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.api import (
    PYTHON_TYPES,
    Choice,
    DeclarativeBase,
    Exact,
    Moment,
    Money,
    PartnerOwned,
    Person,
    Record,
    _,
    field,
    metadata,
    now,
    referable,
    same_partner,
)


class Model(Record, DeclarativeBase):
    """The base of the gardens' tables."""

    metadata = metadata
    type_annotation_map = PYTHON_TYPES


class PlotState(Choice):
    """Whether a plot can be given."""

    FREE = "free", _("Free"), "info"
    TAKEN = "taken", _("Given"), "ok"
    UNUSABLE = "unusable", _("Out of use"), "warn"


class AssignmentState(Choice):
    """How far the giving of a plot has come."""

    OFFERED = "offered", _("Offered"), "info"
    RUNNING = "running", _("Under way"), "ok"
    REFUSED = "refused", _("Turned down"), ""
    GIVEN_BACK = "given_back", _("Given back"), ""
    REVOKED = "revoked", _("Revoked"), "bad"
    ENDED = "ended", _("Ended"), ""


class RequestState(Choice):
    """Where a request stands."""

    WAITING = "waiting", _("Waiting"), "info"
    OFFERED = "offered", _("Has an offer"), "warn"
    SATISFIED = "satisfied", _("Satisfied"), "ok"
    WITHDRAWN = "withdrawn", _("Withdrawn"), ""
    LAPSED = "lapsed", _("Lapsed"), "bad"


class Garden(PartnerOwned, Model):
    """A piece of land divided into plots."""

    __tablename__ = "social_gardens_garden"
    __table_args__ = (referable(), UniqueConstraint("partner_id", "name"))

    name: Mapped[str] = field(_("Name"), String(120))
    address: Mapped[str] = field(_("Address"), String(200))
    water: Mapped[bool] = field(_("Has water"), default=True)

    plots: Mapped[list["Plot"]] = relationship(back_populates="garden", order_by="Plot.code")

    def __str__(self) -> str:
        return self.name


class Plot(PartnerOwned, Model):
    """A plot of a garden, worked by one person a season."""

    __tablename__ = "social_gardens_plot"
    __table_args__ = (
        referable(),
        same_partner("garden_id", Garden),
        UniqueConstraint(
            "partner_id", "garden_id", "code", info={"message": _("The garden already has a plot with this code.")}
        ),
        CheckConstraint("area > 0", name="area", info={"message": _("A plot has an area.")}),
    )

    garden_id: Mapped[UUID] = field(_("Garden"))
    code: Mapped[str] = field(_("Code"), String(20), help=_("As the post of the plot says"))
    area: Mapped[Decimal] = field(_("Area"), Exact(1, "m²"))
    state: Mapped[PlotState] = field(_("State"), PlotState, default=PlotState.FREE)

    garden: Mapped[Garden] = relationship(back_populates="plots", foreign_keys=[garden_id], lazy="joined")
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="plot", order_by="Assignment.created_at")

    def __str__(self) -> str:
        return f"{self.garden.name} {self.code}"


class Season(PartnerOwned, Model):
    """From when to when plots are given, and at what price."""

    __tablename__ = "social_gardens_season"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "name"),
        CheckConstraint("ends > starts", name="period", info={"message": _("A season ends after it starts.")}),
        CheckConstraint("rate >= 0", name="rate", info={"message": _("A price is never below zero.")}),
    )

    name: Mapped[str] = field(_("Name"), String(40), help=_("Such as 2027"))
    starts: Mapped[date] = field(_("Starts on"))
    ends: Mapped[date] = field(_("Ends on"))
    rate: Mapped[Decimal] = field(_("Price a square metre"), Money, help=_("For the whole season"))

    def __str__(self) -> str:
        return self.name


class Request(PartnerOwned, Model):
    """Somebody asks for a plot of a garden and waits for their turn."""

    __tablename__ = "social_gardens_request"
    __table_args__ = (
        referable(),
        same_partner("garden_id", Garden),
        CheckConstraint("members > 0", name="members", info={"message": _("A household has at least one member.")}),
        CheckConstraint("isee >= 0", name="isee", info={"message": _("An ISEE is never below zero.")}),
        Index(
            "ix_social_gardens_request_open", "partner_id", "garden_id", "person_id", unique=True,
            postgresql_where=text("state in ('waiting', 'offered')"),
            sqlite_where=text("state in ('waiting', 'offered')"),
            info={"message": _("This person already waits for a plot of this garden.")},
        ),
    )  # fmt: skip

    garden_id: Mapped[UUID] = field(_("Garden"))
    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id"))
    came_at: Mapped[datetime] = field(_("Came on"), Moment, default=now)
    isee: Mapped[Decimal | None] = field(_("ISEE"), Money)
    without_land: Mapped[bool] = field(_("Has no land of their own"), default=True)
    members: Mapped[int] = field(_("Members of the household"), default=1)
    refusals: Mapped[int] = field(_("Offers turned down"), default=0)
    state: Mapped[RequestState] = field(_("State"), RequestState, default=RequestState.WAITING)

    garden: Mapped[Garden] = relationship(foreign_keys=[garden_id], lazy="joined")
    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id], lazy="joined")

    def __str__(self) -> str:
        return f"{self.person} · {self.garden.name}"


class Assignment(PartnerOwned, Model):
    """A plot given to a person for what is left of a season, against a fee."""

    __tablename__ = "social_gardens_assignment"
    __table_args__ = (
        same_partner("plot_id", Plot),
        same_partner("season_id", Season),
        CheckConstraint("fee >= 0", name="fee"),
        CheckConstraint("state != 'revoked' or reason is not null", name="reason"),
        UniqueConstraint("partner_id", "number"),
        Index(
            "ix_social_gardens_assignment_held", "partner_id", "plot_id", "season_id", unique=True,
            postgresql_where=text("state in ('offered', 'running')"),
            sqlite_where=text("state in ('offered', 'running')"),
            info={"message": _("The plot is already given for this season.")},
        ),
    )  # fmt: skip

    number: Mapped[str] = field(_("Number"), String(40))
    plot_id: Mapped[UUID] = field(_("Plot"))
    season_id: Mapped[UUID] = field(_("Season"))
    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id"))
    given_on: Mapped[date] = field(_("Given on"))
    fee: Mapped[Decimal] = field(_("Fee"), Money)
    paid_on: Mapped[date | None] = field(_("Paid on"))
    reason: Mapped[str | None] = field(_("Reason"), String(300))
    state: Mapped[AssignmentState] = field(_("State"), AssignmentState, default=AssignmentState.OFFERED)

    plot: Mapped[Plot] = relationship(back_populates="assignments", foreign_keys=[plot_id], lazy="joined")
    season: Mapped[Season] = relationship(foreign_keys=[season_id], lazy="joined")
    person: Mapped[Person] = relationship(Person, foreign_keys=[person_id], lazy="joined")

    def __str__(self) -> str:
        return self.number
