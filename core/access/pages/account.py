"""One's own account: name, language, password, open visits and API tokens."""

from uuid import UUID

from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access import asking, second_factor, sessions, tokens, users
from core.access.forms import ChangePasswordForm, ConfirmForm, ProfileForm, TokenForm
from core.access.pages.blueprint import me, pages, say, settings
from core.access.permissions import fresh_sign_in, signed_in
from core.access.returning import safe_next
from core.language import _
from core.refusals import Refusal


@pages.get("/me")
@signed_in
def profile() -> str:
    """How I am called and spoken to."""
    return render_template("access/profile.html", form=ProfileForm(obj=me()), email=g.visitor.email)


@pages.post("/me")
@signed_in
def amend_profile() -> Response:
    """Change name and language."""
    form = ProfileForm()
    if form.validate():
        try:
            users.amend_user(g.session, me(), name=form.name.data, language=form.language.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("Your details are saved."))
            return redirect("/me", 303)
    return make_response(render_template("access/profile.html", form=form, email=g.visitor.email), 422)


@pages.get("/me/security")
@signed_in
def security() -> str:
    """Password, open visits, tokens."""
    return _security()


def _security(*, password: ChangePasswordForm | None = None, token: TokenForm | None = None, shown: str = "") -> str:
    """The page with the form that was refused, if any; the other one is empty, whatever was posted."""
    may_have_tokens = g.scope.partner_id is not None
    return render_template(
        "access/security.html",
        form=password or token,
        password=password or ChangePasswordForm(formdata=None),
        token=token or (TokenForm(formdata=None) if may_have_tokens else None),
        this=g.visitor.sign_in_id,
        visits=sessions.open_visits(g.session, g.visitor.user_id),
        tokens=tokens.tokens_of(g.session, g.visitor.user_id),
        shown=shown,
        factor=(factor := second_factor.factor_of(g.session, me())),
        codes_left=second_factor.recovery_codes_left(g.session, me()) if factor else 0,
        needed=settings().second_factor and second_factor.is_needed(g.session, me()),
    )


@pages.get("/me/confirm")
@signed_in
def ask_to_confirm() -> str:
    """The form that asks for the password before something dangerous is opened."""
    return _confirm(asking.confirm_form())


@pages.post("/me/confirm")
@signed_in
def confirm() -> Response:
    """Take the password, and go on to what was wanted."""
    form = asking.confirm_form()
    if asking.is_confirmed(form):
        return redirect(safe_next(request.args.get("next")), 303)
    return make_response(_confirm(form), 422)


def _confirm(form: ConfirmForm) -> str:
    return render_template("access/confirm.html", form=form, typed=(), files=False, address=asking.wanted_address())


@pages.post("/me/security/password")
@signed_in
def change_password() -> Response:
    """Take a new password; every other visit ends. Wrong current ones are counted although refused."""
    form = ChangePasswordForm()
    g.keep = True
    if form.validate():
        try:
            users.change_password(
                g.session,
                me(),
                current=form.current.data,
                password=form.password.data,
                visit_id=g.visitor.sign_in_id,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say(_("Your password is changed; every other visit is ended."))
            return redirect("/me/security", 303)
    return make_response(_security(password=form), 422)


@pages.post("/me/security/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End every other visit."""
    sessions.sign_out_everywhere(g.session, g.visitor.user_id, except_for=g.visitor.sign_in_id)
    say(_("Every other visit is ended."))
    return redirect("/me/security", 303)


@pages.post("/me/security/tokens")
@fresh_sign_in
@signed_in
def issue_token() -> Response:
    """Make a token and show it: this page is the only one that ever does."""
    form = TokenForm()
    if form.validate():
        try:
            _token, text = tokens.issue_token(
                g.session, me(), partner_id=g.scope.partner_id, label=form.label.data, days=form.days.data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            response = make_response(_security(shown=text))
            response.headers["Cache-Control"] = "no-store"
            return response
    return make_response(_security(token=form), 422)


@pages.post("/me/security/tokens/<uuid:key>/revoke")
@signed_in
def revoke_token(key: UUID) -> Response:
    """Stop a token of mine."""
    tokens.revoke_token(g.session, g.visitor.user_id, key)
    say(_("The token no longer works."))
    return redirect("/me/security", 303)
