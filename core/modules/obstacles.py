"""What the core itself has to say against an action on a module."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from core.language import Words, _
from core.modules.findings import Action, Finding, Weight

if TYPE_CHECKING:
    from core.plugins.installation import Installation, Plugin


@dataclass(frozen=True)
class Share:
    """What one partner has of a module."""

    key: UUID
    code: str
    name: str
    on: bool
    since: datetime | None
    rows: int


@dataclass(frozen=True)
class Case:
    """An action on a module as things stand: `head` is how far its tables have come, None when it has none."""

    action: Action
    plugin: "Plugin | None"
    head: str | None
    shares: Sequence[Share]
    needs: Sequence[str]
    along: Sequence[str]


def obstacles(case: Case, house: "Installation") -> Iterator[Finding]:
    """Whatever keeps the action from happening, in words."""
    if case.action is Action.DISABLE:
        return
    if told := _of_its_state(case):
        yield Finding(told, Weight.STOPS)
    if case.needs:
        yield Finding(_("These come first: %(modules)s.", modules=house.named(case.needs)), Weight.STOPS)
    if case.action is Action.PURGE:
        yield from _against_purging(case, house)


def _of_its_state(case: Case) -> Words:
    plugin, head = case.plugin, case.head
    if case.action is not Action.PURGE and (plugin is None or not plugin.is_loaded):
        return _("Its code is not here, or could not be loaded.")
    if case.action is Action.INSTALL:
        return _("It is installed already.") if head is not None else ""
    if head is None:
        return _("It is not installed.")
    if case.action is Action.UPGRADE and plugin and head == plugin.head:
        return _("Its tables are up to date.")
    if case.action is Action.ENABLE and plugin and not plugin.works:
        return _("It waits for its upgrade.")
    return ""


def _against_purging(case: Case, house: "Installation") -> Iterator[Finding]:
    if on := [one.name for one in case.shares if one.on]:
        yield Finding(_("Switch it off first at: %(partners)s.", partners=", ".join(on)), Weight.STOPS)
    if case.along:
        named = house.named(case.along)
        yield Finding(_("These modules cannot do without it: %(modules)s. Purge them first.", modules=named),
                      Weight.STOPS)  # fmt: skip
