"""Where the tables of every module name people: as their plugins say, and as the map of foreign keys says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Column, Index, Table, UniqueConstraint, Uuid, and_, column, inspect, or_, select, table, true
from sqlalchemy.orm import Session

from core.database.merging import PersonReference
from core.database.model import metadata
from core.database.ownership import owner_among
from core.language import Words

if TYPE_CHECKING:
    from core.plugins.installation import Installation

PEOPLE = "people_person"
VERSIONS = "alembic_version_"
Unique = UniqueConstraint | Index


@dataclass(frozen=True)
class Row:
    """One row that names a person, and the partner whose it is."""

    key: UUID
    owner: UUID | None


@dataclass(frozen=True)
class Place:
    """A column that names people, and the module that it is of; the core's is empty."""

    module: str
    reference: PersonReference

    @property
    def table(self) -> Table:
        """Its table."""
        return metadata.tables[self.reference.table]

    @property
    def column(self) -> Column[Any]:
        """The column itself."""
        return self.table.c[self.reference.column]

    @property
    def owner(self) -> Any:
        """The column that says whose a row is."""
        name = owner_among(self.table.c.keys())
        return None if name is None else self.table.c[name]

    def naming(self, person: UUID) -> Any:
        """The condition of rows that name a person."""
        said = self.reference.only
        here = self.column == person
        return here if said is None else and_(here, self.table.c[said[0]] == said[1])

    def rows_of(self, session: Session, person: UUID) -> list[Row]:
        """The rows that name a person, every partner's."""
        wanted = select(self.table.c.id, self.owner).where(self.naming(person)).order_by(self.table.c.id)
        return [Row(*row) for row in session.execute(wanted)]

    def twins(self, session: Session, winner: UUID, loser: UUID) -> Iterator[tuple[Unique, Row]]:
        """The rows of the loser that would be a second one of what the winner has, with the constraint they break."""
        for unique in _uniques(self.table, self.column):
            part = _part(unique, session)
            mine, theirs = (
                select(self.table).where(self.column == person, part).subquery() for person in (loser, winner)
            )
            others = [one.name for one in unique.columns if one.name != self.column.name]
            equal = and_(true(), *(mine.c[name] == theirs.c[name] for name in others))
            wanted = select(mine.c.id, mine.c[self.owner.name]).join(theirs, equal).distinct()
            yield from ((unique, Row(*row)) for row in session.execute(wanted))


def places(session: Session, installation: "Installation") -> list[Place]:
    """Every place that names people in the core and in the plugins that work, those nobody answered for too."""
    answered = [Place(key, one) for key, declared in installation.declarations() for one in declared.person_references]
    known = {(place.reference.table, place.reference.column) for place in answered}
    plugins = list(installation.plugins)
    for table_, column_ in foreign_keys():
        if (table_, column_) not in known:
            reference = PersonReference(table_, column_, _label(installation, table_))
            answered.append(Place(module_of(table_, plugins), reference))
    working = {"", *(plugin.key for plugin in installation.working())}
    there = set(inspect(session.connection()).get_table_names())  # a plugin may wait to be installed
    return [place for place in answered if place.module in working and place.reference.table in there]


def foreign_keys() -> list[tuple[str, str]]:
    """Table and column of every foreign key to a person, as the models know them."""
    return sorted(
        (each.name, key.parent.name)
        for each in metadata.tables.values()
        for key in each.foreign_keys
        if key.column.table.name == PEOPLE and key.column.name == "id"
    )


def module_of(table_: str, keys: list[str]) -> str:
    """The module whose prefix a table bears; empty when it is the core's."""
    return max((key for key in keys if table_.startswith(f"{key}_")), key=len, default="")


def _label(installation: "Installation", table_: str) -> Words:
    collection = installation.collections.by_table(table_)
    return collection.resource.title if collection else table_


def silent_modules(session: Session, installation: "Installation", people: tuple[UUID, UUID]) -> list[Words]:
    """The modules that cannot be asked although their tables speak of these people: code missing, or failed.

    Asked of the database itself: the models of code that is not there are not there either.
    """
    inspector = inspect(session.connection())
    names = inspector.get_table_names()
    keys = [name.removeprefix(VERSIONS) for name in names if name.startswith(VERSIONS)]
    keys += list(installation.plugins)
    working = {plugin.key for plugin in installation.working()}
    found: dict[str, Words] = {}
    for name in names:
        module = module_of(name, keys)
        ours = module in working or (not module and name in metadata.tables)
        if ours or (module or name) in found:
            continue
        columns = [
            key["constrained_columns"][0] for key in inspector.get_foreign_keys(name) if key["referred_table"] == PEOPLE
        ]
        if columns and _speaks_of(session, name, columns, people):
            found[module or name] = installation.titles().get(module, module or name)
    return list(found.values())


def _speaks_of(session: Session, name: str, columns: list[str], people: tuple[UUID, UUID]) -> bool:
    typed = [column(one, Uuid) for one in columns]
    wanted = select(true()).select_from(table(name, *typed)).where(or_(*(one.in_(people) for one in typed)))
    return session.execute(wanted.limit(1)).first() is not None


def _uniques(table_: Table, column_: Column[Any]) -> list[Unique]:
    every = (*table_.constraints, *table_.indexes)
    unique = [one for one in every if isinstance(one, UniqueConstraint) or (isinstance(one, Index) and one.unique)]
    return [one for one in unique if column_.name in one.columns]


def _part(unique: Unique, session: Session) -> Any:
    """The rows that a partial index counts; all of them for any other constraint."""
    if not isinstance(unique, Index):
        return true()
    where = unique.dialect_options[session.get_bind().dialect.name].get("where")
    return true() if where is None else where
