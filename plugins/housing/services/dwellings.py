"""Homes: registered, amended, and moved between tenants, works and the next call."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _
from plugins.housing.models import CallDwelling, CallState, Dwelling, DwellingState, Lease, Regime

HELD = (DwellingState.RESERVED, DwellingState.ASSIGNED, DwellingState.OCCUPIED)


def register_dwelling(session: Session, *, code: str, regime: Regime, address: str, **rest: Any) -> Dwelling:
    """Add a home to the register; `rest` are its other columns."""
    dwelling = Dwelling(code=_free_code(session, code), regime=regime, address=address, **_checked(rest))
    session.add(dwelling)
    session.flush()
    return dwelling


def amend_dwelling(session: Session, dwelling: Dwelling, **changes: Any) -> Dwelling:
    """Correct what is registered of a home."""
    if "code" in changes:
        changes["code"] = _free_code(session, changes["code"], dwelling)
    for name, value in _checked(changes).items():
        setattr(dwelling, name, value)
    session.flush()
    return dwelling


def remove_dwelling(session: Session, dwelling: Dwelling) -> None:
    """Remove a home that was registered by mistake: nothing may speak of it."""
    spoken_of = select(Lease.id).where(Lease.dwelling_id == dwelling.id).limit(1)
    if dwelling.state in HELD or session.scalars(spoken_of).first():
        raise Refusal(_("This home is or was let: mark it as out of use instead of removing it."))
    if session.scalars(select(CallDwelling.id).where(CallDwelling.dwelling_id == dwelling.id).limit(1)).first():
        raise Refusal(_("This home stands in a call: mark it as out of use instead of removing it."))
    if dwelling.tickets or dwelling.readings or dwelling.inspections:
        raise Refusal(_("This home has repairs, readings or visits: mark it as out of use instead of removing it."))
    session.delete(dwelling)
    session.flush()


def start_maintenance(session: Session, dwelling: Dwelling, *, reason: str) -> Dwelling:
    """Take a home off the market for works."""
    return _move(session, dwelling, DwellingState.IN_MAINTENANCE, reason)


def make_available(session: Session, dwelling: Dwelling) -> Dwelling:
    """Put a home back among those that can be offered."""
    return _move(session, dwelling, DwellingState.AVAILABLE, None)


def withdraw_dwelling(session: Session, dwelling: Dwelling, *, reason: str) -> Dwelling:
    """Mark a home as out of use; who lives in it leaves first, and it leaves the open calls."""
    offered = (
        select(CallDwelling.id)
        .join(CallDwelling.call)
        .where(CallDwelling.dwelling_id == dwelling.id, CallDwelling.call.has(state=CallState.OPEN))
    )
    if session.scalars(offered.limit(1)).first():
        raise Refusal(_("An open call offers this home: close the call first."))
    return _move(session, dwelling, DwellingState.OUT_OF_USE, reason)


def lock_dwelling(session: Session, dwelling: Dwelling) -> Dwelling:
    """The home, held until the transaction ends: two clerks may want it at once."""
    wanted = select(Dwelling).where(Dwelling.id == dwelling.id).with_for_update(of=Dwelling)
    return session.scalars(wanted.execution_options(populate_existing=True)).unique().one()


def _move(session: Session, dwelling: Dwelling, state: DwellingState, reason: str | None) -> Dwelling:
    if dwelling.state in HELD:
        raise Refusal(
            _("The home is %(state)s: end the offer or the lease first.", state=str(dwelling.state.label).lower())
        )
    dwelling.state, dwelling.state_reason = state, reason
    session.flush()
    return dwelling


def _free_code(session: Session, code: str, dwelling: Dwelling | None = None) -> str:
    code = code.strip()
    taken = select(Dwelling.id).where(Dwelling.code == code)
    if dwelling is not None:
        taken = taken.where(Dwelling.id != dwelling.id)
    if session.scalars(taken).first():
        raise Refusal(_("Another home has the code %(code)s: choose another one.", code=code), field="code")
    return code


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("net_area", "rooms", "max_occupants"):
        if values.get(name) is not None and values[name] <= 0:
            raise Refusal(_("Write a number above zero."), field=name)
    for name in ("monthly_rent", "rental_value", "cadastral_income"):
        if values.get(name) is not None and values[name] < 0:
            raise Refusal(_("Write an amount that is not negative."), field=name)
    return values
