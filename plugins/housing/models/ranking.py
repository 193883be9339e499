"""Rankings in versions: a new one is drawn up, the old ones stay as they were."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from core.api import Choice, Exact, PartnerOwned, _, fact, field, never_edited, referable, same_partner
from plugins.housing.models.application import Application
from plugins.housing.models.base import Model
from plugins.housing.models.call import Call
from plugins.housing.rules.publication import Outcome, PublicRow
from plugins.housing.rules.ranking import TieBreaker


class RankingState(Choice):
    """How far a version went."""

    COMPUTED = "computed", _("Computed"), "warn"
    PROVISIONAL = "provisional", _("Provisional"), "info"
    FINAL = "final", _("Final"), "ok"
    UPDATED = "updated", _("Replaced by a later version")
    EXPIRED = "expired", _("Expired")


SECOND = _("Who drew a ranking up does not approve it: a colleague does.")


class Ranking(PartnerOwned, Model):
    """One version of a call's ranking."""

    __tablename__ = "housing_ranking"
    __table_args__ = (
        referable(),
        same_partner("call_id", Call),
        UniqueConstraint("partner_id", "call_id", "edition", info={"message": _("This version is already there.")}),
        CheckConstraint("published_by_id <> drawn_up_by_id", name="second_person", info={"message": SECOND}),
        CheckConstraint("made_final_by_id <> drawn_up_by_id", name="second_person_final", info={"message": SECOND}),
        Index("ix_housing_ranking_list", "partner_id", "drawn_up_at", "id"),
    )

    call_id: Mapped[UUID] = field(_("Call"))
    edition: Mapped[int] = field(_("Version"))
    digest: Mapped[str] = field(_("Fingerprint of the data"), String(64))
    drawn_up_at: Mapped[datetime] = field(_("Drawn up"))
    drawn_up_by_id: Mapped[UUID | None] = field(_("Drawn up by"), kind="hidden")
    drawn_up_by: Mapped[str] = field(_("Drawn up by"))
    reserves: Mapped[list[dict[str, Any]] | None] = field(_("Homes kept"), JSON)
    reason: Mapped[str | None] = field(_("Why this version"), String(500))
    state: Mapped[RankingState] = field(_("State"), RankingState, default=RankingState.COMPUTED)
    published_on: Mapped[date | None] = field(_("Published on"))
    published_by_id: Mapped[UUID | None] = field(_("Published by"), kind="hidden")
    published_by: Mapped[str | None] = field(_("Published by"))
    act: Mapped[str | None] = field(_("Act of publication"), String(60), help=_("Its number and date"))
    posted_until: Mapped[date | None] = field(_("On the notice board until"))
    requests_until: Mapped[date | None] = field(_("Correction requests until"))
    final_on: Mapped[date | None] = field(_("Final since"))
    made_final_by_id: Mapped[UUID | None] = field(_("Made final by"), kind="hidden")
    made_final_by: Mapped[str | None] = field(_("Made final by"))
    final_act: Mapped[str | None] = field(_("Act that makes it final"), String(60), help=_("Its number and date"))
    despite: Mapped[str | None] = field(_("Why final with requests undecided"), String(500))
    expires_on: Mapped[date | None] = field(_("In force until"))
    expiry_reason: Mapped[str | None] = field(_("Why it expired"), String(300))

    call: Mapped[Call] = relationship(back_populates="rankings", foreign_keys=[call_id])
    rows: Mapped[list["RankingRow"]] = relationship(
        back_populates="ranking", foreign_keys="RankingRow.ranking_id", order_by="RankingRow.order"
    )

    def __str__(self) -> str:
        return str(_("Ranking %(call)s, version %(n)s", call=self.call.number, n=self.edition))

    @fact(_("Applications"))
    def row_count(self) -> int:
        """How many applications it speaks of."""
        return len(self.rows)

    @property
    def public_since(self) -> date | None:
        """When it became public; the version that followed a request is published as it becomes final."""
        return self.published_on or self.final_on

    @property
    def public_rows(self) -> list[PublicRow]:
        """All that may be published: position, application, total, outcome."""
        return [row.public for row in self.rows]


class RankingRow(PartnerOwned, Model):
    """The place of one application in one version, with a copy of why."""

    __tablename__ = "housing_ranking_row"
    __table_args__ = (
        same_partner("ranking_id", Ranking),
        same_partner("application_id", Application),
        UniqueConstraint("partner_id", "ranking_id", "order"),
        UniqueConstraint("partner_id", "ranking_id", "application_id"),
    )

    ranking_id: Mapped[UUID] = field(_("Ranking"))
    application_id: Mapped[UUID] = field(_("Application"), index=True)
    order: Mapped[int] = field(_("Row"))
    position: Mapped[int | None] = field(_("Place"))
    protocol: Mapped[str] = field(_("Application number"), String(40))
    total: Mapped[Decimal | None] = field(_("Points"), Exact(2))
    outcome: Mapped[Outcome] = field(_("Outcome"), Outcome)
    rule: Mapped[str] = field(_("Rule not met"), String(40), default="")
    behind_by: Mapped[TieBreaker | None] = field(_("Behind the one above by"), TieBreaker, sensitivity="special")
    ahead_by: Mapped[TieBreaker | None] = field(_("Ahead of the one below by"), TieBreaker, sensitivity="special")
    draw: Mapped[str | None] = field(_("Draw key"), String(64))
    lines: Mapped[list[dict[str, Any]]] = field(_("Why"), JSON, sensitivity="special")
    reserve: Mapped[str | None] = field(_("Reserve"), String(60))
    reserve_place: Mapped[int | None] = field(_("Place in the reserve"))
    reserve_why: Mapped[dict[str, Any] | None] = field(_("Why in the reserve"), JSON)

    ranking: Mapped[Ranking] = relationship(back_populates="rows", foreign_keys=[ranking_id])
    application: Mapped[Application] = relationship(foreign_keys=[application_id])

    def __str__(self) -> str:
        return self.protocol

    @property
    def person_id(self) -> UUID | None:
        """Who applied: what is special in the row is read for their sake."""
        return self.application.person_id

    @property
    def public(self) -> PublicRow:
        """What the public learns of it."""
        return PublicRow(self.position, self.protocol, self.total, self.outcome, self.rule)

    @property
    def is_tied(self) -> bool:
        """Whether another row has the same total."""
        return self.behind_by is not None or self.ahead_by is not None


FIXED = _("A ranking once drawn up is never changed: draw up a new version.")
never_edited(RankingRow, FIXED)
never_edited(
    Ranking, FIXED, "call_id", "edition", "digest", "drawn_up_at", "drawn_up_by", "drawn_up_by_id", "reason",
    "reserves",
)  # fmt: skip
