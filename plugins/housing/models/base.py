"""The base of housing's tables: a broken relationship in it breaks this plugin alone."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import object_session

from core.api import PYTHON_TYPES, DeclarativeBase, Record, Refusal, Words
from core.api import metadata as all_tables


class Model(Record, DeclarativeBase):
    """What every table of housing has."""

    metadata = all_tables
    type_annotation_map = PYTHON_TYPES


def never_edited(model: type[Any], sentence: Words, *columns: str, once: tuple[str, ...] = ()) -> None:
    """Refuse to change rows of a model once written, or only some of their columns.

    The columns of `once` may be filled in later, while they are still empty.
    """

    def refuse(mapper: Any, connection: Any, row: Any) -> None:
        session = object_session(row)
        if session is None or not session.is_modified(row, include_collections=False):
            return
        attributes = inspect(row).attrs
        watched = columns or [column.key for column in mapper.column_attrs]
        written = [name for name in once if any(attributes[name].history.deleted or ())]
        if any(attributes[name].history.has_changes() for name in (*watched, *written)):
            raise Refusal(sentence)

    event.listen(model, "before_update", refuse)
