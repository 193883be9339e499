"""What a plugin's declarations must keep to, so that it can neither reach into others nor stop them."""

from collections.abc import Iterable, Mapping
from typing import Any

import click
from flask import Blueprint, Flask

from core.access.gate import permission_of
from core.access.permissions import Permission
from core.agenda.sources import AgendaSource
from core.dashboard.cards import Card
from core.database.merging import PersonReference
from core.database.model import bases, metadata
from core.demo.steps import DemoStep
from core.documents.declaration import DocumentKind
from core.events.declaration import Listener
from core.jobs.declaration import JobKind
from core.parameters.declaration import ParameterKind
from core.plugins.installation import Declared, Plugin
from core.plugins.manifest import Manifest
from core.resource.declaration import Resource
from core.resource.panels import RecordPanel
from core.web.links import MenuItem

ANSWERS: Mapping[str, type] = {
    "resources": Resource, "blueprints": Blueprint, "menu_items": MenuItem, "permissions": Permission,
    "parameters": ParameterKind, "panels": RecordPanel, "documents": DocumentKind, "dashboard_cards": Card,
    "agenda_sources": AgendaSource, "jobs": JobKind, "event_listeners": Listener, "commands": click.Command,
    "demo_steps": DemoStep, "person_references": PersonReference,
}  # fmt: skip
EVERY_REQUEST = (
    "before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors",
    "url_value_preprocessors", "url_default_functions", "error_handler_spec",
)  # fmt: skip


class BrokenPlugin(Exception):  # noqa: N818
    """A plugin breaks an agreement of docs/plugin.md; the sentence says which."""


def check_answer(question: str, answer: Any) -> None:
    """A question is answered with a list of what it asks for, role presets with a mapping."""
    if question == "role_presets":
        if not isinstance(answer, dict):
            raise BrokenPlugin("role_presets must answer a dict: role → permissions")
        return
    kind = ANSWERS.get(question, object)
    if not isinstance(answer, list) or not all(isinstance(one, kind) for one in answer):
        raise BrokenPlugin(f"{question} must answer a list of {kind.__name__}")


def check(plugin: Plugin, others: Iterable[tuple[str, Declared]]) -> None:
    """Look at tables, keys and routes of one plugin, beside what is there; `BrokenPlugin` says what is wrong."""
    manifest = plugin.manifest
    assert manifest is not None  # noqa: S101  only plugins with a manifest are imported
    check_models(manifest)
    _check_keys(plugin)
    _check_references(plugin, manifest.tables)
    _check_routes(plugin, manifest)
    _check_twice(plugin.declared, [declared for _key, declared in others])


def _bases_of(package: str) -> list[Any]:
    return [base for base in bases() if base.__module__.startswith(f"{package}.")]


def check_models(manifest: Manifest) -> None:
    """Every table is its own by name, and every relationship finds its other end."""
    for base in _bases_of(manifest.package):
        base.registry.configure(cascade=True)
        for mapper in base.registry.mappers:
            if not str(mapper.local_table.name).startswith(manifest.tables):
                raise BrokenPlugin(f"the table {mapper.local_table.name} does not begin with {manifest.tables}")


def withdraw_models(package: str, prefix: str) -> None:
    """Take out of the process what a broken plugin mapped, so that nobody's query or migration meets it."""
    own = _bases_of(package)
    mapped = {table.name for base in own for table in _tables_of(base)}
    others = {table.name for base in bases() if base not in own for table in _tables_of(base)}
    for name in [name for name in metadata.tables if name in mapped or name.startswith(prefix)]:
        if name not in others:
            metadata.remove(metadata.tables[name])
    for base in own:
        base.registry.dispose()


def _tables_of(base: Any) -> list[Any]:
    return [mapper.local_table for mapper in base.registry.mappers]


def _check_keys(plugin: Plugin) -> None:
    declared = plugin.declared
    prefix = f"{plugin.key}."
    for permission in declared.permissions:
        if not permission.key.startswith(prefix):
            raise BrokenPlugin(f"the permission {permission.key} does not begin with {prefix}")
    named = (*declared.documents, *declared.jobs, *declared.event_listeners, *declared.agenda_sources)
    for one in (*named, *declared.parameters):
        if not one.key.startswith(prefix):
            raise BrokenPlugin(f"the key {one.key} does not begin with {prefix}")


def _check_references(plugin: Plugin, prefix: str) -> None:
    """What a plugin says of people, it says of columns of its own."""
    for reference in plugin.declared.person_references:
        table = metadata.tables.get(reference.table)
        if not reference.table.startswith(prefix) or table is None or reference.column not in table.c:
            raise BrokenPlugin(f"there is no {reference.table}.{reference.column} to refer to people with")


def _check_routes(plugin: Plugin, manifest: Manifest) -> None:
    """Register its pages on an app that serves nobody, and look at what came of it."""
    trial = Flask("trial", static_folder=None)
    bare = {name: _of_every_request(trial, name) for name in EVERY_REQUEST}
    words = _words_of_templates(trial)
    for blueprint in plugin.declared.blueprints:
        if blueprint.name != plugin.key and not blueprint.name.startswith((f"{plugin.key}-", f"{plugin.key}_")):
            raise BrokenPlugin(f"the blueprint {blueprint.name} must be called {plugin.key}, or {plugin.key}-…")
        trial.register_blueprint(blueprint)
    for rule in trial.url_map.iter_rules():
        if not any(rule.rule == own or rule.rule.startswith(f"{own}/") for own in (manifest.url, manifest.api_url)):
            raise BrokenPlugin(f"{rule.rule} stands neither under {manifest.url} nor under {manifest.api_url}")
        if permission_of(trial.view_functions[rule.endpoint]) is None:
            raise BrokenPlugin(f"{rule.rule} names no permission: mark its view with requires(…) or public")
    for name, before in bare.items():
        if _of_every_request(trial, name) != before:
            raise BrokenPlugin(f"a blueprint reaches into every page of the program ({name.rpartition('_')[0]})")
    if _words_of_templates(trial) != words:
        raise BrokenPlugin("a blueprint changes the filters or functions of every template of the program")


def _of_every_request(app: Flask, name: str) -> int:
    """How much is registered for all blueprints under a name of Flask's."""
    registered = getattr(app, name).get(None, ())
    return sum(len(kinds) for kinds in registered.values()) if isinstance(registered, dict) else len(registered)


def _words_of_templates(app: Flask) -> tuple[dict[str, Any], ...]:
    environment = app.jinja_env
    return dict(environment.filters), dict(environment.globals), dict(environment.tests)


def _check_twice(declared: Declared, others: list[Declared]) -> None:
    """Two of the same name are an error where they would hide one another."""
    for what, names in (("resources", [one.name for one in declared.resources]),
                        ("jobs", [one.key for one in (*declared.jobs, *declared.event_listeners)]),
                        ("permissions", [one.key for one in declared.permissions]),
                        ("documents", [one.key for one in declared.documents]),
                        ("blueprints", [one.name for one in declared.blueprints])):  # fmt: skip
        if double := next((name for name in names if names.count(name) > 1), None):
            raise BrokenPlugin(f"{double} is declared twice among its {what}")
    tabs = {(panel.target, panel.name) for one in others for panel in one.panels}
    commands = {str(command.name) for one in others for command in one.commands}
    for panel in declared.panels:
        if (panel.target, panel.name) in tabs:
            raise BrokenPlugin(f"the tab {panel.name} on {panel.target} is taken by another module")
    for command in declared.commands:
        if str(command.name) in commands:
            raise BrokenPlugin(f"the command {command.name} is taken by another module")
