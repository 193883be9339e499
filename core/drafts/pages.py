"""Where forms send what is typed in them before it is saved."""

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import public, signed_in
from core.access.returning import safe_next
from core.drafts import services
from core.language import _
from core.web.resending import SECRET

pages = Blueprint("drafts", __name__, url_prefix="/drafts")
PAGE = "draft.page"
NOT_TYPED = SECRET | {"csrf_token", "once", "then", "search-in", PAGE}


@pages.post("")
@public
def keep() -> str | BaseResponse | tuple[str, int]:
    """Keep the sent form as a draft of its page.

    Public, because a page that keeps drafts by itself must not be sent to the sign-in with all that was typed.
    """
    page, by_itself = safe_next(request.form.get(PAGE)), request.headers.get("HX-Request") == "true"
    if g.visitor is None or g.visitor.partner_id is None:
        return ("", 204) if by_itself else redirect("/sign-in", 303)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED]
    draft = services.keep_draft(g.session, page, fields=fields)
    if by_itself:
        return render_template("drafts/kept.html", draft=draft)
    flash(str(_("The draft is kept for thirty days. Nobody else sees it.")), "success")
    return redirect(f"{page}?draft=resume", 303)


@pages.post("/discard")
@signed_in
def discard() -> BaseResponse:
    """Throw the draft of a page away and open the page again."""
    page = safe_next(request.form.get(PAGE))
    services.discard_draft(g.session, page)
    flash(str(_("The draft is thrown away.")), "success")
    return redirect(page, 303)
