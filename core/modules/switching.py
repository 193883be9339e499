"""A partner's switch of a module: on, with what the plugin itself prepares; off, always and with every row kept."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from core.database.faults import watching
from core.database.points import passed
from core.database.scope import scope_of
from core.events.services import announce
from core.modules.findings import Action
from core.modules.plans import plan_of, refuse_stopped
from core.partners.services import modules_of, switch_off, switch_on

if TYPE_CHECKING:
    from core.plugins.installation import Installation


def went_off(key: str) -> str:
    """The event that a partner stopped running a module."""
    return f"{key}.disabled"


def turn_on(session: Session, house: "Installation", key: str) -> bool:
    """Run a module for the session's partner and let its plugin answer `enabled`; False when it was on already."""
    if key in modules_of(session):
        return False
    partner_id = scope_of(session).partner_id
    refuse_stopped(plan_of(session, house, Action.ENABLE, key, partner_id))
    changed = switch_on(session, key, known=house.plugins, requirements=house.requirements())
    passed("enable.switched")
    if changed and (answer := house.plugins[key].answer("enabled")):
        with watching(key, "enabled"):
            answer(session=session, partner_id=partner_id)
    passed("enable.prepared")
    return changed


def turn_off(session: Session, house: "Installation", key: str) -> frozenset[str]:
    """Stop running a module and those that cannot do without it, broken and missing ones too.

    Says what went off: nothing when it was off already. Each of them may clean up afterwards
    (core/plugins/cleaning_up.py).
    """
    gone = switch_off(session, key, requirements=house.requirements())
    for one in sorted(gone):
        announce(session, went_off(one))
    passed("disable.switched")
    return gone
