"""One search over every collection that the visitor may see and whose module is on."""

from typing import Any

from flask import Blueprint, g, render_template, request

from core.access.permissions import signed_in
from core.resource import lookup

pages = Blueprint("search", __name__)
EACH = 8


@pages.get("/search")
@signed_in
def search() -> str:
    """What is called like the words of `q`, by kind; nothing is asked of the database without words."""
    text = request.args.get("q", "").strip()[:200]
    return render_template("search/found.html", text=text, groups=_groups(text) if text else [])


def _groups(text: str) -> list[dict[str, Any]]:
    """One question finds the keys everywhere, then one a kind fetches what is called so."""
    asked = [one for one in g.collections if one.resource.search and _is_seen(one)]
    groups = []
    for collection, keys in lookup.keys_found(g.session, asked, text, most=EACH + 1):
        found = lookup.by_keys(g.session, collection, keys)
        groups.append({"collection": collection, "found": found[:EACH], "more": len(found) > EACH})
    return groups


def _is_seen(collection: Any) -> bool:
    on = not collection.plugin or collection.plugin in g.scope.modules
    return on and g.scope.may(collection.may("see"))
