"""What a module says for or against an action on it, and what the law wants kept of it."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.database.faults import watching
from core.database.field import Choice
from core.language import Words, _

if TYPE_CHECKING:
    from core.plugins.installation import Plugin

log = logging.getLogger("generazioni.modules")


class Action(Choice):
    """What can be done to a module: for the network, or for one partner."""

    INSTALL = "install", _("Install")
    ENABLE = "enable", _("Switch on")
    DISABLE = "disable", _("Switch off")
    UPGRADE = "upgrade", _("Upgrade")
    PURGE = "purge", _("Purge")


class Weight(Choice):
    """How much a finding weighs."""

    STOPS = "stops", _("In the way"), "bad"
    WARNS = "warns", _("Mind this"), "warn"
    TELLS = "tells", _("Good to know"), "info"


@dataclass(frozen=True)
class Finding:
    """Something to know before an action; `STOPS` keeps it from happening, except for switching off."""

    text: Words
    weight: Weight = Weight.WARNS


@dataclass(frozen=True)
class Duty:
    """Rows that somebody must keep although the module goes: how many, until when at the latest, and why."""

    what: Words
    rows: int
    until: date | None
    reason: Words


def preflight(plugin: "Plugin", action: Action, session: Session, partner_id: UUID | None) -> list[Finding]:
    """What the module itself has to say; one that cannot answer stands in the way of all but switching off."""
    try:
        return _asked(plugin, "preflight", session, action=str(action.value), partner_id=partner_id)
    except Exception:
        log.exception("%s could not say what it thinks of the action %s", plugin.key, action.value)
        weight = Weight.WARNS if action is Action.DISABLE else Weight.STOPS
        return [Finding(_("The module could not be asked: its answer failed."), weight)]


def duties(plugin: "Plugin | None", session: Session) -> tuple[list[Duty], list[Finding]]:
    """What the module must keep, for every partner; when it cannot be asked, it is not purged."""
    if plugin is None or plugin.module is None:
        told = _("Its code is not here, so nobody can say what the law wants kept: look into the export.")
        return [], [Finding(told)]
    try:
        return [one for one in _asked(plugin, "purge_plan", session) if one.rows], []
    except Exception:
        log.exception("%s could not say what it must keep", plugin.key)
        return [], [Finding(_("The module could not say what must be kept: it is not purged."), Weight.STOPS)]


def _asked(plugin: "Plugin", question: str, session: Session, **told: Any) -> list[Any]:
    """A module's answer; one that fails in the database undoes nothing of the others' work."""
    answer = plugin.answer(question)
    if answer is None:
        return []
    with watching(plugin.key, question), session.begin_nested():
        return list(answer(session=session, **told))
