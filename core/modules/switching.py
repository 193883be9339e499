"""Switching a module on: the partner's switch, then what the plugin itself prepares."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import _
from core.partners.services import switch_on
from core.refusals import NotFound

if TYPE_CHECKING:
    from core.plugins.installation import Installation


def turn_on(session: Session, installation: "Installation", key: str) -> bool:
    """Run a module for the session's partner and let its plugin answer `enabled`; False when it was on already."""
    working = {plugin.key: plugin for plugin in installation.working()}
    if key not in working:
        raise NotFound(_("The module %(key)s is not installed.", key=key))
    changed = switch_on(session, key, known=working, requirements=installation.requirements())
    answer = getattr(working[key].module, "enabled", None)
    if changed and answer is not None:
        answer(session=session, partner_id=scope_of(session).partner_id)
    return changed
