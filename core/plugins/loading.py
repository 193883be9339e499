"""Loading at start: the core's features answer first, then each plugin in its own try."""

import importlib
import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from core import __version__, hooks
from core.access.permissions import Permission
from core.access.roles import Rights
from core.config import ROOT, Settings
from core.documents import declaration as documents
from core.events import declaration as events
from core.jobs import declaration as jobs
from core.parameters import declaration as parameters
from core.plugins.checking import BrokenPlugin, check, check_answer, withdraw_models
from core.plugins.cleaning_up import listeners_of
from core.plugins.finding import found, root_of
from core.plugins.first_load import first_load
from core.plugins.importing import allow
from core.plugins.installation import Declared, Health, Installation, Plugin
from core.plugins.manifest import FOLDER, Changed, Ignored, Manifest, Unreadable
from core.plugins.ordering import in_order, objections
from core.sharing import needs

log = logging.getLogger("generazioni.plugins")

FEATURES = (
    "access", "drafts", "people", "organisations", "places", "files", "documents", "parameters", "jobs", "events",
    "search", "modules", "dashboard", "agenda", "audit", "rights", "sharing",
    "data_requests", "special",
)  # fmt: skip
ASLEEP = "left out by GENERAZIONI_SKIP or GENERAZIONI_SAFE_MODE"
UNBROKEN = {Health.OK, Health.ASLEEP}
QUESTIONS = tuple(Declared.__dataclass_fields__)


def load(settings: Settings) -> Installation:
    """The installation as the settings describe it; a broken plugin is quarantined, or fails all in strict mode."""
    installation = Installation()
    manager = pluggy.PluginManager("generazioni")
    manager.add_hookspecs(hooks)
    for feature in FEATURES:
        module = importlib.import_module(f"core.{feature}.plugin")
        installation.core[feature], installation.features[feature] = _collect(manager, module, feature), module
        installation.collections.add("", installation.core[feature].resources)
    for feature, declared in installation.core.items():
        _declare("", declared, ROOT / "core" / feature / "documents")
    _load_plugins(installation, manager, settings)
    for plugin in installation.working():
        if plugin.manifest is not None:
            needs.declare(plugin.key, _title(plugin), plugin.manifest.personal_data)
    installation.rights = _rights(installation)
    return installation


def _title(plugin: Plugin) -> Callable[[], str]:
    return lambda: str(plugin.title)


def _load_plugins(installation: Installation, manager: pluggy.PluginManager, settings: Settings) -> None:
    manifests = _gather(installation, settings)
    ordered, circles = in_order(manifests)
    for key, reason in circles.items():
        _quarantine(installation, Plugin(key, manifests[key].folder, manifests[key]), Health.INCOMPATIBLE, reason)
    for key in ordered:
        if settings.safe_mode or key in settings.skip_plugins:
            _leave_out(installation, manifests, key)
        else:
            _load_one(installation, manager, manifests, key, settings)
    if settings.strict and (broken := [p for p in installation.plugins.values() if p.health not in UNBROKEN]):
        raise BrokenPlugin("; ".join(f"{plugin.key}: {plugin.reason}" for plugin in broken))


def _gather(installation: Installation, settings: Settings) -> dict[str, Manifest]:
    """The manifests that can be used; what is wrong with the others is written down."""
    manifests: dict[str, Manifest] = {}
    for one in found(settings):
        if isinstance(one, Ignored):
            installation.ignored.append(one)
            log.warning("the plugin %s is ignored: %s", one.key, one.reason)
        elif isinstance(one, Unreadable):
            health = Health.CHANGED if isinstance(one, Changed) else Health.FAILED
            _quarantine(installation, Plugin(one.key, one.folder), health, one.reason)
        elif one.key in manifests:
            _quarantine(installation, Plugin(f"{one.key}@{one.folder}", one.folder, one), Health.FAILED,
                        f"the key {one.key} is already taken by {manifests[one.key].folder}")  # fmt: skip
        else:
            manifests[one.key] = one
    return manifests


def _load_one(
    installation: Installation, manager: pluggy.PluginManager, manifests: dict[str, Manifest], key: str,
    settings: Settings,
) -> None:  # fmt: skip
    manifest = manifests[key]
    plugin = Plugin(key, manifest.folder, manifest)
    if told := objections(manifest, manifests, __version__):
        _quarantine(installation, plugin, Health.INCOMPATIBLE, "; ".join(told))
        return
    broken = [need for need in manifest.requires if not installation.plugins[need].works]
    if broken:
        _quarantine(installation, plugin, Health.BLOCKED, f"needs {', '.join(broken)}, which does not work")
        return
    try:
        with first_load(settings, key, manifest.folder):
            _let_import(manifest)
            plugin.module = importlib.import_module(f"{manifest.package}.plugin")
            plugin.declared = _collect(manager, plugin.module, key)
            check(plugin, installation.declarations())
            _declare(key, plugin.declared, manifest.folder / "documents")
            events.declare("", listeners_of(plugin))  # the core's: it is told when the module is off
            installation.collections.add(key, plugin.declared.resources)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  whatever a plugin does, the rest must serve
        _withdraw(manager, manifest)
        _quarantine(installation, plugin, Health.FAILED, f"{type(error).__name__}: {error}", traceback.format_exc())
        return
    installation.plugins[key] = plugin


def _leave_out(installation: Installation, manifests: dict[str, Manifest], key: str) -> None:
    """Keep a plugin's place without importing it, with what can be said of it so."""
    told = "; ".join(objections(manifests[key], manifests, __version__))
    health = Health.INCOMPATIBLE if told else Health.ASLEEP
    installation.plugins[key] = Plugin(key, manifests[key].folder, manifests[key], health, told or ASLEEP)


def _let_import(manifest: Manifest) -> None:
    """Added plugins are imported from where they were added, those in a folder of their own from there."""
    root = root_of(manifest)
    if manifest.origin != FOLDER:
        allow(root)
    elif root != ROOT and str(root) not in sys.path:
        sys.path.append(str(root))


def _declare(module: str, declared: Declared, folder: Path) -> None:
    """Let parameters, jobs, listeners and documents be found by their keys."""
    parameters.declare(declared.parameters)
    jobs.declare(module, declared.jobs)
    events.declare(module, declared.event_listeners)
    documents.declare(declared.documents, module=module, folder=folder)


def _withdraw(manager: pluggy.PluginManager, manifest: Manifest) -> None:
    """Leave nothing of a broken plugin where the rest of the program would find it."""
    manager.unregister(name=manifest.key)
    for place in (parameters, jobs, events, documents):
        place.forget(manifest.key)
    withdraw_models(manifest.package, manifest.tables)


def _quarantine(installation: Installation, plugin: Plugin, health: Health, reason: str, trace: str = "") -> None:
    plugin.health, plugin.reason, plugin.traceback, plugin.declared = health, reason, trace, Declared()
    installation.plugins[plugin.key] = plugin
    log.error("module %s is not loaded: %s", plugin.key, reason)


def _collect(manager: pluggy.PluginManager, module: ModuleType, key: str) -> Declared:
    """Register one module and ask it, alone, every declaring question."""
    manager.register(module, name=key)
    manager.check_pending()
    declared = Declared()
    for question in QUESTIONS:
        for answer in _ask_one(manager, module, question)():
            check_answer(question, answer)
            if isinstance(answer, dict):
                for role, patterns in answer.items():
                    declared.role_presets.setdefault(role, []).extend(patterns)
            else:
                getattr(declared, question).extend(answer)
    return declared


def _ask_one(manager: pluggy.PluginManager, module: ModuleType, question: str) -> Callable[[], list[Any]]:
    others = [plugin for plugin in manager.get_plugins() if plugin is not module]
    caller: Callable[[], list[Any]] = manager.subset_hook_caller(question, others)
    return caller


def _rights(installation: Installation) -> Rights:
    """Every permission there is, and what roles have of them from the start."""
    presets: dict[str, list[str]] = {}
    permissions: list[Permission] = []
    declared: dict[str, str] = {}
    for key, told in installation.declarations():
        for role, patterns in told.role_presets.items():
            presets.setdefault(role, []).extend(patterns)
        derived = [p for c in installation.collections.of_plugin(key) for p in c.permissions()] if key else []
        for permission in (*told.permissions, *derived):
            permissions.append(permission)
            declared[permission.key] = key
    core = [p for c in installation.collections.of_plugin("") for p in c.permissions()]
    permissions.extend(core)
    declared.update({permission.key: "" for permission in core})
    return Rights(presets, tuple(permissions), declared, installation.titles())
