"""Tabs that a module adds to records it does not own: a person, a household, an organisation, a place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.language import Words


@dataclass(frozen=True)
class RecordPanel:
    """One tab at its own address on the records of `target` (a collection's key, such as `people`).

    `load(session, record)` gives the template's variables; if it raises, a notice stands in its
    place and the page answers. `permission` hides the tab altogether from who lacks it. With a `card`,
    a template of its own with what `glance(session, record)` gives, the record's summary tells it in short.
    """

    target: str
    name: str
    title: Words
    template: str
    load: Callable[..., dict[str, Any]]
    permission: str
    card: str = ""
    glance: Callable[..., dict[str, Any]] = lambda session, record: {}
