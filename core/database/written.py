"""Rows that stay as they were written: what is wrong is taken back with another row."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import object_session

from core.language import Words
from core.refusals import Refusal


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
