"""Whose row it is, said by inheritance: exactly one of the four kinds for each table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, Uuid
from sqlalchemy.orm import MappedColumn, declared_attr, mapped_column

from core.language import _

if TYPE_CHECKING:
    from core.database.model import Record


class PartnerOwned:
    """Rows that belong to one partner organisation and are invisible to the others.

    The session adds the condition to every query and PostgreSQL refuses whatever slips
    past it. See docs/decisions/0003-whose-row-is-it.md before touching either.
    """

    @declared_attr
    def partner_id(cls) -> MappedColumn[UUID]:  # noqa: N805
        return mapped_column(
            Uuid, ForeignKey("partners_partner.id"), nullable=False, sort_order=-2, info={"label": _("Partner")}
        )


class ConsentBound:
    """People and what hangs on them: seen by the partner that registered them, and by shares in force.

    A class that is not the person names it in a column `person_id`; the person itself answers
    with its own key. Only the partner that registered a row changes it. `facet` is the part of what
    is known of a person that the class belongs to (core/database/visibility.py): a share opens some.
    """

    facet: ClassVar[str] = "content"

    @declared_attr
    def registered_by_id(cls) -> MappedColumn[UUID]:  # noqa: N805
        return mapped_column(
            Uuid, ForeignKey("partners_partner.id"), nullable=False, sort_order=-2, info={"label": _("Registered by")}
        )

    @declared_attr
    def person_id(cls) -> Any:  # noqa: N805
        return mapped_column(Uuid, ForeignKey("people_person.id"), nullable=False, info={"label": _("Person")})


class Between:
    """Rows between two partners, such as what one lets the other see: both read them, nobody else does.

    The giver is the partner whose record it is about; who of the two writes, the table's policy says.
    """

    @declared_attr
    def giver_id(cls) -> MappedColumn[UUID]:  # noqa: N805
        return mapped_column(
            Uuid, ForeignKey("partners_partner.id"), nullable=False, sort_order=-2,
            info={"label": _("Partner that shares")},
        )  # fmt: skip

    @declared_attr
    def taker_id(cls) -> MappedColumn[UUID]:  # noqa: N805
        return mapped_column(
            Uuid, ForeignKey("partners_partner.id"), nullable=False, sort_order=-2,
            info={"label": _("Partner that sees")},
        )  # fmt: skip


class Common:
    """Reference data: read by all; written by services and the operator."""


class Registered(Common):
    """Common rows that one partner registered: everybody reads them, only that partner changes them."""

    @declared_attr
    def registered_by_id(cls) -> MappedColumn[UUID]:  # noqa: N805
        return mapped_column(
            Uuid, ForeignKey("partners_partner.id"), nullable=False, sort_order=-2, info={"label": _("Registered by")}
        )


OWNERSHIPS = (PartnerOwned, ConsentBound, Between, Common)
OWNERS = ("partner_id", "registered_by_id", "giver_id")


def owner_among(names: Iterable[str]) -> str | None:
    """Which of a table's columns says whose its rows are; None when they are everybody's."""
    there = set(names)
    return next((one for one in OWNERS if one in there), None)


def same_partner(column: str, target: "type[Record]") -> ForeignKeyConstraint:
    """A foreign key that refuses another partner's row: a plain one would accept an invisible parent."""
    table = target.__table__.name  # type: ignore[attr-defined]
    return ForeignKeyConstraint(["partner_id", column], [f"{table}.partner_id", f"{table}.id"])


def referable() -> UniqueConstraint:
    """What a partner-owned table declares so that `same_partner` may point at it."""
    return UniqueConstraint("partner_id", "id")
