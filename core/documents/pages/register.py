"""The register of issued documents, and the letterhead, as lists and record pages show them."""

from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.documents import services
from core.documents.declaration import UnknownKind, declared_as
from core.documents.models import IssuedDocument, Letterhead
from core.language import _
from core.resource import lookup
from core.resource.declaration import Facts, Panel, Resource


def where(session: Session, issued: IssuedDocument) -> dict[str, Any]:
    """The record it was made of and the address of its bytes, for who may open them.

    When its module was purged the record is gone, and the bytes are the file that was kept.
    """
    if session.scalar(select(IssuedDocument.id).where(IssuedDocument.id == issued.id, services.of_purged_module())):
        return {"kept": f"/files/{issued.attachment_id}"}
    collection = g.collections.by_table(issued.entity)
    if collection is None or not g.scope.may(collection.may("see")):
        return {}
    if collection.plugin and collection.plugin not in g.scope.modules:
        return {}
    subject = lookup.present(session, collection, str(issued.entity_id))
    if subject is None:
        return {}
    try:
        name = declared_as(issued.kind).kind.name
    except UnknownKind:
        name = ""
    file = collection.address(subject, "documents", name, f"{issued.id}.pdf") if name else ""
    return {"subject": subject, "address": collection.address(subject), "file": file}


register = Resource(
    IssuedDocument,
    name="documents",
    title=_("Register of documents"),
    singular=_("Issued document"),
    columns=["number", "issued_on", "label", "issued_by", "replaces"],
    filters=["issued_on"],
    search=["number", "label", "issued_by"],
    match=["number"],
    order="-issued_on",
    select=services.visible,
    panels=[
        Facts("number", "label", "issued_on", "issued_by", "replaces", "spoken", "sha256", title=_("In the register")),
        Panel(_("The document"), "documents/where.html", where),
    ],
    icon="file-signed",
    sentence=_("What was issued, with its protocol number; no line is ever changed."),
)

letterheads = Resource(
    Letterhead,
    name="letterheads",
    title=_("Letterhead"),
    singular=_("Letterhead"),
    columns=["address", "contacts", "place", "signed_as", "signed_by"],
    form=["address", "contacts", "place", "signed_as", "signed_by"],
    create=services.write_letterhead,
    amend=services.change_letterhead,
    icon="pencil",
    in_menu=False,
    sentence=_("What stands at the head and at the foot of the documents that your organisation issues."),
)
