"""The keys of sealed fields: what they closed, and closing it again with a new one."""

from functools import partial
from typing import Any

import click

from core.cli.context import Context, pass_context
from core.config import WrongSetting
from core.database.sealing import rotate_some, sealed_columns

AT_ONCE = 500


@click.group()
def keys() -> None:
    """Keys of the fields that the database holds sealed."""


@keys.command("rotate")
@pass_context
def rotate(context: Context) -> None:
    """Seal every field again with the first of GENERAZIONI_FIELD_KEYS; killed, it goes on when run again.

    The program may serve meanwhile, with both keys. Afterwards the older key can be taken away.
    """
    if len(context.settings.field_keys) == 1:
        raise WrongSetting("GENERAZIONI_FIELD_KEYS holds one key: put the new one before it, with a comma between")
    context.installation  # noqa: B018  the plugins' tables may have sealed fields too
    broken = 0
    for column in sealed_columns():
        closed, unread = _rotate(context, column)
        broken += unread
        click.echo(f"{column.table.name}.{column.name}: {closed} sealed again.")
    if broken:
        raise WrongSetting(f"{broken} texts do not open with their key: they were moved or changed, and stay as is")


def _rotate(context: Context, column: Any) -> tuple[int, int]:
    """Close a column's texts again, some in each transaction; how many were closed, and how many do not open."""
    closed, broken, after = 0, 0, None
    while True:
        step = partial(rotate_some, column=column, after=after, at_once=AT_ONCE)
        done = context.database.run(context.operator("keys rotated"), step)
        closed, broken, after = closed + done.closed, broken + done.broken, done.last
        if after is None:
            return closed, broken
