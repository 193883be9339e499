"""What access adds to the program: its pages, the core's own permissions, and what roles may do at first."""

from flask import Blueprint

from core.access.pages import pages
from core.access.permissions import Permission
from core.hooks import answers
from core.language import _

REGISTRIES = ("people", "households", "relationships", "isee-certificates")


@answers
def blueprints() -> list[Blueprint]:
    return [pages]


@answers
def permissions() -> list[Permission]:
    return [
        Permission("core.members", _("Members: add, change roles, remove")),
        Permission("core.roles", _("Roles: choose what each may do")),
        Permission("core.modules", _("Modules: switch on and off")),
        Permission("core.partner", _("Own organisation: change name, language and links")),
        Permission("core.audit", _("Audit trail: read")),
        Permission("core.partners", _("Partners of the network: register and change")),
        Permission("core.network", _("Installation: health and installed modules")),
    ]


@answers
def role_presets() -> dict[str, list[str]]:
    everything = [f"{name}.*" for name in REGISTRIES]
    daily = [
        *(f"{name}.{verb}" for name in REGISTRIES for verb in ("see", "add", "change")),
        "people.import", "people.export", "households.import", "households.export",
    ]  # fmt: skip
    names = ["people.see", "households.see", "relationships.see"]
    return {
        "sysadmin": ["core.*"],
        "org_manager": ["core.members", "core.roles", "core.modules", "core.partner", "core.audit", *everything],
        "operator": daily,
        "municipal": daily,
        "case_manager": daily,
        "facilitator": [*names, "people.add", "people.change"],
        "committee": [],
        "accountant": names,
        "auditor": [],
    }
