"""What people add to the program."""

from flask import Blueprint

from core.access.permissions import Permission
from core.agenda.sources import AgendaSource
from core.hooks import answers
from core.language import _
from core.people import agenda, pages
from core.resource.declaration import Resource


@answers
def resources() -> list[Resource]:
    return [pages.people, pages.households, pages.relationships, pages.isee_certificates, pages.tags]


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]


@answers
def permissions() -> list[Permission]:
    return [Permission("households.change-members", _("Households: change the members"))]


@answers
def role_presets() -> dict[str, list[str]]:
    seen = ["people.see", "households.see", "relationships.see", "tags.see"]
    kept = [
        *seen, "people.add", "people.change", "people.import", "people.export", "people.activate",
        "households.add", "households.import", "households.export", "households.change-members",
        "relationships.add", "relationships.import", "relationships.export", "relationships.end",
    ]  # fmt: skip
    states = ["people.archive", "people.mark-deceased", "people.reactivate"]
    isee = [f"isee-certificates.{verb}" for verb in ("see", "add", "import", "verify", "resolve-omissions")]
    return {
        "org_manager": ["people.*", "households.*", "relationships.*", "isee-certificates.*", "tags.*"],
        "operator": [*kept, *states, *isee],
        "municipal": [*kept, *states, *isee],
        "case_manager": [*kept, "isee-certificates.see"],
        "facilitator": kept,
        "accountant": ["people.see", "households.see"],
    }


@answers
def agenda_sources() -> list[AgendaSource]:
    return [AgendaSource("people.isee", _("ISEE"), agenda.isee_expiries, "isee-certificates.see")]
