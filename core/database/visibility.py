"""Which partner sees which person, as rows: a list of people starts from these."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.field import field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _


class PersonAccess(PartnerOwned, Model):
    """One partner's sight of one person: level 1 identity and contacts, 2 summaries, 3 content.

    Written by services in the transaction that registers, renames or shares. The name's sort key
    and search text are copied here so that lists and searches never leave the partner's own rows.
    """

    __tablename__ = "people_access"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("partner_id", "person_id", "basis"),
        Index("ix_people_access_list", "partner_id", "sort_name", "person_id"),
        Index("ix_people_access_person", "person_id", "partner_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people_person.id", ondelete="CASCADE"))
    level: Mapped[int] = field(_("Level"), default=3)
    basis: Mapped[str] = field(_("Basis"), String(40), default="registered")
    valid_from: Mapped[date] = field(_("From"), Date)
    valid_to: Mapped[date | None] = field(_("Until"), Date)
    sort_name: Mapped[str] = field(_("Name"), String(220))
    search: Mapped[str] = field(_("Search text"), String(600))
