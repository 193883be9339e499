"""One search over every collection that the visitor may see and whose module is on."""

import logging
from typing import Any

from flask import Blueprint, g, render_template, request

from core.access.permissions import signed_in
from core.database.faults import watching
from core.database.session import is_away
from core.resource import lookup
from core.web.links import Link

log = logging.getLogger("generazioni.pages")
pages = Blueprint("search", __name__)
EACH = 8


@pages.get("/search")
@signed_in
def search() -> str:
    """What is called like the words of `q`, by kind; nothing is asked of the database without words."""
    text = request.args.get("q", "").strip()[:200]
    asked = [one for one in g.collections if one.resource.search and _is_seen(one)] if text else []
    found, missing = _keys(asked, text)
    groups = [_group(collection, keys) for collection, keys in found]
    missing += [collection for (collection, _keys), group in zip(found, groups, strict=True) if group is None]
    return render_template(
        "search/found.html", text=text, groups=[group for group in groups if group],
        missing=[collection.resource.title for collection in missing],
    )  # fmt: skip


def _keys(asked: list[Any], text: str) -> tuple[list[Any], list[Any]]:
    """One question finds the keys everywhere; when it fails, each collection is asked alone, to know which."""
    found, failed = _tried(asked, text)
    if not failed:
        return found, []
    each = [_tried([one], text) for one in asked]
    return [hit for hits, _failed in each for hit in hits], [one for _hits, failed in each for one in failed]


def _tried(asked: list[Any], text: str) -> tuple[list[Any], list[Any]]:
    try:
        # Together they are one question of nobody in particular; alone each is its module's.
        module = asked[0].plugin if len(asked) == 1 else ""
        with watching(module, f"search {asked[0].key}" if module else "search"), g.session.begin_nested():
            return lookup.keys_found(g.session, asked, text, most=EACH + 1), []
    except Exception as error:  # one module that fails must not take the search with it
        if is_away(error):
            raise
        log.exception("the search failed in %s", ", ".join(one.key for one in asked))
        return [], asked


def _group(collection: Any, keys: list[Any]) -> dict[str, Any] | None:
    """What was found of one kind, in words; None when its module fails to say it."""
    try:
        with watching(collection.plugin, f"search {collection.key}"), g.session.begin_nested():
            found = lookup.by_keys(g.session, collection, keys)
            shown = [Link(str(record), collection.address(record)) for record in found[:EACH]]
    except Exception as error:  # the same
        if is_away(error):
            raise
        log.exception("what was found in %s cannot be shown", collection.key)
        return None
    return {"collection": collection, "found": shown, "more": len(found) > EACH}


def _is_seen(collection: Any) -> bool:
    on = not collection.plugin or collection.plugin in g.scope.modules
    return on and g.scope.may(collection.may("see"))
