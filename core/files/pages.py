"""Sending, fetching and removing attachments; each time the record they hang on is asked for again."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, send_file
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import requires
from core.config import Settings
from core.database.scope import scope_of
from core.files import services
from core.files.forms import AttachForm
from core.files.left import MAY_READ, left_behind
from core.files.models import Attachment
from core.language import _
from core.refusals import Forbidden, NotFound, Refusal
from core.resource import lookup
from core.resource.forms import open_form

pages = Blueprint("files", __name__, url_prefix="/files")

MOST = 500
HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@pages.get("/<uuid:key>")
@requires("files.see")
def download(key: UUID) -> Response:
    """The bytes of an attachment, always as a download that no browser opens in our name."""
    attachment = _attachment(key)
    path = services.path_of(attachment, _folder())
    if not path.is_file():
        raise NotFound(_("%(name)s is missing from the archive: tell the administrator.", name=attachment.name))
    response = send_file(path, mimetype=attachment.content_type, as_attachment=True, download_name=attachment.name)
    response.headers.update(HARMLESS)
    return response


@pages.get("/left")
@requires(MAY_READ)
def left() -> str:
    """The files whose module was purged."""
    return render_template("files/left.html", attachments=list(g.session.scalars(left_behind(g.session).limit(MOST))))


@pages.post("")
@requires("files.add")
def upload() -> BaseResponse | tuple[str, int]:
    """Attach the sent file to the record that the form names."""
    collection, record = _record(request.form.get("entity", ""), request.form.get("entity_id", ""))
    form = open_form(AttachForm, g.session, g.collections, formdata=CombinedMultiDict([request.form, request.files]))
    if form.validate():
        sent: FileStorage = form.file.data
        settings: Settings = current_app.config["SETTINGS"]
        try:
            services.attach(
                g.session,
                record,
                name=sent.filename or "",
                stream=sent.stream,
                category=form.category.data,
                folder=_folder(),
                expires_on=form.expires_on.data,
                largest=settings.upload_limit,
                quota=settings.partner_quota,
                scanner=settings.scanner,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(str(_("The file is attached.")))
            return redirect(collection.address(record), 303)
    return render_template("files/upload.html", collection=collection, **panel_of(g.session, record, form)), 422


@pages.post("/<uuid:key>/remove")
@requires("files.remove")
def remove(key: UUID) -> BaseResponse:
    """Take an attachment away from its record."""
    attachment = _attachment(key)
    collection, record = _record(attachment.entity, str(attachment.entity_id))
    services.detach(g.session, attachment, folder=_folder())
    flash(str(_("%(name)s is removed.", name=attachment.name)))
    return redirect(collection.address(record), 303)


def panel_of(session: Any, record: Any, form: AttachForm | None = None) -> dict[str, Any]:
    """What the template `files/panel.html` shows of a record: its files and a form for one more."""
    scope = scope_of(session)
    return {
        "record": record,
        "attachments": services.attachments_of(session, record),
        "form": form or open_form(AttachForm, session, None),
        "may_add": scope.may("files.add"),
        "may_remove": scope.may("files.remove"),
    }


def _attachment(key: UUID) -> Attachment:
    """The attachment, if the partner has it and the visitor may see the record it hangs on."""
    attachment = g.session.scalars(select(Attachment).where(Attachment.id == key)).first()
    if attachment is None:
        raise _nothing()
    if g.scope.may(MAY_READ) and g.session.scalar(left_behind(g.session).where(Attachment.id == key)) is not None:
        return attachment
    _record(attachment.entity, str(attachment.entity_id))
    return attachment


def _record(table: str, key: str) -> tuple[Any, Any]:
    """A record that takes attachments, with its collection, within what the visitor may see now."""
    collection = g.collections.by_table(table)
    if collection is None or (collection.plugin and collection.plugin not in g.scope.modules):
        raise _nothing()
    record = lookup.by_key(g.session, collection, key)
    if record is None:
        raise _nothing()
    if not g.scope.may(collection.may("see")):
        raise Forbidden(_("You may not see the record this file belongs to."))
    return collection, record


def _nothing() -> NotFound:
    return NotFound(_("There is no such file."))


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].uploads
    return folder
