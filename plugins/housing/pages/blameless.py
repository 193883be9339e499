"""The checklist of blameless arrears of one lease: filled in, shown, and kept with its day when wanted."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.api import Facts, NotFound, Panel, Resource, _, open_form, requires, today
from plugins.housing.blameless_forms import BlamelessForm, LeaseBlamelessForm
from plugins.housing.models import BlamelessCheck, Lease
from plugins.housing.rules.blameless import Met
from plugins.housing.services import blameless

blameless_pages = Blueprint("housing-blameless", __name__, url_prefix="/m/housing")


@blameless_pages.route("/leases/<uuid:key>/blameless", methods=["GET", "POST"])
@requires("housing.blameless-checks.add")
def check(key: UUID) -> str | BaseResponse | tuple[str, int]:
    """What is known and what is still to be asked; nothing is written until it is kept."""
    lease = g.session.get(Lease, key)
    if lease is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    form: Any = open_form(BlamelessForm, g.session, g.collections, formdata=request.form or None)
    valid = request.method == "GET" or form.validate()
    told = blameless.situation_of(g.session, lease, on=today(), **(form.values() if valid else {}))
    if valid and request.form.get("do") == "keep":
        kept = blameless.keep_check(g.session, lease, told)
        return redirect(f"/m/housing/blameless-checks/{kept.id}", 303)
    conditions, caps = blameless.examine(g.session, told)
    page = render_template(
        "housing/blameless.html", lease=lease, form=form, conditions=conditions, caps=caps, told=told
    )
    return page if valid else (page, 422)


def conditions_of(session: Any, kept: BlamelessCheck) -> dict[str, Any]:
    """The conditions as they were on the day."""
    return {"conditions": [{**one, "met": Met(one["met"])} for one in kept.conditions]}


blameless_checks = Resource(
    BlamelessCheck,
    name="blameless-checks",
    title=_("Blameless arrears"),
    singular=_("Checklist of blameless arrears"),
    columns=["made_on", "lease", "standing", "cause", "debt", "made_by"],
    filters=["standing", "made_on"],
    search=["lease.number"],
    form=LeaseBlamelessForm,
    order="-made_on",
    create=blameless.keep_check_of,
    panels=[
        Facts("lease", "made_on", "made_by", "standing", "cause", title=_("Checklist of blameless arrears")),
        Panel(_("Conditions"), "housing/conditions.html", conditions_of, special=("conditions",)),
        Facts("debt", "settling", "deferring", "most", title=_("Caps of the fund")),
    ],
    in_menu=False,
    icon="check-circle",
    sentence=_("Which conditions of the fund are met: a checklist for the office, never a decision."),
)  # fmt: skip
