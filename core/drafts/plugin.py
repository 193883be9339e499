"""Drafts, as the core's own answers."""

from flask import Blueprint

from core.drafts import pages
from core.hooks import answers


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]
