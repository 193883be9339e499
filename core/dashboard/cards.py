"""Cards on the home page, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.language import Words


@dataclass(frozen=True)
class Card:
    """A card that a module puts on the home page of who has the permission.

    `load(session)` gives the template's variables; if it raises, a notice stands in its place.
    """

    title: Words
    template: str
    load: Callable[[Any], dict[str, Any]]
    permission: str
