"""Coming in, going out, changing partner and language, and the way back for who forgot the password."""

from uuid import UUID

import flask
from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access import gate, resets, sessions, sign_in
from core.access.forms import ForgottenForm, NewPasswordForm, SignInForm
from core.access.pages import openid, second_step
from core.access.pages.blueprint import mail_link, me, pages, refused, say, settings
from core.access.permissions import public, signed_in
from core.access.returning import page_before, safe_next
from core.language import LANGUAGES, _
from core.refusals import NotFound, Refusal

YEAR = 365 * 24 * 3600
LANGUAGE_COOKIE = "language"


@pages.get("/sign-in", endpoint="sign_in")
@public
def ask() -> Response | str:
    """The form to come in; who is in already goes on."""
    wanted = safe_next(request.args.get("next"))
    if g.visitor is not None:
        return redirect(wanted, 303)
    left = openid.way_out() if request.args.get("left") else ""
    return render_template("access/sign_in.html", form=SignInForm(next=wanted), way_out=left)


@pages.post("/sign-in")
@public
def come_in() -> Response:
    """Begin a visit; failures are kept although the answer is no."""
    form = SignInForm()
    g.keep = True
    if not form.validate():
        return refused("access/sign_in.html", form)
    try:
        visit, token = sign_in.sign_in(
            g.session,
            email=form.email.data,
            password=form.password.data,
            address=g.scope.address,
            agent=request.user_agent.string,
            second_factor=settings().second_factor,
        )
    except Refusal as refusal:
        return refused("access/sign_in.html", form, refusal)
    _leave_the_old_visit()
    response = redirect(second_step.address_for(visit, form.next.data), 303)
    gate.set_cookie(response, settings(), token)
    return response


@pages.post("/sign-out", endpoint="sign_out")
@public
def go_out() -> Response:
    """End the visit, also one that is over already."""
    elsewhere = openid.came_by()
    _leave_the_old_visit()
    response = redirect("/sign-in?left=1" if elsewhere else "/sign-in", 303)
    gate.drop_cookie(response, settings())
    return response


def _leave_the_old_visit() -> None:
    """End the visit of the cookie that came in; the forgery token goes with it."""
    if old := request.cookies.get(gate.cookie_name(settings())):
        sessions.sign_out(g.session, old)
    flask.session.clear()


@pages.post("/partner")
@signed_in
def change_partner() -> Response:
    """Go on working in another partner."""
    try:
        wanted = UUID(request.values.get("partner", ""))
    except ValueError:
        raise NotFound(_("There is no such partner among yours.")) from None
    token = sessions.change_partner(g.session, g.visitor.sign_in_id, wanted)
    flask.session.clear()
    response = redirect("/", 303)
    gate.set_cookie(response, settings(), token)
    return response


@pages.post("/language")
@public
def change_language() -> Response:
    """Speak another language from now on, on this computer and, when signed in, everywhere."""
    language = request.values.get("language", "")
    if language not in LANGUAGES:
        raise NotFound(_("Choose one of the languages."))
    if g.visitor is not None:
        me().language = language
    response = redirect(page_before(), 303)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", secure=settings().secure, httponly=True
    )
    return response


@pages.get("/password/forgotten")
@public
def forgotten() -> str:
    """The form to ask for a link."""
    return render_template("access/forgotten.html", form=ForgottenForm())


@pages.post("/password/forgotten")
@public
def ask_reset() -> Response:
    """Mail a link if there is such a user; the answer is the same if not."""
    form = ForgottenForm()
    g.keep = True
    if not form.validate():
        return refused("access/forgotten.html", form)
    try:
        found = resets.ask_reset(g.session, email=form.email.data, address=g.scope.address)
    except Refusal as refusal:
        return refused("access/forgotten.html", form, refusal)
    response = make_response(render_template("access/link_sent.html"))
    if found:
        user, token = found
        mail_link(
            response,
            user,
            token=token,
            subject=_("A new password for %(network)s", network=settings().network_name),
            text=lambda link: _(
                "Somebody asked for a new password. If it was you, choose it here within an hour:\n\n%(link)s\n\n"
                "If it was not you, do nothing: your password stays as it is.\n",
                link=link,
            ),
        )
    return response


@pages.get("/password/reset/<token>")
@public
def open_link(token: str) -> Response:
    """The form to choose a password by a link."""
    try:
        resets.open_reset(g.session, token)
    except NotFound:
        return _discreet(render_template("access/link_over.html"), 404)
    return _discreet(render_template("access/new_password.html", form=NewPasswordForm()))


@pages.post("/password/reset/<token>")
@public
def use_link(token: str) -> Response:
    """Set the password; the user signs in with it themselves."""
    form = NewPasswordForm()
    if form.validate():
        try:
            resets.use_reset(g.session, token, password=form.password.data)
        except NotFound:
            return _discreet(render_template("access/link_over.html"), 404)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("Your new password is set: sign in with it."))
            return redirect("/sign-in", 303)
    return _discreet(render_template("access/new_password.html", form=form), 422)


def _discreet(page: str, status: int = 200) -> Response:
    """A page whose address is a secret: no other site is told it."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
