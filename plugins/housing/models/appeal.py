"""Requests to correct a ranking and appeals against it, with what was decided."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, PartnerOwned, _, field, never_edited, referable, same_partner
from plugins.housing.models.application import Application
from plugins.housing.models.base import Model
from plugins.housing.models.ranking import Ranking


class AppealKind(Choice):
    """What is asked: a correction of the office, or the judgement of somebody else."""

    CORRECTION = "correction", _("Correction request")
    APPEAL = "appeal", _("Appeal")


class AppealState(Choice):
    """What was decided."""

    OPEN = "open", _("To be decided"), "warn"
    GRANTED = "granted", _("Granted"), "ok"
    REJECTED = "rejected", _("Rejected"), "bad"


class Appeal(PartnerOwned, Model):
    """One request about one application's place; it is kept even when it comes out of time."""

    __tablename__ = "housing_appeal"
    __table_args__ = (
        referable(),
        same_partner("ranking_id", Ranking),
        same_partner("application_id", Application),
        same_partner("led_to_id", Ranking),
        UniqueConstraint("partner_id", "protocol", info={"message": _("Another request has this protocol.")}),
        CheckConstraint("state = 'open' or (reason is not null and decided_at is not null)", name="decided"),
        Index("ix_housing_appeal_ranking", "partner_id", "ranking_id", "state"),
        Index("ix_housing_appeal_list", "partner_id", "received_on", "id"),
    )

    protocol: Mapped[str] = field(_("Protocol"), String(40))
    application_id: Mapped[UUID] = field(_("Application"), index=True)
    ranking_id: Mapped[UUID] = field(_("Ranking"), help=_("The version it contests"))
    kind: Mapped[AppealKind] = field(_("What is asked"), AppealKind, default=AppealKind.CORRECTION)
    received_on: Mapped[date] = field(_("Received on"))
    late: Mapped[bool] = field(_("Out of time"))
    grounds: Mapped[str] = field(_("Grounds"), Text)
    state: Mapped[AppealState] = field(_("Outcome"), AppealState, default=AppealState.OPEN)
    reason: Mapped[str | None] = field(_("Reason of the decision"), String(500))
    officer: Mapped[str | None] = field(_("Decided by"))
    decided_at: Mapped[datetime | None] = field(_("Decided"))
    led_to_id: Mapped[UUID | None] = field(_("Version it led to"))

    application: Mapped[Application] = relationship(foreign_keys=[application_id])
    ranking: Mapped[Ranking] = relationship(foreign_keys=[ranking_id])
    led_to: Mapped[Ranking | None] = relationship(foreign_keys=[led_to_id])

    def __str__(self) -> str:
        return self.protocol


never_edited(
    Appeal, _("What was asked stays as it was received: register another request."),
    "protocol", "application_id", "ranking_id", "kind", "received_on", "late", "grounds",
)  # fmt: skip
