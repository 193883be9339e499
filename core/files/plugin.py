"""What attachments add to the program."""

from flask import Blueprint

from core.access.permissions import Permission
from core.database.merging import PersonReference
from core.files.pages import pages
from core.hooks import answers
from core.language import _


@answers
def blueprints() -> list[Blueprint]:
    return [pages]


@answers
def permissions() -> list[Permission]:
    return [
        Permission("files.see", _("Attachments: open")),
        Permission("files.add", _("Attachments: add")),
        Permission("files.remove", _("Attachments: remove")),
    ]


@answers
def role_presets() -> dict[str, list[str]]:
    kept = ["files.see", "files.add", "files.remove"]
    return {
        "org_manager": kept,
        "operator": kept,
        "municipal": kept,
        "case_manager": kept,
        "facilitator": kept,
        "accountant": kept,
        "committee": ["files.see"],
    }


@answers
def person_references() -> list[PersonReference]:
    return [PersonReference("files_attachment", "entity_id", _("Attachments"), only=("entity", "people_person"))]
