"""What was loaded: the core's features and the plugins, with their declarations and their health."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

from core.access.roles import Rights
from core.database.migrate import Line, core_line
from core.language import FIRST_LANGUAGE, Words, _
from core.partners.services import dependants
from core.plugins.manifest import Manifest, Unreadable
from core.resource.collections import Collections
from core.rights.asking import Asked

Answer = Callable[..., Any]
MARK = "generazioni_impl"  # what `answers` of core/hooks.py leaves on a function


class Health(StrEnum):
    """How a plugin does, beside being installed or not, on or off."""

    OK = "ok"
    NEEDS_UPDATE = "needs update"
    INCOMPATIBLE = "incompatible"
    FAILED = "failed"
    BLOCKED = "blocked"
    CHANGED = "changed"
    ASLEEP = "asleep"


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
    person_references: list[Any] = field(default_factory=list)


@dataclass
class Plugin:
    """One plugin whose code is here; a broken one keeps its place with the reason and its traceback.

    `installed` is the head of its tables, None when it has none or nobody asked the database yet.
    """

    key: str
    folder: Path
    manifest: Manifest | None = None
    health: Health = Health.OK
    reason: str = ""
    traceback: str = ""
    module: ModuleType | None = None
    declared: Declared = field(default_factory=Declared)
    installed: str | None = None

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.manifest.name if self.manifest else self.key

    @property
    def works(self) -> bool:
        """Whether it is loaded and may serve."""
        return self.health is Health.OK

    @property
    def is_loaded(self) -> bool:
        """Whether its code is in the process; it may still wait for its tables."""
        return self.health in {Health.OK, Health.NEEDS_UPDATE}

    def answer(self, question: str) -> Answer | None:
        """How it answers a question that is asked while the program runs; None when it does not."""
        return answer_of(self.module, question)

    @property
    def answers(self) -> list[str]:
        """The questions of core/hooks.py that it answers."""
        return sorted(name for name, answer in vars(self.module).items() if hasattr(answer, MARK))

    @property
    def line(self) -> Line:
        """Its own line of migrations."""
        return line_of(self.manifest) if self.manifest else Line(self.key, self.folder / "migrations", ())

    @cached_property
    def head(self) -> str:
        """How far its code says that its tables should be."""
        return self.line.head


def answer_of(module: ModuleType | None, question: str) -> Answer | None:
    """How a module answers a question; as everywhere in pluggy it is given the arguments that it names, no others."""
    found = getattr(module, question, None)
    if found is None or not hasattr(found, MARK):
        return None
    named = signature(found).parameters

    def answer(**told: Any) -> Any:
        return found(**{name: value for name, value in told.items() if name in named})

    return answer


def line_of(manifest: Manifest) -> Line:
    """The line of migrations of a plugin, known without importing it."""
    title = manifest.title.get(FIRST_LANGUAGE) or manifest.title.get("en") or manifest.key
    return Line(manifest.key, manifest.folder / "migrations", (manifest.tables,), manifest.version, title)


@dataclass
class Installation:
    """The core and every plugin of this process; built once at start.

    Afterwards only what the database says of the plugins is followed (core/plugins/health.py).
    `ignored` are plugins that nobody added, with the reason: they were not even looked into. `heads` says of
    every module that has tables how far these have come, whether its code is here or not; None before anybody
    asked the database.
    """

    plugins: dict[str, Plugin] = field(default_factory=dict)
    core: dict[str, Declared] = field(default_factory=dict)
    features: dict[str, ModuleType] = field(default_factory=dict)
    collections: Collections = field(default_factory=Collections)
    rights: Rights = field(default_factory=lambda: Rights({}, (), {}, {}))
    ignored: list[Unreadable] = field(default_factory=list)
    heads: dict[str, str] | None = None

    def loaded(self) -> list[Plugin]:
        """The plugins whose code is in the process, in order of need."""
        return [plugin for plugin in self.plugins.values() if plugin.is_loaded]

    def waiting(self) -> frozenset[str]:
        """The modules that do not serve until their tables are those of their code, and what needs them."""
        late = [plugin.key for plugin in self.loaded() if not plugin.works]
        return frozenset(one for key in late for one in dependants(key, self.requirements()))

    def working(self) -> list[Plugin]:
        """The plugins that serve, in order of need."""
        return [plugin for plugin in self.plugins.values() if plugin.works]

    def requirements(self) -> dict[str, frozenset[str]]:
        """Module key → the modules it needs, of broken ones too: they are switched off like any other."""
        return {p.key: frozenset(p.manifest.requires) for p in self.plugins.values() if p.manifest}

    def declarations(self) -> Iterator[tuple[str, Declared]]:
        """Every declaration: the core's features under an empty key, then each plugin's."""
        for declared in self.core.values():
            yield "", declared
        for plugin in self.loaded():
            yield plugin.key, plugin.declared

    def answers(self, question: str) -> Iterator[tuple[str, Answer]]:
        """Who answers a question that is asked while the program runs: the core under an empty key, then plugins.

        One answers apart from the other, so that one which raises silences nobody else. A plugin without tables
        has nothing to say.
        """
        asked = [("", one) for one in self.features.values()]
        asked += [(p.key, p.module) for p in self.working() if p.module and (self.heads is None or p.key in self.heads)]
        for key, module in asked:
            if answer := answer_of(module, question):
                yield key, answer

    def asked(self, question: str) -> list[Asked]:
        """Who answers a question of the registry: the core, and every module that has tables, on or off.

        A module whose code is missing or failed is among them without an answer.
        """
        told = [Asked(_("Registry"), answer) for module in self.features.values()
                if (answer := answer_of(module, question))]  # fmt: skip
        for plugin in self.plugins.values():
            if plugin.installed is None:
                continue
            if not plugin.works:
                told.append(Asked(plugin.title, None))
            elif answer := plugin.answer(question):
                told.append(Asked(plugin.title, answer, plugin.key))
        return told + [Asked(key, None) for key in sorted(set(self.heads or ()) - set(self.plugins))]

    def lines(self) -> list[Line]:
        """Every line of migrations there is: the core's, then the plugins' in order of need."""
        return [core_line(), *(plugin.line for plugin in self.loaded())]

    def translations(self) -> dict[str, Path]:
        """Domain → the folder of translations that a module brings along, under its key and its package's name."""
        own = [p for p in self.loaded() if p.manifest and (p.folder / "translations").is_dir()]
        domains = ((p.key, p.manifest.package.partition(".")[0], p.folder) for p in own if p.manifest)
        return {name: folder / "translations" for key, package, folder in domains for name in (package, key)}

    def titles(self) -> dict[str, Words]:
        """Module key → its title, for pages that name modules."""
        return {plugin.key: plugin.title for plugin in self.plugins.values()}

    def named(self, keys: Iterable[str]) -> str:
        """Modules by their titles in one line, by key where the code is gone."""
        titles = self.titles()
        return ", ".join(str(titles.get(key, key)) for key in keys)
