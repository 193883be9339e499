"""The page where sharing is done: requests to answer and sent, shares given and taken, emergencies."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request

from core.access.permissions import requires
from core.database.field import now
from core.partners.services import all_partners
from core.resource.forms import open_form
from core.sharing import queries
from core.sharing.forms import AskForm

pages = Blueprint("sharing", __name__, url_prefix="/sharing")


@pages.get("")
@requires("shares.see")
def desk() -> str:
    """What waits for an answer, and who sees whom today."""
    partner = request.args.get("partner", type=UUID)
    others = [one for one in all_partners(g.session) if one.active and one.id != g.scope.partner_id]
    return render_template(
        "sharing/desk.html", desk=queries.desk(g.session, partner=partner, at=now()), partner=partner, others=others,
        links=_links(), may=g.scope.may,
    )  # fmt: skip


def _links() -> list[dict[str, Any]]:
    """The whole lists, with their filters and exports."""
    names = ("shares", "share-requests", "emergencies", "privacy-notices")
    found = (g.collections[name] for name in names)
    return [{"label": one.resource.title, "url": one.url} for one in found if g.scope.may(one.may("see"))]


@pages.post("/ask")
@requires("share-requests.add")
def ask() -> str:
    """The form that asks, with the codice fiscale that was typed elsewhere: it never stands in an address."""
    g.session.rollback()  # the form that sent it here is not done yet: its one-time key stays good
    g.once = ""
    typed = request.form.get("codice_fiscale", "").strip()
    form = open_form(AskForm, g.session, g.collections)
    form["codice_fiscale"].data = typed
    return render_template("sharing/ask.html", form=form, collection=g.collections["share-requests"])
