"""The home page and the pages about the site, as the core's own answers."""

from flask import Blueprint

from core.dashboard import pages
from core.hooks import answers


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]
