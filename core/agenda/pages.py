"""The agenda as a page, and the secret address at which calendar programs read it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.access import gate
from core.access.permissions import public, signed_in
from core.agenda import rules, services
from core.agenda.collecting import Collected, collect, offered
from core.agenda.icalendar_file import calendar_of
from core.agenda.sources import AgendaSource
from core.database.field import now
from core.database.scope import Scope, today
from core.language import _, speaking
from core.refusals import NotFound
from core.web.installed import installation

pages = Blueprint("agenda", __name__, url_prefix="/agenda")

BEFORE, AFTER = timedelta(days=31), timedelta(days=366)


@pages.get("")
@signed_in
def agenda() -> str:
    """A month: its list for narrow screens and screen readers, its table for whoever asks for it."""
    month = rules.month_of(request.args.get("month", "")) or today().replace(day=1)
    first, last = month, rules.last_day(month)
    weeks = rules.weeks_of(month)
    chosen = _chosen(_sources(g.scope), request.args.get("source", ""))
    found = collect(g.session, chosen, weeks[0][0], weeks[-1][-1])
    before, after = rules.neighbours(month)
    return render_template(
        "agenda/agenda.html", month=month, weeks=weeks, by_day=_by_day(found), missing=found.missing, today=today(),
        entries=[one for one in found.entries if first <= one.item.day <= last], before=before, after=after,
        view="month" if request.args.get("view") == "month" else "list", sources=_sources(g.scope),
        source=request.args.get("source", ""), feed=_my_feed(),
    )  # fmt: skip


def _by_day(found: Collected) -> dict[Any, list[Any]]:
    days: dict[Any, list[Any]] = {}
    for entry in found.entries:
        days.setdefault(entry.item.day, []).append(entry)
    return days


def _sources(scope: Scope) -> list[AgendaSource]:
    return offered(((module, told.agenda_sources) for module, told in installation().declarations()), scope)


def _chosen(sources: list[AgendaSource], key: str) -> list[AgendaSource]:
    return [source for source in sources if not key or source.key == key]


def _my_feed() -> Any:
    if g.visitor.partner_id is None:
        return None
    return services.feed_of(g.session, user_id=g.visitor.user_id, partner_id=g.visitor.partner_id)


@pages.post("/feed")
@signed_in
def make_feed() -> BaseResponse | str:
    """A new secret address, shown this once."""
    if g.visitor.partner_id is None:
        raise NotFound(_("Choose a partner first: the agenda is theirs."))
    text = services.open_feed(g.session, user_id=g.visitor.user_id, partner_id=g.visitor.partner_id)
    address = f"{_public_url()}/agenda/{text}.ics"
    return render_template("agenda/feed.html", address=address)


@pages.post("/feed/revoke")
@signed_in
def revoke_feed() -> BaseResponse:
    """The address stops working at once."""
    if g.visitor.partner_id is not None:
        services.revoke_feed(g.session, user_id=g.visitor.user_id, partner_id=g.visitor.partner_id)
    flash(str(_("The address of your calendar does not work any more.")), "success")
    return redirect("/agenda", 303)


@pages.get("/<token>.ics")
@public
def feed(token: str) -> Response:
    """The agenda of whom the address belongs to, with what they may see today; a revoked one is not found."""
    known = services.feed_at(g.session, token)
    visitor = gate.acting(g.session, known.user_id, known.partner_id) if known else None
    if visitor is None:
        raise NotFound(_("There is no such calendar, or its address was revoked."))
    rights = installation().rights
    with current_app.extensions["database"].session(gate.scope_for(visitor), writes=False) as session:
        scope = gate.fill(session, visitor, rights)
        with speaking(visitor.language):
            found = collect(session, _sources(scope), today() - BEFORE, today() + AFTER)
            if found.missing:  # a calendar without them would take deadlines away from who reads it
                abort(503)
            name = str(_("Agenda of %(partner)s", partner=visitor.partner_name))
            content = calendar_of(found.entries, name=name, address=_public_url(), at=now())
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return answer


def _public_url() -> str:
    return current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/")
