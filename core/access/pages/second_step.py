"""The second step of signing in: a code of the app, or setting the app up for who needs one and has none."""

from urllib.parse import quote

import flask
from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access import gate, second_factor, sessions
from core.access.forms import CodeForm, FirstCodeForm
from core.access.models import SignIn, User
from core.access.pages.blueprint import pages, picture_of, refused, settings
from core.access.permissions import public
from core.access.returning import safe_next
from core.refusals import Refusal


def address_for(visit: SignIn, wanted: str | None) -> str:
    """Where somebody goes on whose password was right."""
    wanted = safe_next(wanted)
    if not visit.pending:
        return wanted
    user = g.session.get_one(User, visit.user_id)
    if second_factor.factor_of(g.session, user):
        return f"/sign-in/code?next={quote(wanted, safe='/')}"
    second_factor.prepare(g.session, user)
    return f"/sign-in/set-up?next={quote(wanted, safe='/')}"


@pages.get("/sign-in/code")
@public
def ask_code() -> Response:
    """The form for the code."""
    if _pending() is None:
        return redirect("/sign-in", 303)
    return make_response(render_template("access/code.html", form=CodeForm()))


@pages.post("/sign-in/code")
@public
def take_code() -> Response:
    """Let the visit in; wrong codes are counted although the answer is no."""
    form, visit = CodeForm(), _pending()
    if visit is None:
        return redirect("/sign-in", 303)
    g.keep = True
    if not form.validate():
        return refused("access/code.html", form)
    try:
        second_factor.check(g.session, g.session.get_one(User, visit.user_id), form.one_time_code.data)
    except Refusal as refusal:
        return refused("access/code.html", form, refusal)
    return _let_in(redirect(safe_next(request.args.get("next")), 303), visit)


@pages.get("/sign-in/set-up")
@public
def ask_set_up() -> Response:
    """The picture for the app, for who cannot come in without a second factor."""
    visit = _pending()
    user = g.session.get_one(User, visit.user_id) if visit else None
    if user is None or second_factor.prepared(g.session, user) is None:
        return redirect("/sign-in", 303)
    return make_response(render_template("access/set_up.html", form=FirstCodeForm(), needed=True, **picture_of(user)))


@pages.post("/sign-in/set-up")
@public
def set_up() -> Response:
    """Take the first code, show the recovery codes, and let the visit in."""
    form, visit = FirstCodeForm(), _pending()
    user = g.session.get_one(User, visit.user_id) if visit else None
    if visit is None or user is None or second_factor.prepared(g.session, user) is None:
        return redirect("/sign-in", 303)
    g.keep = True
    if form.validate():
        try:
            codes = second_factor.put_in_force(g.session, user, form.one_time_code.data)
        except Refusal as refusal:
            return refused("access/set_up.html", form, refusal, needed=True, **picture_of(user))
        on = safe_next(request.args.get("next"))
        return _let_in(make_response(render_template("access/recovery_codes.html", codes=codes, on=on)), visit)
    return refused("access/set_up.html", form, needed=True, **picture_of(user))


def _pending() -> SignIn | None:
    """The visit of this browser that owes a code."""
    token = request.cookies.get(gate.cookie_name(settings()), "")
    return sessions.pending(g.session, token) if token else None


def _let_in(response: Response, visit: SignIn) -> Response:
    token = second_factor.complete(g.session, visit)
    flask.session.clear()
    gate.set_cookie(response, settings(), token)
    return response
