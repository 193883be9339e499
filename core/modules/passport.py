"""A module's passport: what it stores, of whom, for how long, and by which doors it enters the program.

The draft of its entry in the register of processing activities (GDPR art. 30) is made of the same facts; whoever
answers for the data completes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Table

from core.database.model import metadata
from core.language import Words, _
from core.modules.tables import own

if TYPE_CHECKING:
    from core.plugins.installation import Declared, Installation

PEOPLE = {"people_person", "people_household"}
SILENT = {"id", "version", "created_at", "partner_id", "registered_by_id", "search", "sort_name"}


@dataclass(frozen=True)
class Stored:
    """A table: what people call it, what it says, and whether its rows are about somebody."""

    name: str
    title: Words
    columns: list[Words]
    about_people: bool


@dataclass(frozen=True)
class Passport:
    """What a loaded module says of itself, and what can be seen of it."""

    stored: list[Stored] = field(default_factory=list)
    permissions: list[Words] = field(default_factory=list)
    jobs: list[tuple[Words, str]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    parameters: list[Words] = field(default_factory=list)
    documents: list[Words] = field(default_factory=list)
    places: list[Words] = field(default_factory=list)
    hooks: list[str] = field(default_factory=list)


def passport_of(house: "Installation", key: str) -> Passport:
    """The passport of a module; nearly empty when its code is not in the process."""
    plugin = house.plugins.get(key)
    if plugin is None or not plugin.is_loaded:
        return Passport()
    told = plugin.declared
    rights = house.rights
    titles = {c.resource.model.__tablename__: c.resource.title for c in house.collections.of_plugin(key)}
    return Passport(
        stored=[_stored(metadata.tables[name], titles) for name in own(metadata.tables, key, house.plugins)],
        permissions=[one.label for one in rights.permissions if rights.declared.get(one.key) == key],
        jobs=[(kind.label, kind.daily_at or (str(kind.every) if kind.every else "")) for kind in told.jobs],
        events=sorted({listener.event for listener in told.event_listeners}),
        parameters=[kind.label for kind in told.parameters],
        documents=[kind.label for kind in told.documents],
        places=_places(told),
        hooks=plugin.answers,
    )


def _stored(table: Table, titles: Mapping[str, Words]) -> Stored:
    columns: list[Words] = [
        column.info.get("label") or column.name.removesuffix("_id")
        for column in table.columns if column.name not in SILENT and column.info.get("kind") != "hidden"
    ]  # fmt: skip
    about = any(key.column.table.name in PEOPLE for key in table.foreign_keys)
    return Stored(table.name, titles.get(table.name, ""), columns, about)


def _places(told: "Declared") -> list[Words]:
    """Where it shows beside its own pages."""
    tabs: list[Words] = [_("Tab “%(tab)s” on %(records)s", tab=one.title, records=one.target) for one in told.panels]
    cards: list[Words] = [_("Card “%(card)s” on the home page", card=one.title) for one in told.dashboard_cards]
    agenda: list[Words] = [_("Deadlines in the agenda: %(what)s", what=one.label) for one in told.agenda_sources]
    return [*tabs, *cards, *agenda]
