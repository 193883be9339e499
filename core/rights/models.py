"""Whose data may only be kept, and the plans by which people are erased."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from core.database.field import Choice, field
from core.database.model import Model
from core.database.ownership import PartnerOwned, referable, same_partner
from core.language import _

NOT_LIFTED = text("lifted_on is null")


class RestrictionGround(Choice):
    """Why the data may only be stored (art. 18 c. 1)."""

    ACCURACY = "accuracy", _("The person contests that the data are right (lett. a)")
    UNLAWFUL = "unlawful", _("The processing is unlawful and the person prefers this to erasure (lett. b)")
    CLAIMS = "claims", _("The person needs the data for a claim (lett. c)")
    OBJECTION = "objection", _("The person objected and the answer is pending (lett. d)")
    KEPT_BY_LAW = "kept_by_law", _("Erased, but for what the law obliges to keep")


class Restriction(PartnerOwned, Model):
    """A time in which a partner only stores what it has of a person."""

    __tablename__ = "rights_restriction"
    __table_args__ = (
        CheckConstraint("lifted_on is null or lifted_on >= since", name="period"),
        Index(
            "uq_rights_restriction_person", "partner_id", "person_id", unique=True, postgresql_where=NOT_LIFTED,
            sqlite_where=NOT_LIFTED, info={"message": _("This person’s data are restricted already.")},
        ),
    )  # fmt: skip

    person_id: Mapped[UUID] = field(_("Person"), ForeignKey("people_person.id"))
    ground: Mapped[RestrictionGround] = field(_("Ground"), RestrictionGround)
    since: Mapped[date] = field(_("Since"))
    note: Mapped[str | None] = field(_("Note"), String(500))
    lifted_on: Mapped[date | None] = field(_("Lifted on"))
    lifted_because: Mapped[str | None] = field(_("Why it was lifted"), String(500))

    def __str__(self) -> str:
        return str(self.ground.label)


class ErasureState(Choice):
    """How far an erasure has come."""

    PROPOSED = "proposed", _("Proposed"), "warn"
    DONE = "done", _("Done"), "ok"
    WITHDRAWN = "withdrawn", _("Withdrawn"), ""


class Erasure(PartnerOwned, Model):
    """A plan to erase a person, approved by somebody and carried out; for public bodies a disposal list.

    Archives of public bodies destroy nothing without the authorisation of the Soprintendenza archivistica
    (D.Lgs. 42/2004 art. 21 c. 1 lett. d).
    """

    __tablename__ = "rights_erasure"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "number", info={"message": _("Another erasure has this number.")}),
        CheckConstraint("(state = 'done') = (done_on is not null)", name="done"),
        CheckConstraint("(authorisation is null) = (authorised_on is null)", name="authorised"),
        Index("ix_rights_erasure_list", "partner_id", "id"),
    )

    number: Mapped[str] = field(_("Number"), String(40))
    subject_id: Mapped[UUID] = field(_("Person"), kind="hidden")
    reason: Mapped[str] = field(_("Reason"), String(500), help=_("Whose request, of which day; no name"))
    disposal: Mapped[bool] = field(_("Needs the authorisation of the Soprintendenza"))
    proposed_on: Mapped[date] = field(_("Proposed on"))
    proposed_by: Mapped[str] = field(_("Proposed by"))
    authorisation: Mapped[str | None] = field(_("Authorisation"), String(120), help=_("Its protocol number"))
    authorised_on: Mapped[date | None] = field(_("Authorised on"))
    state: Mapped[ErasureState] = field(_("State"), ErasureState, default=ErasureState.PROPOSED)
    done_on: Mapped[date | None] = field(_("Done on"))
    done_by: Mapped[str | None] = field(_("Done by"))

    lines: Mapped[list["ErasureLine"]] = relationship(
        back_populates="erasure", foreign_keys="ErasureLine.erasure_id", order_by="ErasureLine.position"
    )

    def __str__(self) -> str:
        return self.number


class ErasureLine(PartnerOwned, Model):
    """One kind of record in an erasure: how many rows go or stay, and why. It says no name."""

    __tablename__ = "rights_erasure_line"
    __table_args__ = (
        same_partner("erasure_id", Erasure),
        UniqueConstraint("partner_id", "erasure_id", "position"),
    )

    erasure_id: Mapped[UUID] = field(_("Erasure"))
    position: Mapped[int] = field(_("Order"))
    title: Mapped[str] = field(_("What"), String(200))
    table: Mapped[str] = field(_("Table"), String(80))
    rows: Mapped[int] = field(_("Rows"))
    held: Mapped[bool] = field(_("Kept"))
    ground: Mapped[str | None] = field(_("Ground"), String(300))
    until: Mapped[date | None] = field(_("Until"))

    erasure: Mapped[Erasure] = relationship(back_populates="lines", foreign_keys=[erasure_id])

    def __str__(self) -> str:
        return self.title
