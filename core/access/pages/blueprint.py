"""The pages of access under one name, and what they share."""

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.access import resets, second_factor
from core.access.forms import PageForm
from core.access.models import User
from core.config import Settings
from core.language import Words, _, speaking
from core.mail import send
from core.refusals import Forbidden, Later, NotFound, Refusal, TooOften

pages = Blueprint("access", __name__)

log = logging.getLogger("generazioni.mail")


@pages.before_request
def browsers_only() -> None:
    """A token may do its user's work, not change their password or make more tokens."""
    if g.visitor is not None and g.visitor.token:
        raise Forbidden(_("Sign in with a browser to do this."))


@pages.app_context_processor
def other_ways_in() -> dict[str, str]:
    """How the provider is called that one may sign in with; empty without one."""
    told = settings().openid
    return {"openid_name": told.name if told else ""}


def settings() -> Settings:
    """The installation's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def me() -> User:
    """The user who is signed in."""
    session: Session = g.session
    return session.get_one(User, g.visitor.user_id)


def say(sentence: Words) -> None:
    """Show a sentence on the next page."""
    flash(str(sentence), "success")


def address_of(path: str) -> str:
    """A path as a whole address for a mail.

    Never from the Host header: who asks for somebody's reset could point the link at their own server.
    """
    return (settings().public_url or f"http://127.0.0.1:{request.environ['SERVER_PORT']}") + path


def refused(template: str, form: PageForm, refusal: Refusal | None = None, **shown: Any) -> Response:
    """The form again with what was typed and why not; 429 and 503 say how long to wait."""
    if refusal:
        form.refuse(refusal)
    response = make_response(render_template(template, form=form, **shown), _status_of(refusal))
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, Later):
        response.headers["Retry-After"] = "60"
    return response


def _status_of(refusal: Refusal | None) -> int:
    return 429 if isinstance(refusal, TooOften) else 503 if isinstance(refusal, Later) else 422


def picture_of(user: User) -> dict[str, Any]:
    """What a page shows of a secret that the app does not know yet: a picture, and the same to type."""
    factor = second_factor.prepared(g.session, user)
    if factor is None:
        raise NotFound(_("Begin again: there is no second factor waiting for its first code."))
    import segno  # noqa: PLC0415  only this page draws

    address = second_factor.address_for_app(g.session, user, factor, issuer=settings().network_name)
    return {
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=4),
        "secret": second_factor.secret_in_groups(g.session, factor),
    }


def mail_link(response: Response, user: User, *, token: str, subject: Words, text: Callable[[str], Words]) -> None:
    """Mail the user a link to set a password, once the page is answered: its time does not tell who exists."""
    mail_after(response, user, subject=subject, text=text(address_of(f"/password/reset/{token}")))


def mail_after(response: Response, user: User, *, subject: Words, text: Words) -> None:
    """Mail the user in their language when the response is out, and so the transaction kept."""
    with speaking(user.language):
        said = {"to": user.email, "subject": str(subject), "text": str(text)}
    chosen = settings()

    def now() -> None:
        try:
            send(chosen, **said)
        except (OSError, smtplib.SMTPException):
            log.exception("A mail could not be sent")

    response.call_on_close(now)


def invite(response: Response, user: User) -> None:
    """Mail a new member the link by which they set their first password."""
    token = resets.new_link(g.session, user, lasting=resets.INVITED)
    days = resets.INVITED // timedelta(days=1)
    mail_link(
        response,
        user,
        token=token,
        subject=_("Your access to %(network)s", network=settings().network_name),
        text=lambda link: _(
            "You were given access. Choose your password here within %(days)s days:\n\n%(link)s\n", days=days, link=link
        ),
    )
