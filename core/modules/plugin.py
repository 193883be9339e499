"""The catalogue of modules and the partners of the network, as the core's own answers."""

from flask import Blueprint

from core.hooks import answers
from core.modules import pages


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]
