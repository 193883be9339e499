"""The agenda, as the core's own answer."""

from flask import Blueprint

from core.agenda.pages import pages
from core.hooks import answers


@answers
def blueprints() -> list[Blueprint]:
    return [pages]
