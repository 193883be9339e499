"""The page that asks what special data are read for, before they are shown."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import requires
from core.access.returning import safe_next
from core.language import _
from core.refusals import NotFound, Refusal
from core.resource.forms import open_form
from core.resource.pages import find
from core.special import services
from core.special.forms import PurposeForm
from core.special.reading import READ, special_fields, subject_of

pages = Blueprint("special", __name__, url_prefix="/purpose")


@pages.route("/<name>/<uuid:key>", methods=["GET", "POST"])
@requires(READ)
def ask(name: str, key: UUID) -> str | BaseResponse | tuple[str, int]:
    """The question, and on a post the way back to what was to be read."""
    record, collection = _record(name, key)
    back = safe_next(request.args.get("next")) if request.args.get("next") else collection.address(record)
    form = open_form(PurposeForm, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        try:
            services.tell_purpose(g.session, subject_of(record).key, **form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(back, 303)
    labels = [column.info["label"] for column in _columns(record)]
    page = render_template(
        "special/ask.html", form=form, record=record, collection=collection, back=collection.address(record),
        labels=labels, minutes=services.minutes(g.session),
    )  # fmt: skip
    return (page, 422) if form.errors or form.form_errors else page


def _record(name: str, key: UUID) -> tuple[Any, Any]:
    """The record of an address, for who may see it and where there is something special in it."""
    collection = next((one for one in g.collections if one.key == name), None)
    if collection is None or not collection.special or not g.scope.may(collection.may("see")):
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    return find(collection, key), collection


def _columns(record: Any) -> list[Any]:
    return [one for one in record.__table__.columns if one.key in special_fields(type(record))]
