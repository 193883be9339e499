"""What a plugin adds to the demo network, as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.language import Words


@dataclass(frozen=True)
class DemoStep:
    """One step of the demo: `load(session)` runs in the session of a partner that runs the module."""

    title: Words
    load: Callable[[Any], None]
