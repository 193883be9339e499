"""A share: one partner lets another see a person, for a reason, until a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, relationship

from core.database.field import fact, field
from core.database.model import Model
from core.database.ownership import Between
from core.database.scope import date_in_italy, today
from core.language import Words, _
from core.partners.models import Partner
from core.people.models import Person
from core.sharing.models.choices import ConsentBy, LegalGround, Level, Purpose, Standing
from core.sharing.models.notice import Notice
from core.sharing.needs import REGISTRY, module


class Share(Between, Model):
    """What the partner that registered a person lets another one see of them; ended, never deleted."""

    __tablename__ = "sharing_share"
    __table_args__ = (
        # Only the registrar gives: the database itself compares.
        ForeignKeyConstraint(["person_id", "giver_id"], ["people_person.id", "people_person.registered_by_id"]),
        ForeignKeyConstraint(["giver_id", "notice_id"], ["sharing_notice.partner_id", "sharing_notice.id"]),
        CheckConstraint("giver_id <> taker_id", name="two_partners"),
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("(legal_ground = 'consent') = (notice_id is not null)", name="notice"),
        CheckConstraint("consent_withdrawn_at is null or revoked_at is not null", name="withdrawn"),
        Index("ix_sharing_share_person", "person_id"),
        Index("ix_sharing_share_giver", "giver_id", "valid_to", "id"),
        Index("ix_sharing_share_taker", "taker_id", "valid_to", "id"),
    )

    person_id: Mapped[UUID] = field(_("Person"))
    level: Mapped[Level] = field(_("Level"), Level, default=Level.L1, help=_("No more than what it is needed for"))
    module: Mapped[str] = field(_("For the module"), String(60), default=REGISTRY)
    purpose: Mapped[Purpose] = field(_("Purpose"), Purpose, default=Purpose.SHARED_CARE)
    purpose_note: Mapped[str | None] = field(_("Purpose in words"), String(300))
    legal_ground: Mapped[LegalGround] = field(
        _("Legal ground"), LegalGround, help=_("For a public body consent is often not the right one")
    )
    notice_id: Mapped[UUID | None] = field(_("Privacy notice"))
    consent_by: Mapped[ConsentBy | None] = field(_("Consent given by"), ConsentBy)
    consent_on: Mapped[date | None] = field(_("Consent given on"))
    document: Mapped[str | None] = field(
        _("Act or agreement"), String(200), help=_("Its number and date; attach the document to the share")
    )
    valid_from: Mapped[date] = field(_("From"), default=today)
    valid_to: Mapped[date] = field(_("Until"), help=_("The last day; a share without an end is not given"))
    given_by: Mapped[str] = field(_("Given by"), String(120))
    given_by_id: Mapped[UUID | None] = field(_("Given by"), kind="hidden")
    request_id: Mapped[UUID | None] = field(_("Request"), kind="hidden")
    revoked_at: Mapped[datetime | None] = field(_("Revoked"))
    revoked_by: Mapped[str | None] = field(_("Revoked by"), String(120))
    revoked_because: Mapped[str | None] = field(_("Reason of the revocation"), String(300))
    consent_withdrawn_at: Mapped[datetime | None] = field(_("Consent withdrawn"))

    person: Mapped[Person | None] = relationship(
        primaryjoin=lambda: Share.person_id == Person.id, foreign_keys=[person_id], viewonly=True, lazy="joined"
    )
    giver: Mapped[Partner] = relationship(foreign_keys="Share.giver_id", viewonly=True, lazy="joined")
    taker: Mapped[Partner] = relationship(foreign_keys="Share.taker_id", viewonly=True, lazy="joined")
    notice: Mapped[Notice | None] = relationship(
        primaryjoin=lambda: Share.notice_id == Notice.id, foreign_keys=[notice_id], viewonly=True
    )

    def __str__(self) -> str:
        return str(_("%(giver)s to %(taker)s", giver=self.giver, taker=self.taker))

    @fact(_("For the module"))
    def for_module(self) -> Words:
        """The module's title."""
        return module(self.module).label

    @fact(_("Standing"))
    def standing(self) -> Standing:
        """How it stands today."""
        return self.standing_on(today())

    @property
    def in_force(self) -> bool:
        """Whether the taker sees the person by it today."""
        return self.standing is Standing.IN_FORCE

    @property
    def open(self) -> bool:
        """Whether it can still be ended: it is in force, or will be."""
        return self.standing in {Standing.IN_FORCE, Standing.TO_COME}

    def standing_on(self, day: date) -> Standing:
        """How it stands on a day, its last one included."""
        if self.revoked_at is not None and date_in_italy(self.revoked_at) <= day:
            return Standing.REVOKED
        if day < self.valid_from:
            return Standing.TO_COME
        return Standing.IN_FORCE if day <= self.valid_to else Standing.EXPIRED
