"""The map of foreign keys: which tables name a person, whoever answers for them."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Mapper, Session

from core.database.model import mapped

PEOPLE = "people_person"
OURS = ("rights_", "demo_")


def person_columns(model: type[Any]) -> tuple[str, ...]:
    """The attributes of a model whose values are keys of people; a person's is its own."""
    return _person_columns(inspect(model))


@cache
def _person_columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    if mapper.class_.__tablename__ == PEOPLE:
        return ("id",)
    return tuple(
        attribute.key
        for attribute in mapper.column_attrs
        if any(key.column.table.name == PEOPLE and key.column.name == "id" for key in attribute.columns[0].foreign_keys)
    )


def models_of_people(session: Session) -> Iterator[type[Any]]:
    """Every model that names people directly, the core's and the plugins', of those whose tables are there."""
    there = set(inspect(session.connection()).get_table_names())
    for model in mapped():
        name = model.__tablename__
        if name in there and person_columns(model) and not name.startswith(OURS):
            yield model


def rows_naming(session: Session, model: type[Any], person_id: UUID) -> list[Any]:
    """The rows of a model that name the person."""
    named = or_(*(getattr(model, name) == person_id for name in person_columns(model)))
    return list(session.scalars(select(model).where(named)).unique())
