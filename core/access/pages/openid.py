"""Signing in with an OpenID provider: the way there, the way back, and signing out there too."""

import time
from typing import TYPE_CHECKING, Any

import flask
from flask import current_app, g, redirect, request
from werkzeug.wrappers import Response

from core.access import gate, identities, sessions, throttle
from core.access.forms import SignInForm
from core.access.models import SignIn
from core.access.pages import second_step
from core.access.pages.blueprint import address_of, pages, refused, settings
from core.access.permissions import public, writes
from core.access.returning import safe_next
from core.access.sign_in import count_address
from core.database.field import now
from core.language import _
from core.refusals import Later, NotFound, Refusal, TooOften

if TYPE_CHECKING:
    from core.access.openid import Provider

BACK = "/sign-in/openid/back"
KEPT, CAME_BY = "openid", "came_by_openid"
LASTING = 600  # seconds that somebody may take at the provider


def provider() -> "Provider":
    """The provider that the settings name; without one the page does not exist."""
    from core.access.openid import Provider  # noqa: PLC0415  not needed at start, nor where none is set

    told = settings().openid
    if told is None:
        raise NotFound(_("There is no such page here."))
    made: Provider = current_app.extensions.setdefault("openid", Provider(told))
    return made


@pages.get("/sign-in/openid")
@public
def go_there() -> Response:
    """Send the browser to the provider, with secrets that it alone can bring back."""
    from core.access.openid import new_question  # noqa: PLC0415

    question, again = new_question(), request.args.get("again") == "1" and g.visitor is not None
    try:
        address = provider().address(question, redirect_uri=address_of(BACK), again=again)
    except Later as away:
        return _refused(away)
    kept = {"asked": [*question], "next": safe_next(request.args.get("next")), "at": int(time.time()), "again": again}
    flask.session[KEPT] = kept
    return redirect(address, 303)


@pages.get(BACK)
@public
@writes
def come_back() -> Response:
    """Let in who the provider says, or say why not; the question is good for one answer."""
    from core.access.openid import Question  # noqa: PLC0415

    there = provider()
    # Kept with the request, which may be tried again: the question is taken out of the browser's cookie once.
    kept = request.environ.setdefault("openid.kept", flask.session.pop(KEPT, None) or {})
    asked = kept.get("asked", ("", "", ""))
    g.keep = True
    try:
        shown = _shown(there, Question(*asked), lasting=bool(asked[0]) and time.time() < kept["at"] + LASTING)
        if kept.get("again") and g.visitor is not None:
            identities.confirm(g.session, g.session.get_one(SignIn, g.visitor.sign_in_id), shown)
            return redirect(kept["next"], 303)
        throttle.look(g.session, throttle.ADDRESS, g.scope.address, at=now())
        visit, token = identities.sign_in_as(
            g.session, shown, there.told, address=g.scope.address, agent=request.user_agent.string,
            second_factor=settings().second_factor,
        )  # fmt: skip
    except TooOften:
        raise
    except Refusal as refusal:
        if not isinstance(refusal, Later):
            count_address(g.session, g.scope.address, at=now())
        return _refused(refusal)
    if old := request.cookies.get(gate.cookie_name(settings())):
        sessions.sign_out(g.session, old)
    flask.session.clear()
    flask.session[CAME_BY] = True
    response = redirect(second_step.address_for(visit, kept["next"]), 303)
    gate.set_cookie(response, settings(), token)
    return response


def _shown(there: "Provider", question: Any, *, lasting: bool) -> identities.Shown:
    """Who came back. A request that is tried again does not spend its code twice."""
    if not lasting:
        raise identities.NotBelieved(_("This sign-in was not begun here, or was used already: begin again."))
    known = request.environ.get("openid.shown")
    if known is None:
        known = request.environ["openid.shown"] = there.who(question, request.args, redirect_uri=address_of(BACK))
    shown: identities.Shown = known
    return shown


def _refused(refusal: Refusal) -> Response:
    """The sign-in page with the sentence; the password is another way in."""
    return refused("access/sign_in.html", SignInForm(formdata=None), refusal)


def came_by() -> bool:
    """Whether this visit came by the provider."""
    return settings().openid is not None and bool(flask.session.get(CAME_BY))


def way_out() -> str:
    """Where one signs out at the provider too; empty where there is none, or it says nothing of it."""
    return provider().way_out() if settings().openid else ""
