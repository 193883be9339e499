"""Drafts of the forms that declarations make: offered when the page opens, taken up again, gone once saved."""

from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from core.drafts import services
from core.drafts.models import Draft
from core.special.reading import is_withheld, special_fields

RESUME = "resume"


def resumed(record: Any = None) -> MultiDict[str, str] | None:
    """What the draft of this page holds, when the reader asked to go on with it.

    What was special of the record when it was kept wants a purpose again: a draft lasts longer than one.
    """
    if request.method != "GET" or request.args.get("draft") != RESUME:
        return None
    draft = services.draft_of(g.session, request.path)
    typed = services.typed_in(g.session, draft) if draft else []
    names = special_fields(type(record)) if record is not None else frozenset()
    closed = {name for name in names if is_withheld(record, name)}
    return MultiDict([(name, text) for name, text in typed if name not in closed]) or None


def offered() -> Draft | None:
    """The draft to offer when a form opens anew."""
    return (
        services.draft_of(g.session, request.path) if request.method == "GET" and "draft" not in request.args else None
    )


def saved(made: Any) -> Any:
    """What a service made of the form: its draft is of no use any more."""
    services.discard_draft(g.session, request.path)
    return made
