"""The values shipped, as a migration puts in those that came after the first one."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from core.api import now
from plugins.housing.parameters import SHIPPED

COLUMNS: dict[str, Any] = {
    "id": sa.Uuid, "key": sa.String, "value": sa.Text, "valid_from": sa.Date, "valid_to": sa.Date, "source": sa.String,
    "version": sa.Integer, "created_at": sa.DateTime(timezone=True),
}  # fmt: skip


def seed_missing(op: Any) -> None:
    """Put in each value shipped whose parameter nobody set yet."""
    table = sa.table("parameters_network", *(sa.column(name, kind) for name, kind in COLUMNS.items()))
    there = set(op.get_bind().scalars(sa.select(table.c.key)))
    rows = [
        dict(zip(COLUMNS, (uuid4(), key, value, start, None, source, 1, now()), strict=True))
        for key, value, start, source in SHIPPED
        if key not in there
    ]
    if rows:
        op.bulk_insert(table, rows)
