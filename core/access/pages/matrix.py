"""The permission matrix: what each role may do at my partner."""

from dataclasses import dataclass
from itertools import groupby

from flask import current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access import roles
from core.access.members import GIVEN_ROLES
from core.access.models import Role
from core.access.pages.blueprint import pages, say
from core.access.permissions import Permission, fresh_sign_in, requires
from core.language import Words, _, plural


@dataclass(frozen=True)
class Box:
    """One checkbox of the matrix."""

    role: Role
    ticked: bool
    fixed: bool
    differs: bool


Line = tuple[Permission, list[Box]]


@pages.get("/roles")
@requires("core.roles")
def matrix() -> str:
    """Every permission that concerns my partner, by module, with a box for each role."""
    return render_template("access/roles.html", groups=_groups(), roles=GIVEN_ROLES)


@pages.post("/roles")
@fresh_sign_in
@requires("core.roles")
def save_matrix() -> Response:
    """Keep what differs from the presets."""
    ticked = {tuple(value.split(":", 1)) for value in request.form.getlist("allowed") if ":" in value}
    offered = {permission.key for permission in _offered()}
    shown = [key for key in request.form.getlist("shown") if key in offered]
    changed = roles.save_matrix(g.session, ticked, shown=shown, rights=_rights())  # type: ignore[arg-type]
    say(plural("%(n)s permission changed.", "%(n)s permissions changed.", changed))
    return redirect("/roles", 303)


def _groups() -> list[tuple[Words, list[Line]]]:
    """Title of a module → its permissions; the core's come first."""
    rights, differing = _rights(), roles.deviations(g.session)
    order = sorted(_offered(), key=lambda one: rights.declared[one.key])
    return [
        (
            rights.titles.get(module, module) if module else _("Core"),
            [(permission, _boxes(permission.key, differing)) for permission in of_module],
        )
        for module, of_module in groupby(order, key=lambda one: rights.declared[one.key])
    ]


def _boxes(permission: str, differing: roles.Deviations) -> list[Box]:
    presets = _rights().presets
    return [
        Box(
            role,
            ticked=(ticked := roles.allows(role, permission, presets, differing)),
            fixed=roles.is_fixed(role, permission, presets),
            differs=ticked != roles.has_preset(role, permission, presets),
        )
        for role in GIVEN_ROLES
    ]


def _offered() -> list[Permission]:
    """The permissions of the core and of modules that are on, without those that concern the network alone."""
    rights = _rights()
    return [
        one
        for one in rights.permissions
        if (not rights.declared[one.key] or rights.declared[one.key] in g.scope.modules)
        and not all(roles.is_fixed(role, one.key, rights.presets) for role in GIVEN_ROLES)
    ]


def _rights() -> roles.Rights:
    found: roles.Rights = current_app.extensions["rights"]
    return found
