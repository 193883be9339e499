"""The catalogue of modules, a partner's and the network's, as the core's own answers."""

from flask import Blueprint

from core.hooks import answers
from core.language import _
from core.modules.pages import network_pages, partner_pages
from core.web.links import MenuItem


@answers
def blueprints() -> list[Blueprint]:
    return [partner_pages, network_pages]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Modules of the network"), "/network/modules", "plug", "core.network")]
