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
    groups = []
    for collection in g.collections:
        seen = not collection.plugin or collection.plugin in g.scope.modules
        if seen and collection.resource.search and g.scope.may(collection.may("see")):
            found = lookup.find(g.session, collection, text)[: EACH + 1]
            if found:
                groups.append({"collection": collection, "found": found[:EACH], "more": len(found) > EACH})
    return groups
