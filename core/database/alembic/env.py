"""How Alembic runs one line of migrations: the core's or a plugin's, on a connection it is given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, TypeDecorator

from core.database.field import Chosen, Exact, Moment, Money
from core.database.migrate import is_made_by_hand
from core.database.model import metadata

config = context.config
PLAIN = {Money: "sa.BigInteger()", Exact: "sa.BigInteger()", Moment: "sa.DateTime(timezone=True)"}
prefixes = tuple(config.attributes["prefixes"])


def ours(name: str | None, kind: str, parents: object) -> bool:
    """Compare only the tables of this line: each plugin minds its own prefix."""
    return kind != "table" or (name or "").startswith(prefixes)


def of_this_line(thing: Any, name: str | None, kind: str, reflected: bool, compared: object) -> bool:  # noqa: FBT001
    """The same for the tables that models describe: names alone filter only what stands in the database."""
    return ours(name, kind, None) and not is_made_by_hand(thing, kind, compared)


def plain(kind: str, thing: Any, autogenerate: Any) -> str | Literal[False]:
    """Write our column types as what the database holds: a revision must outlive the classes."""
    if kind == "type" and isinstance(thing, Chosen):
        return "sa.String(length=40)"
    if kind == "type" and isinstance(thing, TypeDecorator) and isinstance(thing.impl_instance, JSON):
        return "sa.JSON()"
    return (PLAIN.get(type(thing)) or False) if kind == "type" else False


context.configure(
    connection=config.attributes["connection"],
    target_metadata=metadata,
    version_table=config.attributes["version_table"],
    include_name=ours,
    include_object=of_this_line,
    render_as_batch=True,
    render_item=plain,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
