"""What a constraint says when the database had to have the last word."""

import re
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from core.database.model import metadata
from core.database.ownership import OWNERS
from core.refusals import Refusal

Unique = UniqueConstraint | Index
SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")


def refusal_of(error: IntegrityError) -> Refusal | None:
    """The sentence that stands in the broken constraint's `info["message"]`, beside the field it is about.

    Two clerks may pass a service's own check at once: the second meets the constraint, and reads the same as
    whoever comes a minute later. None for constraints without a sentence: breaking those is our fault.
    """
    broken = _named(error.orig) or _by_columns(str(error.orig))
    if broken is None or "message" not in broken.info:
        return None
    fields = [name for name in broken.columns.keys() if name not in OWNERS]  # noqa: SIM118
    return Refusal(broken.info["message"], field=fields[-1].removesuffix("_id") if fields else None)


def _named(cause: Any) -> Unique | None:
    """PostgreSQL names the table and the constraint."""
    told = getattr(cause, "diag", None)
    return next((one for one in _unique(told.table_name) if one.name == told.constraint_name), None) if told else None


def _by_columns(text: str) -> Unique | None:
    """SQLite names the columns, `table.column, table.column`."""
    found = SQLITE.search(text)
    if found is None:
        return None
    table = found[1].partition(".")[0]
    names = [column.rpartition(".")[2] for column in found[1].split(", ")]
    return next((one for one in _unique(table) if [column.name for column in one.columns] == names), None)


def _unique(table: str) -> list[Unique]:
    known = metadata.tables.get(table)
    if known is None:
        return []
    constraints = [one for one in known.constraints if isinstance(one, UniqueConstraint)]
    return [*constraints, *(index for index in known.indexes if index.unique)]
