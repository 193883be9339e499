"""The tables of a module as the database has them, whether its code is here or not."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, Uuid, func, inspect, literal, null, select, union_all

from core.database.model import metadata
from core.database.ownership import OWNERS, owner_among


def own(names: Iterable[str], key: str, others: Collection[str] = ()) -> list[str]:
    """Of these tables those whose name begins with the module's key; `others` are all known keys.

    A longer key that begins with this one, such as `housing_extra`, has its own.
    """
    longer = tuple(f"{one}_" for one in others if one.startswith(f"{key}_"))
    return sorted(name for name in names if name.startswith(f"{key}_") and not name.startswith(longer or "\0"))


def names_of(connection: Connection, key: str, others: Collection[str] = ()) -> list[str]:
    """The module's own tables that are in the database."""
    return own(inspect(connection).get_table_names(), key, others)


def described(connection: Connection, names: Iterable[str]) -> list[Table]:
    """The tables as their models say, or as the database says where no model is loaded."""
    return [metadata.tables[name] if name in metadata.tables else _reflected(connection, name) for name in names]


def _reflected(connection: Connection, name: str) -> Table:
    """A table without its model; SQLite does not tell keys from text."""
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    for owner in OWNERS:
        if owner in table.c:
            table.c[owner].type = Uuid()
    return table


def pointing_at(connection: Connection, names: Collection[str]) -> list[str]:
    """Other tables with a foreign key to one of these."""
    looked = inspect(connection)
    return sorted(
        table for table in looked.get_table_names() if table not in names
        and any(one["referred_table"] in names for one in looked.get_foreign_keys(table))
    )  # fmt: skip


def counted(connection: Connection, names: Sequence[str]) -> dict[str, dict[UUID | None, int]]:
    """Table → partner → rows; rows that belong to nobody in particular stand under None. One question for all."""
    if not names:
        return {}
    counts = []
    for table in described(connection, names):
        name = owner_among(table.c.keys())
        owner = None if name is None else table.c[name]
        whose = owner if owner is not None else null().cast(Uuid)
        counts.append(
            select(literal(table.name), whose, func.count()).group_by(*([owner] if owner is not None else []))
        )
        if owner is None:
            counts[-1] = counts[-1].select_from(table)
    found: dict[str, dict[UUID | None, int]] = {name: {} for name in names}
    for name, partner, count in connection.execute(union_all(*counts)):
        found[name][partner] = count
    return found
