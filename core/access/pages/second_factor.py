"""One's own second factor: turned on with an app, new recovery codes, turned off."""

from flask import g, make_response, redirect, render_template
from werkzeug.wrappers import Response

from core.access import second_factor
from core.access.forms import FirstCodeForm
from core.access.pages.blueprint import me, pages, picture_of, refused, say, settings
from core.access.permissions import fresh_sign_in, signed_in
from core.language import _
from core.refusals import Refusal

HERE = "/me/security/second-factor"


@pages.post(f"{HERE}/begin")
@fresh_sign_in
@signed_in
def begin_second_factor() -> Response:
    """Make a secret and go on to its picture."""
    second_factor.prepare(g.session, me())
    return redirect(HERE, 303)


@pages.get(HERE)
@signed_in
def show_second_factor() -> Response:
    """The picture for the app, until a first code was right."""
    if second_factor.prepared(g.session, me()) is None or not g.visitor.fresh:
        return redirect("/me/security", 303)
    return make_response(render_template("access/set_up.html", form=FirstCodeForm(), needed=False, **picture_of(me())))


@pages.post(HERE)
@fresh_sign_in
@signed_in
def turn_on_second_factor() -> Response:
    """Take the first code and show the recovery codes."""
    form = FirstCodeForm()
    g.keep = True
    if form.validate():
        try:
            codes = second_factor.put_in_force(g.session, me(), form.one_time_code.data)
        except Refusal as refusal:
            return refused("access/set_up.html", form, refusal, needed=False, **picture_of(me()))
        return make_response(render_template("access/recovery_codes.html", codes=codes, on="/me/security"))
    return refused("access/set_up.html", form, needed=False, **picture_of(me()))


@pages.post(f"{HERE}/codes")
@fresh_sign_in
@signed_in
def renew_recovery_codes() -> Response:
    """Ten new recovery codes, shown once; those from before stop working."""
    if second_factor.factor_of(g.session, me()) is None:
        raise Refusal(_("You have no second factor: turn it on first."))
    codes = second_factor.new_recovery_codes(g.session, me())
    return make_response(render_template("access/recovery_codes.html", codes=codes, on="/me/security"))


@pages.post(f"{HERE}/off")
@fresh_sign_in
@signed_in
def turn_off_second_factor() -> Response:
    """Sign in by password alone again, where one's roles allow it."""
    if settings().second_factor and second_factor.is_needed(g.session, me()):
        raise Refusal(_("Your role asks for a second factor: it cannot be turned off."))
    second_factor.forget(g.session, me(), visit_id=g.visitor.sign_in_id)
    say(_("The second factor is off; every other visit is ended."))
    return redirect("/me/security", 303)
