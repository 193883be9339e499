"""What stands around each page for this visitor: partner, menu, languages."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request

from core import __version__
from core.config import Settings
from core.demo.models import has_demo
from core.language import LANGUAGES, _, current_language
from core.web.links import Link, MenuItem
from core.web.shell import NavLink, NavSection, Shell

if TYPE_CHECKING:
    from core.plugins.installation import Installation

ASKED_EVERY = 60  # seconds
ADMINISTRATION = (
    (_("Own organisation"), "/organisation", "settings", "core.partner"),
    (_("Members"), "/members", "user", "core.members"),
    (_("Roles and permissions"), "/roles", "key", "core.roles"),
    (_("Modules"), "/modules", "plug", "core.modules"),
    (_("Partners"), "/partners", "share", "core.partners"),
)


def shell_of(installation: "Installation", settings: Settings) -> Shell | None:
    """The frame of a signed-in page; None for strangers, who see the plain one.

    Made once a request: every panel and field that is drawn by a template of its own asks for it too.
    """
    if g.get("visitor") is None or "scope" not in g:
        return None
    if "shell" not in g:
        g.shell = _made(installation, settings)
    shell: Shell = g.shell
    return shell


def _made(installation: "Installation", settings: Settings) -> Shell:
    visitor = g.visitor
    others = [
        Link(name, f"/partner?partner={key}", post=True, current=key == visitor.partner_id)
        for key, name in visitor.partners
    ]
    return Shell(
        network_name=settings.network_name,
        version=__version__,
        partner_name=visitor.partner_name,
        partner_choices=others if len(others) > 1 else (),
        user_name=visitor.user_name,
        user_links=[Link(_("My profile"), "/me"), Link(_("Security and access"), "/me/security")],
        language_links=[
            Link(name, f"/language?language={code}", post=True, lang=code)
            for code, name in LANGUAGES.items()
            if code != current_language()
        ],
        nav=list(_sections(installation)),
        homes={
            plugin.key: Link(item.label, item.url)
            for plugin in _modules(installation)
            if (item := _home_of(plugin)) is not None
        },
        search_url="/search",
        sign_out_url="/sign-out",
        demo=_is_demo(),
        viewing=g.viewing.label if g.get("viewing") else "",
    )


def _is_demo() -> bool:
    """Whether pages say that the records are invented; asked once a minute, for it hardly ever changes."""
    asked_at, answer = current_app.extensions.get("demo", (float("-inf"), False))
    if time.monotonic() - asked_at >= ASKED_EVERY:
        answer = has_demo(g.session)
        current_app.extensions["demo"] = (time.monotonic(), answer)
    return bool(answer)


def _sections(installation: "Installation") -> Iterator[NavSection]:
    yield NavSection("", [_line(_("Home"), "/", "pa"), _line(_("Agenda"), "/agenda", "calendar")])
    registries = list(_collections(installation, ""))
    if registries:
        yield NavSection(_("Registries"), registries)
    modules = [line for plugin in _modules(installation) for line in _module_lines(installation, plugin)]
    if modules:
        yield NavSection(_("Modules"), modules)
    administration = [_line(label, url, icon) for label, url, icon, needed in ADMINISTRATION if g.scope.may(needed)]
    administration += [_line(m.label, m.url, m.icon) for declared in installation.core.values()
                       for m in declared.menu_items if not m.permission or g.scope.may(m.permission)]  # fmt: skip
    if administration:
        yield NavSection(_("Administration"), administration)


def _collections(installation: "Installation", module: str) -> Iterator[NavLink]:
    for collection in installation.collections.of_plugin(module):
        if collection.resource.in_menu and g.scope.may(collection.may("see")):
            yield _line(collection.resource.title, collection.url, collection.resource.icon)


def _modules(installation: "Installation") -> list[Any]:
    return [plugin for plugin in installation.working() if plugin.key in g.scope.modules]


def _home_of(plugin: Any) -> MenuItem | None:
    """The module's own page, which its lines stand under; None when there is none or the visitor may not see it."""
    home = next((item for item in plugin.declared.menu_items if item.url == plugin.manifest.url), None)
    return home if home and (not home.permission or g.scope.may(home.permission)) else None


def _module_lines(installation: "Installation", plugin: Any) -> Iterator[NavLink]:
    """The module's page alone until one stands in the module; without such a page all its lines."""
    home = _home_of(plugin)
    lines = [_line(item.label, item.url, item.icon) for item in plugin.declared.menu_items
             if item.url != plugin.manifest.url and (not item.permission or g.scope.may(item.permission))]  # fmt: skip
    lines = [*_collections(installation, plugin.key), *lines]
    if home is None:
        yield from lines
        return
    inside = f"{request.path}/".startswith(f"{home.url}/")
    here = inside and not any(line.current for line in lines)
    yield NavLink(home.label, home.url, home.icon, current=here, within=lines if inside else ())


def _line(label: Any, url: str, icon: str) -> NavLink:
    here = request.path == url or (url != "/" and request.path.startswith(f"{url}/"))
    return NavLink(label, url, icon, current=here)
