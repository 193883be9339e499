"""What would appear or disappear for a partner if a module were switched, as values."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import Words
from core.partners.services import dependants

if TYPE_CHECKING:
    from core.plugins.installation import Installation, Plugin


@dataclass(frozen=True)
class Plan:
    """A switch before it happens: pages, permissions, rows that stay, and what goes with it."""

    plugin: "Plugin"
    on: bool
    pages: list[Words]
    tabs: list[Words]
    permissions: int
    rows: int
    needs: list[str] = field(default_factory=list)
    takes_along: list[str] = field(default_factory=list)


def plan_of(session: Session, installation: "Installation", key: str, enabled: frozenset[str]) -> Plan:
    """The plan of switching this module the other way for the session's partner."""
    plugin = installation.plugins[key]
    on = key not in enabled
    requirements = installation.requirements()
    titles = installation.titles()
    missing = sorted(requirements.get(key, frozenset()) - enabled) if on else []
    along = [] if on else sorted((dependants(key, requirements) & enabled) - {key})
    collections = installation.collections.of_plugin(key)
    return Plan(
        plugin=plugin, on=on,
        pages=[*(item.label for item in plugin.declared.menu_items), *(c.resource.title for c in collections)],
        tabs=[panel.title for panel in plugin.declared.panels],
        permissions=sum(1 for module in installation.rights.declared.values() if module == key),
        rows=sum(_rows(session, c.resource.model) for c in collections),
        needs=[str(titles.get(one, one)) for one in missing],
        takes_along=[str(titles.get(one, one)) for one in along],
    )  # fmt: skip


def _rows(session: Session, model: Any) -> int:
    """How many rows of the partner a module keeps, counted within the scope."""
    return session.scalar(select(func.count(model.id)).select_from(model)) or 0
