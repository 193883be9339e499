"""What the rights of the person add to the program."""

from flask import Blueprint

from core.access.permissions import Permission
from core.database.merging import OnMerge, PersonReference
from core.documents.declaration import DocumentKind
from core.hooks import answers
from core.language import _
from core.resource.declaration import Resource
from core.resource.panels import RecordPanel
from core.rights import pages
from core.web.links import MenuItem


@answers
def resources() -> list[Resource]:
    return [pages.erasures]


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Erasures"), "/erasures", "delete", "erasures.see")]


@answers
def panels() -> list[RecordPanel]:
    return [RecordPanel("people", "rights", _("Data rights"), "rights/person.html", pages.rights_of, pages.USE)]


@answers
def documents() -> list[DocumentKind]:
    return [DocumentKind(pages.PDF, _("Data of a person"), "", "export.typ", pages.pdf_values, pages.USE)]


@answers
def permissions() -> list[Permission]:
    return [Permission(pages.USE, _("Rights of the person: give a copy, restrict, erase"))]


@answers
def role_presets() -> dict[str, list[str]]:
    return {"org_manager": [pages.USE, "erasures.*"]}


@answers
def person_references() -> list[PersonReference]:
    return [PersonReference("rights_restriction", "person_id", _("Restrictions of data"), OnMerge.MOVE_UNLESS_THERE)]
