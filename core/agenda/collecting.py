"""The items of every source that is on and may be seen."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.agenda.sources import AgendaItem, AgendaSource
from core.database.faults import watching
from core.database.scope import Scope
from core.database.session import is_away
from core.language import Words

log = logging.getLogger("generazioni.agenda")


@dataclass(frozen=True)
class Entry:
    """An item and where it comes from."""

    source: AgendaSource
    item: AgendaItem


@dataclass(frozen=True)
class Collected:
    """Entries in the order of their days, and the parts that could not be read."""

    entries: list[Entry]
    missing: list[Words]


def offered(declarations: Iterable[tuple[str, list[AgendaSource]]], scope: Scope) -> list[AgendaSource]:
    """The sources of the core and of the modules that are on, as far as the scope may see them."""
    return [
        source
        for module, sources in declarations
        if not module or module in scope.modules
        for source in sources
        if scope.may(source.permission)
    ]


def collect(session: Session, sources: Iterable[AgendaSource], first: date, last: date) -> Collected:
    """What falls on the days, both included; a source that fails is named and the others are there."""
    entries, missing = [], []
    for source in sources:
        try:
            module = source.key.partition(".")[0]
            with watching("" if module == "core" else module, f"agenda {source.key}"), session.begin_nested():
                entries += [Entry(source, item) for item in source.load(session, first, last)]
        except Exception as error:  # one module that fails must not take the agenda with it
            if is_away(error):
                raise
            log.exception("the agenda source %s failed", source.key)
            missing.append(source.label)
    return Collected(sorted(entries, key=lambda one: (one.item.day, str(one.item.title))), missing)
