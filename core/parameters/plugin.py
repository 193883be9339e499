"""What parameters add to the program."""

from core.hooks import answers
from core.language import _
from core.parameters import pages
from core.parameters.declaration import ParameterKind
from core.resource.declaration import Resource


@answers
def resources() -> list[Resource]:
    return [pages.own, pages.network]


@answers
def parameters() -> list[ParameterKind]:
    return [
        ParameterKind(
            "legal_interest",
            _("Legal interest"),
            "percent",
            help=_("Percent a year (art. 1284 c.c.), set each December"),
        ),
        ParameterKind(
            "patron_day",
            _("Patron saint's day"),
            "text",
            help=_("Day and month, as 08/05: a holiday in the municipality's legal terms"),
            municipal=True,
        ),
    ]


@answers
def role_presets() -> dict[str, list[str]]:
    return {
        "sysadmin": ["parameters.*", "network-parameters.*"],
        "org_manager": ["parameters.*", "network-parameters.see", "network-parameters.export"],
        "municipal": ["parameters.*", "network-parameters.see", "network-parameters.export"],
        "accountant": ["parameters.see", "network-parameters.see"],
    }
