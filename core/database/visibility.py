"""Which partner sees which person, and how far, as rows: a list of people starts from these."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from core.database.field import field
from core.database.model import Model
from core.database.ownership import Between
from core.language import _

IDENTITY, SUMMARY, CONTENT = 1, 2, 3
# The basis of the access of who registered the person.
REGISTERED = "registered"

# What an access must say for a facet to be open; a facet that is not here is open to nobody else.
# policies.OPENED says the same to PostgreSQL.
FACETS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda access: access.level >= IDENTITY,
    "summary": lambda access: access.level >= SUMMARY,
    "content": lambda access: access.level >= CONTENT,
    "household": lambda access: (access.level >= IDENTITY) & access.household,
    "isee": lambda access: (access.level >= IDENTITY) & access.isee,
}


class PersonAccess(Between, Model):
    """One partner's sight of one person: level 1 identity and contacts, 2 summaries, 3 content.

    Household and ISEE are opened apart from the level, to who needs them. Written in the transaction that
    registers, renames, shares or revokes, by the partner that registered the person (`giver_id`): the table's
    policy compares, and a merge alone, which works across partners, leaves a giver who is not. The name's
    sort key and search text are copied here so that lists and searches never leave the partner's own rows.
    """

    __tablename__ = "people_access"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("partner_id", "person_id", "basis"),
        Index("ix_people_access_list", "partner_id", "sort_name", "person_id"),
        Index("ix_people_access_person", "person_id", "partner_id"),
    )

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners_partner.id"))
    taker_id: Mapped[UUID] = synonym("partner_id")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people_person.id", ondelete="CASCADE"))
    level: Mapped[int] = field(_("Level"), default=CONTENT)
    household: Mapped[bool] = field(_("Household"), default=True)
    isee: Mapped[bool] = field(_("ISEE"), default=True)
    basis: Mapped[str] = field(_("Basis"), String(40), default=REGISTERED)
    valid_from: Mapped[date] = field(_("From"), Date)
    valid_to: Mapped[date | None] = field(_("Until"), Date)
    expires_at: Mapped[datetime | None] = field(_("Ends at"))
    sort_name: Mapped[str] = field(_("Name"), String(220))
    search: Mapped[str] = field(_("Search text"), String(600))
