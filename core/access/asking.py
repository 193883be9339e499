"""What a visitor is asked before a view opens: to sign in, or to show again that it is them."""

from typing import Any
from urllib.parse import quote

from flask import Response, g, make_response, redirect, render_template, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from core.access import confirming, second_factor
from core.access.forms import ConfirmForm
from core.access.models import User
from core.access.returning import SAFE_METHODS, page_before, wanted_page
from core.database.session import finish
from core.language import _
from core.refusals import Forbidden, Refusal, TooOften


def to_sign_in() -> BaseResponse:
    """The way to the sign-in page and back; `Unauthorized` for a program without a token."""
    if request.path.startswith("/api/"):
        raise Unauthorized(
            str(_("Send a token that is in force: Authorization: Bearer …")), www_authenticate=WWWAuthenticate("bearer")
        )
    return _elsewhere(f"/sign-in?next={quote(wanted_page(), safe='/')}")


def is_meant() -> bool:
    """Whether the request does what its view does: a form may be looked at, sending it is what counts."""
    rule = request.url_rule
    return request.method not in SAFE_METHODS or rule is None or "POST" not in (rule.methods or ())


def to_confirm(*, token: bool) -> BaseResponse | None:
    """The page that asks for the password, with what was typed; None when the password came along and is right.

    What was typed is sent again together with the password, so that nothing is lost and the act follows at once.
    """
    if token:
        raise Forbidden(_("Sign in with a browser to do this."))
    if request.method in SAFE_METHODS:
        return _elsewhere(f"/me/confirm?next={quote(wanted_page(), safe='/')}")
    if request.headers.get("HX-Request") == "true":
        return _elsewhere(f"/me/confirm?next={quote(page_before(), safe='/')}")
    if not ConfirmForm.was_sent():
        return _page(confirm_form(formdata=None), 403)
    form = confirm_form()
    return None if is_confirmed(form) else _page(form, 422)


def confirm_form(**options: Any) -> ConfirmForm:
    """The form that asks for the password, or for a code of those who have an app."""
    form = ConfirmForm(**options)
    if second_factor.factor_of(g.session, g.session.get_one(User, g.visitor.user_id)) is None:
        del form.one_time_code
    return form


def is_confirmed(form: ConfirmForm) -> bool:
    """Whether the form's password is the visitor's; the visit, or the failure, is kept whatever follows."""
    if not form.validate():
        return False
    try:
        code = form.one_time_code.data if "one_time_code" in form else ""
        confirming.confirm(g.session, g.visitor.sign_in_id, password=form.password.data or "", code=code or "")
    except TooOften:
        raise
    except Refusal as refusal:
        finish(g.session)
        form.refuse(refusal)
        return False
    finish(g.session)
    return True


def _page(form: ConfirmForm, status: int) -> Response:
    typed = [(name, value) for name, value in request.form.items(multi=True) if not ConfirmForm.has(name)]
    files = any(file.filename for file in request.files.values())
    page = render_template("access/confirm.html", form=form, typed=typed, files=files, address=wanted_address())
    return make_response(page, status)


def wanted_address() -> str:
    """The address that the form was sent to, to send it there again."""
    return request.full_path.rstrip("?")


def _elsewhere(address: str) -> BaseResponse:
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)
