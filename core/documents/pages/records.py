"""A record's documents: the card on its page, drafts, issuing, and the bytes of what was issued."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import requires
from core.database.merging import keys_of
from core.documents import services
from core.documents.declaration import Declared, declared, kinds_on
from core.documents.models import IssuedDocument
from core.language import LANGUAGES, _
from core.partners.models import Partner
from core.refusals import NotFound, Refusal
from core.resource import endpoints, lookup
from core.resource.collections import Collection, Collections

log = logging.getLogger("generazioni.documents")
Bound = Callable[..., Any]
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def blueprint_for(module: str, collections: Collections) -> Blueprint:
    """The pages and endpoints of one module's documents, or of the core's under an empty key."""
    blueprint = Blueprint(_blueprint(module), __name__)
    for one in declared():
        if one.module == module and one.kind.on in collections:
            _add(blueprint, one, collections[one.kind.on])
    for collection in collections.of_plugin(module):
        if kinds_on(collection.key):
            view = _bind(partial(listed, collection), f"{collection.key}.documents", collection.may("see"))
            endpoint = f"{collection.resource.name}-documents"
            blueprint.add_url_rule(f"{collection.api_url}/<uuid:key>/documents", endpoint, view)
    return blueprint


def _add(blueprint: Blueprint, one: Declared, collection: Collection) -> None:
    kind, place = one.kind, f"<uuid:key>/documents/{one.kind.name}"
    page, api = f"{collection.url}/{place}", f"{collection.api_url}/{place}"
    for rule, name, view, permission, methods in (
        (page, "issue", issue_page, kind.to_issue, ["GET", "POST"]),
        (f"{page}/draft.pdf", "draft", draft_page, kind.permission, ["GET"]),
        (f"{page}/<uuid:document>.pdf", "bytes", issued_page, kind.permission, ["GET"]),
        (api, "api-draft", draft_page, kind.permission, ["GET"]),
        (api, "api-issue", issued_by_program, kind.to_issue, ["POST"]),
        (f"{api}/<uuid:document>.pdf", "api-bytes", issued_page, kind.permission, ["GET"]),
    ):
        bound = _bind(partial(view, one, collection), f"{kind.key}.{name}", permission)
        blueprint.add_url_rule(rule, f"{collection.resource.name}-{kind.name}-{name}", bound, methods=methods)


def _bind(view: Bound, name: str, permission: str) -> Bound:
    def bound(**values: Any) -> Any:
        return view(**values)

    bound.__module__, bound.__qualname__ = __name__, name
    return requires(permission)(bound)


def card_of(collection: Collection, record: Any) -> dict[str, Any] | None:
    """What the card of a record shows: the documents that make sense now, and those already issued."""
    kinds = _kinds(collection)
    if not kinds:
        return None
    offered = [
        {
            "label": one.kind.label, "draft": _address(collection, record, one, "draft.pdf"),
            "issue": _address(collection, record, one) if g.scope.may(one.kind.to_issue) else "",
        }
        for one in kinds if _makes_sense(one, record)
    ]  # fmt: skip
    names = {one.kind.key: one for one in kinds}
    issued = [
        {"document": line, "url": _address(collection, record, names[line.kind], f"{line.id}.pdf")}
        for line in services.issued_of(g.session, record) if line.kind in names
    ]  # fmt: skip
    return {"offered": offered, "issued": issued} if offered or issued else None


def _kinds(collection: Collection) -> list[Declared]:
    """The documents of a collection's records whose module serves the partner and that the visitor may see."""
    return [
        one for one in kinds_on(collection.key)
        if (not one.module or one.module in g.scope.modules)
        and _blueprint(one.module) in current_app.blueprints and g.scope.may(one.kind.permission)
    ]  # fmt: skip


def _blueprint(module: str) -> str:
    return f"documents-{module or 'core'}"


def _makes_sense(one: Declared, record: Any) -> bool:
    """Whether the document is offered now; a condition that fails takes its own line away, not the page."""
    try:
        return bool(one.kind.when(record))
    except Exception:
        log.exception("whether %s makes sense could not be told", one.kind.key)
        return False


def _address(collection: Collection, record: Any, one: Declared, *rest: str) -> str:
    return collection.address(record, "documents", one.kind.name, *rest)


def issue_page(one: Declared, collection: Collection, key: UUID) -> str | BaseResponse | tuple[str, int]:
    """Ask before a number is taken; on a post issue the document and go back to the record."""
    record = _record(collection, key, one.kind.permission)
    services.refuse_untimely(one, record)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            with g.session.begin_nested():
                issued = services.issue(
                    g.session, one, record, folder=current_app.config["SETTINGS"].uploads, language=_language()
                )
        except Refusal as refusal:
            refused = refusal
        else:
            flash(str(_("%(document)s is issued with number %(number)s.", document=issued.label, number=issued)))
            return redirect(collection.address(record), 303)
    page = render_template(
        "documents/issue.html", collection=collection, record=record, kind=one.kind, languages=LANGUAGES,
        before=services.last_issued(g.session, one, record), refused=refused, back=collection.address(record),
        draft=_address(collection, record, one, "draft.pdf"), language=_language() or _own_language(),
    )  # fmt: skip
    return (page, 422) if refused else page


def draft_page(one: Declared, collection: Collection, key: UUID) -> Response:
    """The draft: seen, not kept."""
    record = _record(collection, key, one.kind.permission)
    made = services.draft(g.session, one, record, language=_language())
    return pdf_answer(made, f"{one.kind.name}-{_('draft')}.pdf")


def issued_page(one: Declared, collection: Collection, key: UUID, document: UUID) -> Response:
    """The very bytes of an issued document."""
    record = _record(collection, key, one.kind.permission)
    wanted = select(IssuedDocument).where(
        IssuedDocument.id == document,
        IssuedDocument.kind == one.kind.key,
        IssuedDocument.entity_id.in_(keys_of(record)),
    )
    issued = g.session.scalars(wanted).first()
    if issued is None:
        raise _nothing()
    made = services.bytes_of(issued, folder=current_app.config["SETTINGS"].uploads)
    return pdf_answer(made, issued.attachment.name)


def issued_by_program(one: Declared, collection: Collection, key: UUID) -> Response:
    """Issue over the API: 201, and where the bytes are."""
    return endpoints.answer_once(partial(_issue_for_program, one), collection, {"key": key})


def _issue_for_program(one: Declared, collection: Collection, key: UUID) -> Response:
    record = _record(collection, key, one.kind.permission)
    sent = endpoints.body_sent()
    if unknown := sorted(set(sent) - {"language"}):
        raise Refusal(_("There is no field %(name)s here.", name=unknown[0]), field=unknown[0])
    issued = services.issue(
        g.session, one, record, folder=current_app.config["SETTINGS"].uploads, language=_known(sent.get("language", ""))
    )
    return endpoints.say(
        _told(collection, issued, one.kind.name), 201, Location=_file(collection, issued, one.kind.name)
    )


def listed(collection: Collection, key: UUID) -> Response:
    """What can be made of a record now, and what was issued of it."""
    record = _record(collection, key, collection.may("see"))
    offered = [one for one in _kinds(collection) if _makes_sense(one, record)]
    kinds = {one.kind.key: one.kind.name for one in _kinds(collection)}
    return endpoints.say({
        "kinds": [{"name": one.kind.name, "label": str(one.kind.label)} for one in offered],
        "issued": [
            _told(collection, line, kinds[line.kind])
            for line in services.issued_of(g.session, record) if line.kind in kinds
        ],
    })  # fmt: skip


def _told(collection: Collection, issued: IssuedDocument, name: str) -> dict[str, Any]:
    return {
        "id": str(issued.id), "name": name, "number": issued.number, "label": issued.label,
        "issued_on": issued.issued_on.isoformat(), "issued_by": issued.issued_by, "language": issued.language,
        "sha256": issued.sha256, "replaces": issued.replaces or None, "file": _file(collection, issued, name),
    }  # fmt: skip


def _file(collection: Collection, issued: IssuedDocument, name: str) -> str:
    return f"{collection.api_url}/{issued.entity_id}/documents/{name}/{issued.id}.pdf"


def _record(collection: Collection, key: UUID, permission: str) -> Any:
    """The record, within what the visitor may see now; a document may be for who does not open the record."""
    if collection.plugin and collection.plugin not in g.scope.modules:
        raise _nothing()
    record = lookup.by_key(g.session, collection, str(key)) if g.scope.may(permission) else None
    if record is None:
        raise _nothing()
    return record


def _nothing() -> NotFound:
    return NotFound(_("There is no such document here."))


def _language() -> str:
    """The language asked for; nothing when none was, or one that the program does not speak."""
    asked = request.values.get("language", "")
    return asked if asked in LANGUAGES else ""


def _known(language: Any) -> str:
    if language and language not in LANGUAGES:
        raise Refusal(_("Choose one of: %(languages)s.", languages=", ".join(LANGUAGES)), field="language")
    return str(language or "")


def _own_language() -> str:
    partner = g.session.get(Partner, g.scope.partner_id)
    return partner.language if partner else ""


def pdf_answer(made: bytes, name: str) -> Response:
    """A PDF as a page's answer, kept by no cache on the way."""
    response = Response(made, content_type="application/pdf", headers=PRIVATE)
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
