"""The one search, as the core's own answer."""

from flask import Blueprint

from core.hooks import answers
from core.search import pages


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]
