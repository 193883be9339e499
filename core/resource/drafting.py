"""Drafts of the forms that declarations make: offered when the page opens, taken up again, gone once saved."""

from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from core.drafts import services
from core.drafts.models import Draft

RESUME = "resume"


def resumed() -> MultiDict[str, str] | None:
    """What the draft of this page holds, when the reader asked to go on with it."""
    if request.method != "GET" or request.args.get("draft") != RESUME:
        return None
    draft = services.draft_of(g.session, request.path)
    typed = services.typed_in(g.session, draft) if draft else []
    return MultiDict(typed) or None


def offered() -> Draft | None:
    """The draft to offer when a form opens anew."""
    return (
        services.draft_of(g.session, request.path) if request.method == "GET" and "draft" not in request.args else None
    )


def saved(made: Any) -> Any:
    """What a service made of the form: its draft is of no use any more."""
    services.discard_draft(g.session, request.path)
    return made
