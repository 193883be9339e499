"""What every table has: a key that sorts by time, a version, and an answer to whose its rows are."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column
from uuid_utils.compat import uuid7

from core.database.field import Exact, Moment, now
from core.database.ownership import OWNERSHIPS
from core.language import _

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PYTHON_TYPES: dict[Any, Any] = {
    bool: Boolean,
    date: Date,
    datetime: Moment,
    Decimal: Exact(2),
    int: Integer,
    str: String(200),
    UUID: Uuid,
}


class Record:
    """Mixin of every table, in the core and in plugins.

    A plugin makes a base of its own (`class Model(Record, DeclarativeBase)` with `metadata` and
    `type_annotation_map`), so that a broken relationship in it breaks that plugin alone.
    """

    ownership: ClassVar[type]

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-3)
    version: Mapped[int] = mapped_column(nullable=False, sort_order=90)

    @declared_attr
    def created_at(cls) -> MappedColumn[datetime]:  # noqa: N805
        return mapped_column(Moment, default=now, sort_order=91, info={"label": _("Registered on")})

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a table that does not say whose its rows are."""
        if DeclarativeBase not in cls.__bases__:
            kinds = [kind for kind in OWNERSHIPS if issubclass(cls, kind)]
            if len(kinds) != 1:
                raise TypeError(
                    f"{cls.__name__}: inherit from PartnerOwned, ConsentBound, Between or Common, and from one alone"
                )
            cls.ownership = kinds[0]
        super().__init_subclass__(**options)


class Model(Record, DeclarativeBase):
    """The base of the core's own tables."""

    metadata = metadata
    type_annotation_map = PYTHON_TYPES


def bases() -> list[Any]:
    """Every base of mapped classes: the core's, and one or more of each plugin."""
    return [kind for kind in Record.__subclasses__() if DeclarativeBase in kind.__bases__]


def mapped() -> Iterator[Any]:
    """Every class that has a table, the core's and the plugins'."""
    return (mapper.class_ for base in bases() for mapper in base.registry.mappers)
