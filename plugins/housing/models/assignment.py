"""Offers of a home to an application, and what came of them."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, PartnerOwned, _, field, in_context, referable, same_partner
from plugins.housing.models.application import Application
from plugins.housing.models.base import Model
from plugins.housing.models.dwelling import Dwelling

OPEN = text("state in ('offered', 'accepted', 'assigned')")


class AssignmentState(Choice):
    """What became of an offer."""

    OFFERED = "offered", _("Offered"), "info"
    ACCEPTED = "accepted", _("Accepted"), "ok"
    ASSIGNED = "assigned", _("Assigned"), "ok"
    LEASED = "leased", _("Leased"), "ok"
    REFUSED_WITH_CAUSE = "refused_with_cause", _("Declined with cause"), "warn"
    REFUSED = "refused", _("Declined"), "bad"
    UNANSWERED = "unanswered", _("Not answered in time"), "bad"
    LAPSED = "lapsed", _("Lapsed"), "bad"


class Assignment(PartnerOwned, Model):
    """One home offered to one application."""

    __tablename__ = "housing_assignment"
    __table_args__ = (
        referable(),
        same_partner("application_id", Application),
        same_partner("dwelling_id", Dwelling),
        CheckConstraint("answered_on is null or answered_on >= offered_on", name="answered_on"),
        Index(
            "uq_housing_assignment_dwelling", "partner_id", "dwelling_id", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN, info={"message": _("This home is already offered.")},
        ),
        Index(
            "uq_housing_assignment_application", "partner_id", "application_id", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN,
            info={"message": _("This application already has an open offer.")},
        ),
        Index("ix_housing_assignment_list", "partner_id", "offered_on", "id"),
    )  # fmt: skip

    application_id: Mapped[UUID] = field(_("Application"))
    dwelling_id: Mapped[UUID] = field(in_context("dwelling", "Home"))
    offered_on: Mapped[date] = field(_("Offered on"))
    answer_by: Mapped[date | None] = field(_("Answer by"))
    answered_on: Mapped[date | None] = field(_("Answered on"))
    reason: Mapped[str | None] = field(_("Reason"), String(500))
    decree: Mapped[str | None] = field(_("Decree"), String(40), help=_("Number of the act that assigns"))
    decree_on: Mapped[date | None] = field(_("Day of the decree"))
    state: Mapped[AssignmentState] = field(_("State"), AssignmentState, default=AssignmentState.OFFERED)

    application: Mapped[Application] = relationship(foreign_keys=[application_id])
    dwelling: Mapped[Dwelling] = relationship(foreign_keys=[dwelling_id])

    def __str__(self) -> str:
        return f"{self.application} → {self.dwelling.code}"
