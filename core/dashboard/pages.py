"""Home, the two declarations that public bodies owe, and the state of the service."""

import logging
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template
from markupsafe import Markup
from sqlalchemy import select, text
from werkzeug.wrappers import Response

from core.access.permissions import public, signed_in
from core.dashboard.cards import Card
from core.database import faults
from core.database.session import is_away
from core.database.trail import Change
from core.language import Words, _
from core.partners.models import Partner
from core.partners.services import missing_addresses
from core.web.installed import installation
from core.web.links import Link

log = logging.getLogger("generazioni.pages")
pages = Blueprint("dashboard", __name__)
RECENT = 8


@pages.get("/")
@signed_in
def home() -> str:
    """What this visitor can do here, and what they worked on last."""
    modules = [
        Link(p.title, door, p.manifest.icon)
        for p in installation().working()
        if p.key in g.scope.modules and (door := _door_of(p))
    ]
    registries = [
        Link(c.resource.title, c.url, c.resource.icon)
        for c in installation().collections.of_plugin("")
        if c.resource.in_menu and g.scope.may(c.may("see"))
    ]
    return render_template(
        "dashboard/home.html", modules=modules, registries=registries, cards=_cards(), recent=_recent(),
        may_switch=g.scope.may("core.modules"), missing=_missing(),
    )  # fmt: skip


def _missing() -> list[Words]:
    """What the partner owes the public and has not linked, for who can mend it."""
    if not g.scope.may("core.partner") or g.visitor.partner_id is None:
        return []
    return missing_addresses(g.session.get_one(Partner, g.visitor.partner_id))


def _door_of(plugin: Any) -> str:
    """Where this visitor enters a module: its own page, or the first thing of it that they may see; else nowhere."""
    items = sorted(plugin.declared.menu_items, key=lambda item: item.url != plugin.manifest.url)
    doors = [item.url for item in items if not item.permission or g.scope.may(item.permission)]
    lists = (one for one in installation().collections.of_plugin(plugin.key) if one.resource.in_menu)
    doors += [one.url for one in lists if g.scope.may(one.may("see"))]
    return doors[0] if doors else ""


def _cards() -> list[dict[str, Any]]:
    offered = [
        (module, card) for module, declared in installation().declarations() if not module or module in g.scope.modules
        for card in declared.dashboard_cards if g.scope.may(card.permission)
    ]  # fmt: skip
    return [_drawn(module, card) for module, card in offered]


def _drawn(module: str, card: Card) -> dict[str, Any]:
    """A card, or a notice in its place when it fails: the home page opens all the same."""
    try:
        with faults.watching(module, f"card {card.template}"), g.session.begin_nested():
            html = render_template(card.template, **card.load(g.session))
        return {"title": card.title, "html": Markup(html)}  # noqa: S704  a template of ours
    except Exception as error:  # one card that fails must not take the home page with it
        if is_away(error):
            raise
        log.exception("the card %s failed", card.template)
        return {"title": card.title, "html": None}


def _recent() -> list[dict[str, Any]]:
    """What this visitor changed last, with a way back to it."""
    mine = select(Change).where(Change.user_id == g.scope.user_id).order_by(Change.sequence.desc()).limit(40)
    found: dict[Any, dict[str, Any]] = {}
    for change in g.session.scalars(mine):
        if change.entity_id not in found and (line := _line_of(change)):
            found[change.entity_id] = line
        if len(found) == RECENT:
            break
    return list(found.values())


def _line_of(change: Change) -> dict[str, Any] | None:
    """A record that was changed, when it may still be seen and its module can say what it is called."""
    collection = g.collections.by_table(change.entity)
    on = collection and (not collection.plugin or collection.plugin in g.scope.modules)
    if not on or not g.scope.may(collection.may("see")):
        return None
    try:
        record = g.session.get(collection.resource.model, change.entity_id)
        if record is None:
            return None
        label, url = str(record), collection.address(record)
    except Exception as error:  # one record that fails must not take the home page with it
        if is_away(error):
            raise
        log.exception("a record of %s cannot say what it is called", collection.key)
        return None
    meta = f"{collection.resource.singular} · {change.act.label}"
    return {"label": label, "url": url, "meta": meta, "day": change.at.date()}


@pages.get("/accessibility")
@public
def accessibility() -> str | Response:
    """The accessibility declaration: the partner's own, or what the program can say of itself."""
    return _declaration("accessibility_url") or render_template("dashboard/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> str | Response:
    """The privacy notice: the partner's own, or what the program can say of itself."""
    return _declaration("privacy_url") or render_template("dashboard/privacy.html")


def _declaration(column: str) -> Response | None:
    partner = g.session.get(Partner, g.visitor.partner_id) if g.visitor and g.visitor.partner_id else None
    address = getattr(partner, column, "") if partner else ""
    return redirect(address, 302) if address else None


@pages.get("/status")
@public
def status() -> str:
    """Whether each part works, in words; strangers see no names of modules."""
    g.session.execute(text("select 1"))
    broken = [p for p in installation().plugins.values() if not p.works] if g.visitor else []
    embedded = current_app.config["SETTINGS"].embedded
    return render_template("dashboard/status.html", broken=broken, embedded=embedded, title=_("State of the service"))


@pages.get("/healthz")
@public
def alive() -> str:
    """Whether the process answers; no database is asked."""
    return "ok"


@pages.get("/readyz")
@public
def ready() -> str:
    """Whether the database answers too; 503 when it does not."""
    g.session.execute(text("select 1"))
    return "ok"


alive.stands_alone = True  # type: ignore[attr-defined]
