"""What a lookup offers while somebody types in it: the same list that its button brings, without the page."""

import re

from flask import g, render_template, request

from core.language import _
from core.refusals import NotFound
from core.resource import lookup
from core.resource.collections import Collection

FIELD = re.compile(r"[\w-]+")


def lookup_page(collection: Collection) -> str | tuple[str, int]:
    """The offers for what stands in the box of the field that the address names, the latest records for an empty one.

    Who has just come into a box that says something keeps what is chosen there.
    """
    name = request.args.get("field", "")
    if not FIELD.fullmatch(name):
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    typed = request.args.get(f"{name}.q", "").strip()
    if typed and "entered" in request.args:
        return "", 204
    if len(typed) == 1:  # too little to search; what was chosen for another text goes
        return ""
    found = lookup.find(g.session, collection, typed) if typed else lookup.latest(g.session, collection)
    can_add = "add" in collection.verbs and g.scope.may(collection.may("add"))
    add = collection if can_add else None
    return render_template("resource/offers.html", id=name, name=name, typed=typed, found=found, chosen="", add=add)
