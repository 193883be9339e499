"""A module that was switched off cleans up after itself, whichever way it was switched off.

The switch is an event of its partner like any other: pages and commands announce it, those that import no plugin
too, and a worker, where the plugins are loaded, lets the module answer. So it is told after commit, tried again
when it fails, and never in the way of switching off.
"""

from dataclasses import dataclass
from types import ModuleType

from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.events.declaration import Listener
from core.language import _
from core.modules.switching import went_off
from core.partners.services import modules_of
from core.plugins.installation import Plugin, answer_of


@dataclass(frozen=True)
class CleaningUp:
    """Lets a module answer `disabled`, unless it was switched on again meanwhile."""

    key: str
    module: ModuleType

    def __call__(self, session: Session) -> None:
        """Ask it, in a transaction of the partner."""
        if self.key not in modules_of(session) and (answer := answer_of(self.module, "disabled")):
            answer(session=session, partner_id=scope_of(session).partner_id)


def listeners_of(plugin: Plugin) -> list[Listener]:
    """The one who waits for the module to be switched off, where it has something to say to that."""
    if plugin.module is None or plugin.answer("disabled") is None:
        return []
    words = _("A module was switched off: clean up after it")
    return [Listener(went_off(plugin.key), f"{plugin.key}.clean-up", CleaningUp(plugin.key, plugin.module), words)]
