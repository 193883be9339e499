"""A partner's switch of a module: on, with what the plugin itself prepares; off, always and with every row kept."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from core.database import installed
from core.database.points import passed
from core.database.scope import scope_of
from core.language import _
from core.partners.services import switch_off, switch_on
from core.refusals import NotFound, Refusal

if TYPE_CHECKING:
    from core.plugins.installation import Installation


def turn_on(session: Session, house: "Installation", key: str) -> bool:
    """Run a module for the session's partner and let its plugin answer `enabled`; False when it was on already."""
    working = {plugin.key: plugin for plugin in house.working()}
    if key not in working:
        raise NotFound(_("The module %(key)s is not installed.", key=key))
    if installed.head_of(session.connection(), key) is None:
        raise Refusal(_("%(module)s has no tables yet: install it first.", module=working[key].title))
    changed = switch_on(session, key, known=working, requirements=house.requirements())
    passed("enable.switched")
    answer = getattr(working[key].module, "enabled", None)
    if changed and answer is not None:
        answer(session=session, partner_id=scope_of(session).partner_id)
    passed("enable.prepared")
    return changed


def turn_off(session: Session, house: "Installation", key: str) -> frozenset[str]:
    """Stop running a module and those that cannot do without it, broken and missing ones too.

    Says what went off: nothing when it was off already.
    """
    gone = switch_off(session, key, requirements=house.requirements())
    passed("disable.switched")
    return gone
