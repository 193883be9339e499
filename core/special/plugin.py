"""What special data add to the program: the question, its permission, how long an answer holds."""

from flask import Blueprint

from core.access.permissions import Permission
from core.hooks import answers
from core.language import _
from core.parameters.declaration import ParameterKind
from core.special import pages
from core.special.reading import READ
from core.special.services import MINUTES


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]


@answers
def permissions() -> list[Permission]:
    return [Permission(READ, _("Special data: read it after saying what for"))]


@answers
def role_presets() -> dict[str, list[str]]:
    """Roles that need a second factor, and no others: docs/decisions/0009."""
    return {"org_manager": [READ], "municipal": [READ], "case_manager": [READ]}


@answers
def parameters() -> list[ParameterKind]:
    return [
        ParameterKind(
            MINUTES,
            _("Special data: minutes that a purpose holds"),
            "integer",
            help=_("15 while nothing is set, 60 at most"),
            municipal=True,
        )
    ]
