"""What a plugin adds to the demo network, as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.language import Words


@dataclass(frozen=True)
class DemoStep:
    """One step of the demo: `load(session)` runs in the session of each partner that runs the module.

    `partners` are codes of the demo's partners that run it, for a module that the demo itself does not know.
    """

    title: Words
    load: Callable[[Any], None]
    partners: tuple[str, ...] = ()
