"""The catalogue of modules for a partner's responsible person: see, preview, switch."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from core.access.permissions import fresh_sign_in, requires
from core.database.installed import InstalledModule
from core.files.left import MAY_READ, left_behind
from core.language import _
from core.modules import switching
from core.modules.findings import Action
from core.modules.plans import plan_of
from core.partners.models import ModuleSwitch
from core.refusals import NotFound, Refusal
from core.web.installed import installation

if TYPE_CHECKING:
    from core.plugins.installation import Plugin

pages = Blueprint("modules", __name__, url_prefix="/modules")


@pages.get("")
@requires("core.modules")
def catalogue() -> str:
    """Every module that the network installed, on, off or not available just now."""
    switches = {switch.key: switch for switch in g.session.scalars(select(ModuleSwitch))}
    return render_template(
        "modules/catalogue.html", plugins=list(_offered().values()), switches=switches,
        titles=installation().titles(), files_left=_files_left(), network=g.scope.may("core.network"),
    )  # fmt: skip


@pages.get("/<key>")
@requires("core.modules")
def preview(key: str) -> str:
    """What switching this module the other way would change; nothing is changed yet."""
    house = installation()
    on = g.session.scalars(select(ModuleSwitch.enabled).where(ModuleSwitch.key == key)).one_or_none()
    if key not in _offered() and not on:
        raise _unknown()
    plan = plan_of(g.session, house, Action.DISABLE if on else Action.ENABLE, key, _partner())
    return render_template(
        "modules/plan.html", plan=plan, network=False, address="", refused=None, trial=None, by_page=False, command=""
    )


@pages.post("/<key>/on")
@fresh_sign_in
@requires("core.modules")
def turn_on(key: str) -> Response:
    """Run the module for this partner, from the next page on."""
    house = installation()
    _partner()
    if key not in _offered():
        raise _unknown()
    changed, title = switching.turn_on(g.session, house, key), house.titles()[key]
    said = _("%(module)s is on.", module=title) if changed else _("%(module)s was on already.", module=title)
    flash(str(said), "success")
    return redirect("/modules", 303)


@pages.post("/<key>/off")
@fresh_sign_in
@requires("core.modules")
def turn_off(key: str) -> Response:
    """Stop running the module for this partner; every row stays."""
    house = installation()
    _partner()
    known = g.session.scalars(select(ModuleSwitch.id).where(ModuleSwitch.key == key)).one_or_none()
    if key not in house.plugins and known is None:
        raise _unknown()
    gone = switching.turn_off(g.session, house, key)
    names = house.named(sorted(gone or {key}))
    kept = _("%(modules)s: off. The data are kept.", modules=names)
    flash(str(kept if gone else _("%(modules)s was off already.", modules=names)), "success")
    return redirect("/modules", 303)


def _files_left() -> int:
    found = g.session.scalar(select(func.count()).select_from(left_behind(g.session).order_by(None).subquery()))
    return int(found or 0) if g.scope.may(MAY_READ) else 0


def _offered() -> "dict[str, Plugin]":
    """The plugins whose tables are here, and those that the partner has on whatever became of them."""
    there = set(g.session.scalars(select(InstalledModule.key)))
    return {key: plugin for key, plugin in installation().plugins.items() if key in there}


def _partner() -> UUID:
    partner: UUID | None = g.scope.partner_id
    if partner is None:
        raise Refusal(_("Choose a partner first."))
    return partner


def _unknown() -> NotFound:
    return NotFound(_("There is no such module here."))
