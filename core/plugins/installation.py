"""What was loaded: the core's features and the plugins, with their declarations and their health."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from core.access.roles import Rights
from core.database.migrate import Line, core_line
from core.language import Words
from core.plugins.manifest import Manifest
from core.resource.collections import Collections


class Health(StrEnum):
    """How a plugin does, beside being switched on or off."""

    OK = "ok"
    NEEDS_UPDATE = "needs update"
    INCOMPATIBLE = "incompatible"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass
class Declared:
    """What one feature or plugin answered to the declaring hooks."""

    resources: list[Any] = field(default_factory=list)
    blueprints: list[Any] = field(default_factory=list)
    menu_items: list[Any] = field(default_factory=list)
    permissions: list[Any] = field(default_factory=list)
    role_presets: dict[str, list[str]] = field(default_factory=dict)
    parameters: list[Any] = field(default_factory=list)
    panels: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    dashboard_cards: list[Any] = field(default_factory=list)
    agenda_sources: list[Any] = field(default_factory=list)
    jobs: list[Any] = field(default_factory=list)
    event_listeners: list[Any] = field(default_factory=list)
    commands: list[Any] = field(default_factory=list)
    demo_steps: list[Any] = field(default_factory=list)


@dataclass
class Plugin:
    """One installed plugin; a broken one keeps its place here with the reason and its traceback."""

    key: str
    folder: Path
    manifest: Manifest | None = None
    health: Health = Health.OK
    reason: str = ""
    traceback: str = ""
    module: ModuleType | None = None
    declared: Declared = field(default_factory=Declared)

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.manifest.name if self.manifest else self.key

    @property
    def works(self) -> bool:
        """Whether it is loaded and may serve."""
        return self.health is Health.OK

    @property
    def line(self) -> Line:
        """Its own line of migrations."""
        return Line(self.key, self.folder / "migrations", (f"{self.key}_",))


@dataclass
class Installation:
    """The core and every plugin of this process; built once at start and never changed after."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    core: dict[str, Declared] = field(default_factory=dict)
    collections: Collections = field(default_factory=Collections)
    rights: Rights = field(default_factory=lambda: Rights({}, (), {}, {}))

    def working(self) -> list[Plugin]:
        """The plugins that serve, in order of need."""
        return [plugin for plugin in self.plugins.values() if plugin.works]

    def requirements(self) -> dict[str, frozenset[str]]:
        """Module key → the modules it needs."""
        return {p.key: frozenset(p.manifest.requires) for p in self.working() if p.manifest}

    def declarations(self) -> Iterator[tuple[str, Declared]]:
        """Every declaration: the core's features under an empty key, then each plugin's."""
        for declared in self.core.values():
            yield "", declared
        for plugin in self.working():
            yield plugin.key, plugin.declared

    def lines(self) -> list[Line]:
        """The lines of migrations to run: the core's, then the plugins' in order of need."""
        return [core_line(), *(plugin.line for plugin in self.working() if plugin.line.folder.is_dir())]

    def titles(self) -> dict[str, Words]:
        """Module key → its title, for pages that name modules."""
        return {plugin.key: plugin.title for plugin in self.plugins.values()}
