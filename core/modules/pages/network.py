"""Modules for the administrator of the network: what there is, who runs what, and what an action would do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.access.permissions import fresh_sign_in, requires
from core.database.scope import Scope
from core.language import Words, _, plural
from core.modules import queries, services, switching
from core.modules.findings import Action
from core.modules.passport import passport_of
from core.modules.plans import Plan, plan_of, refuse_stopped
from core.modules.trial import Trial
from core.partners.services import all_partners
from core.refusals import NotFound, Refusal
from core.web.installed import installation

pages = Blueprint("network_modules", __name__, url_prefix="/network/modules")
HOME = "/network/modules"
FOR_ONE = {Action.ENABLE, Action.DISABLE}


@pages.get("")
@requires("core.network")
def catalogue() -> str:
    """Every module whose code or tables are here."""
    found = _across(lambda session: (queries.entries(session, installation()), queries.acts(session)))
    return render_template(
        "modules/network.html", entries=found[0], acts=found[1], ignored=installation().ignored,
        titles=installation().titles(), by_page=_may_make_tables(),
    )  # fmt: skip


@pages.get("/matrix")
@requires("core.network")
def matrix() -> str:
    """Modules by partners: who runs what, since when."""
    found = _across(lambda session: [one for one in queries.entries(session, installation()) if one.installed])
    partners = [one for one in all_partners(g.session) if one.active]
    return render_template("modules/matrix.html", entries=found, partners=partners)


@pages.get("/<key>")
@requires("core.network")
def passport(key: str) -> str:
    """All there is to know of a module, with the draft of its entry in the register of processing."""
    house = installation()
    found = _across(lambda session: (queries.entry(session, house, key), queries.acts(session, key)))
    if found[0] is None:
        raise _unknown()
    return render_template("modules/passport.html", entry=found[0], acts=found[1], told=passport_of(house, key))


@pages.get("/<key>/<any(install, enable, disable, upgrade, purge):verb>")
@requires("core.network")
def plan(key: str, verb: str) -> str:
    """What the action would do; nothing is done yet."""
    return _plan_page(key, Action(verb))


@pages.post("/<key>/try")
@fresh_sign_in
@requires("core.network")
def try_upgrade(key: str) -> str:
    """Run the pending migrations on a copy, and show the plan with what they did there."""
    _give_way()
    house = installation()
    return _plan_page(key, Action.UPGRADE, trial=services.try_upgrade(_settings(), services.loaded(house, key)))


@pages.post("/<key>/<any(install, enable, disable, upgrade, purge):verb>")
@fresh_sign_in
@requires("core.network")
def act(key: str, verb: str) -> Response:
    """Do it, or show the plan again with what was refused."""
    action = Action(verb)
    try:
        said = _done(action, key)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return make_response(_plan_page(key, action, refused=refusal), 422)
    current_app.extensions["watch"].look(now=True)
    flash(str(said), "success")
    return redirect(f"{HOME}/matrix" if action in FOR_ONE else HOME, 303)


def _done(action: Action, key: str) -> Words:
    house, by = installation(), g.visitor.user_name
    title = house.titles().get(key, key)
    if action in FOR_ONE:
        return _switched(action, key, title)
    if action is Action.PURGE:
        _confirm(key, _across(lambda session: plan_of(session, house, action, key)))
    _give_way()
    if action is Action.INSTALL:
        services.install(_settings(), house, key, by=by)
        return _("%(module)s is installed. Partners can switch it on.", module=title)
    if action is Action.UPGRADE:
        services.upgrade(_settings(), house, key, by=by)
        return _("%(module)s is upgraded.", module=title)
    purged = services.purge(_settings(), house, key, by=by)
    return plural(
        "%(module)s is purged: %(n)s row. The export is on the machine, in %(folder)s.",
        "%(module)s is purged: %(n)s rows. The export is on the machine, in %(folder)s.",
        purged.rows, module=title, folder=purged.archive.folder,
    )  # fmt: skip


def _confirm(key: str, seen: Plan) -> None:
    """A purge wants the typed key, and a yes where the law wants rows kept."""
    refuse_stopped(seen)
    if request.form.get("typed", "").strip() != key:
        raise Refusal(_("Type %(key)s, exactly so.", key=key), field="typed")
    if seen.duties and request.form.get("keeps") != "y":
        raise Refusal(_("Say that you keep the export for as long as the law wants."), field="keeps")


def _switched(action: Action, key: str, title: Words) -> Words:
    partner = _partner()
    if partner is None:
        raise Refusal(_("Choose a partner first."))
    _give_way()
    house = installation()
    # In the partner's own scope, as its head would: an operator's session sees every partner's switches.
    scope = replace(_scope(partner, reason="module switched by the network"), operator=False)
    name, changed = _database().run(
        scope,
        lambda session: (
            next(one.name for one in all_partners(session) if one.id == partner),
            switching.turn_on(session, house, key)
            if action is Action.ENABLE
            else bool(switching.turn_off(session, house, key)),
        ),
    )
    told = {"module": title, "partner": name}
    if action is Action.ENABLE:
        on = _("%(module)s is on for %(partner)s.", **told)
        return on if changed else _("%(module)s was on already for %(partner)s.", **told)
    off = _("%(module)s is off for %(partner)s. The data are kept.", **told)
    return off if changed else _("%(module)s was off already for %(partner)s.", **told)


def _plan_page(key: str, action: Action, *, refused: Refusal | None = None, trial: Trial | None = None) -> str:
    partner = _partner()
    if action in FOR_ONE and partner is None:
        raise NotFound(_("There is no such partner."))
    # About one partner the session sees that partner alone, and so does the module when it is asked.
    scope = _scope(partner, reason="modules of the network")
    with _database().session(replace(scope, operator=partner is None), writes=False) as session:
        seen = plan_of(session, installation(), action, key, partner)
    query = f"?partner={partner}" if partner else ""
    return render_template(
        "modules/plan.html", plan=seen, network=True, address=f"{HOME}/{key}/{action.value}{query}",
        refused=refused, trial=trial, by_page=_may_make_tables(), command=_command(key, action),
    )  # fmt: skip


def _command(key: str, action: Action) -> str:
    return f"generazioni plugins {action.value} {key}"


def _partner() -> UUID | None:
    """The partner that the address names, if it is one."""
    text = request.args.get("partner", "")
    if not text:
        return None
    for one in all_partners(g.session):
        if str(one.id) == text:
            return one.id
    raise NotFound(_("There is no such partner."))


def _may_make_tables() -> bool:
    """Whether this process was given the role that owns the tables; otherwise it is done on the machine."""
    chosen = _settings()
    return bool(chosen.embedded or chosen.owner_database_url != chosen.database_url)


def _give_way() -> None:
    """Let this request's own transaction go: what comes next has one of its own, across partners."""
    g.session.rollback()
    g.once = ""


def _across(look: Callable[[Session], Any]) -> Any:
    """Read across partners; the network's administrator sees numbers of rows, never rows."""
    with _database().session(_scope(None, reason="modules of the network"), writes=False) as session:
        return look(session)


def _scope(partner: UUID | None, *, reason: str) -> Scope:
    return Scope(
        partner_id=partner, user_id=g.visitor.user_id, actor=g.visitor.user_name, reason=reason, operator=True,
        address=request.remote_addr or "",
    )  # fmt: skip


def _database() -> Any:
    return current_app.extensions["database"]


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _unknown() -> NotFound:
    return NotFound(_("There is no such module here."))
