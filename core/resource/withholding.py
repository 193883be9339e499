"""What stands in the place of special data on pages: a sentence, and the way to the question what they are read for."""

from collections.abc import Iterable
from typing import Any

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from core.language import _
from core.refusals import Forbidden
from core.special.reading import READ, is_withheld, special_fields, why_withheld


def first_withheld(record: Any, names: Iterable[str]) -> Any:
    """The record, or the one it names, whose special fields may not be read now; None when all may."""
    for name in names:
        *path, field = name.split(".")
        owner = record
        for step in path:
            owner = owner and getattr(owner, step)
        if owner is not None and is_withheld(owner, field):
            return owner
    return None


def is_partly_withheld(record: Any) -> bool:
    """Whether any of the record's own special fields may not be read now."""
    return first_withheld(record, special_fields(type(record))) is not None


def notice_of(owner: Any, back: str = "") -> Any:
    """The sentence; a link to the question for who may answer it, which leads back to where it was read."""
    why, collection = why_withheld(g.session), g.collections.of_model(type(owner))
    if collection is None or not g.scope.may(READ):
        return why
    return {"url": collection.purpose_url(owner, back), "label": str(why)}


def to_the_question(owner: Any) -> BaseResponse:
    """The question that comes before a page which shows special data."""
    collection = g.collections.of_model(type(owner))
    if collection is None or not g.scope.may(READ):
        raise Forbidden(_("Your role does not read special data. Ask the head of your organisation."))
    return redirect(collection.purpose_url(owner, request.path), 303)
