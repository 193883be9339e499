"""The catalogue of modules for a partner's responsible person: see, preview, switch."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access.permissions import requires
from core.language import _
from core.modules import switching
from core.modules.plans import plan_of
from core.partners.models import ModuleSwitch
from core.partners.services import switch_off
from core.refusals import NotFound
from core.web.installed import installation

if TYPE_CHECKING:
    from core.plugins.installation import Installation

pages = Blueprint("modules", __name__, url_prefix="/modules")


@pages.get("")
@requires("core.modules")
def catalogue() -> str:
    """Every installed module, on, off or broken."""
    switches = {switch.key: switch for switch in g.session.scalars(select(ModuleSwitch))}
    return render_template(
        "modules/catalogue.html", plugins=list(installation().plugins.values()), switches=switches,
        titles=installation().titles(), network=g.scope.may("core.network"),
    )  # fmt: skip


@pages.get("/<key>")
@requires("core.modules")
def preview(key: str) -> str:
    """What switching this module the other way would change; nothing is changed yet."""
    plan = plan_of(g.session, installation(), _working(installation(), key), g.scope.modules)
    return render_template("modules/plan.html", plan=plan)


@pages.post("/<key>/on")
@requires("core.modules")
def turn_on(key: str) -> Response:
    """Run the module for this partner, from the next page on."""
    house = installation()
    switching.turn_on(g.session, house, _working(house, key))
    flash(str(_("%(module)s is on.", module=house.titles()[key])), "success")
    return redirect("/modules", 303)


@pages.post("/<key>/off")
@requires("core.modules")
def turn_off(key: str) -> Response:
    """Stop running the module for this partner; every row stays."""
    house = installation()
    if key not in house.plugins:
        raise _unknown()
    gone = switch_off(g.session, key, requirements=house.requirements())
    names = ", ".join(str(house.titles().get(one, one)) for one in sorted(gone))
    flash(str(_("%(modules)s: off. The data are kept.", modules=names or key)), "success")
    return redirect("/modules", 303)


def _working(house: "Installation", key: str) -> str:
    if key not in house.plugins or not house.plugins[key].works:
        raise _unknown()
    return key


def _unknown() -> NotFound:
    return NotFound(_("There is no such module here."))
