"""Calls: prepared, opened to applications, closed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, decimal_of, show_number, today
from plugins.housing.models import (
    Application,
    Call,
    CallDwelling,
    CallState,
    Dwelling,
    DwellingState,
    Regime,
    ScoringScheme,
)
from plugins.housing.services.schemes import ISBAR, isbar_scheme

OFFERABLE = (DwellingState.AVAILABLE, DwellingState.BEING_RETURNED, DwellingState.IN_MAINTENANCE)


def prepare_call(
    session: Session,
    *,
    number: str,
    title: str,
    regime: Regime,
    opens_on: date,
    closes_on: date,
    homes: Iterable[Dwelling] = (),
    **rest: Any,
) -> Call:
    """Draft a call; an ISEE limit or a reserve left empty takes the value in force on the opening day."""
    _check_days(opens_on, closes_on)
    if session.scalars(select(Call.id).where(Call.number == number)).first():
        raise Refusal(_("Another call has the number %(number)s.", number=number), field="number")
    rest["scheme"] = _scheme_for(session, regime, rest.get("scheme"))
    call = Call(number=number, title=title, regime=regime, opens_on=opens_on, closes_on=closes_on, **rest)
    _fill_limits(session, call)
    session.add(call)
    session.flush()
    for home in homes:
        offer_in_call(session, call, dwelling=home)
    return call


def amend_call(session: Session, call: Call, **changes: Any) -> Call:
    """Change a call that is still a draft: who applied relied on what was published."""
    if call.state is not CallState.DRAFT:
        raise Refusal(_("This call is published: it cannot be changed any more."))
    _check_days(changes.get("opens_on", call.opens_on), changes.get("closes_on", call.closes_on))
    if "scheme" in changes or "regime" in changes:
        regime, scheme = changes.get("regime", call.regime), changes.get("scheme", call.scheme)
        changes["scheme"] = _scheme_for(session, regime, scheme)
    for name, value in changes.items():
        setattr(call, name, value)
    _fill_limits(session, call)
    session.flush()
    return call


def remove_call(session: Session, call: Call) -> None:
    """Remove a draft."""
    if call.state is not CallState.DRAFT:
        raise Refusal(_("This call was published: it stays in the register."))
    session.delete(call)
    session.flush()


def offer_in_call(session: Session, call: Call, *, dwelling: Dwelling) -> CallDwelling:
    """Add a home to a draft; one that is let or promised cannot be offered."""
    if call.state is not CallState.DRAFT:
        raise Refusal(_("This call is published: it cannot be changed any more."))
    if dwelling.state not in OFFERABLE:
        raise Refusal(
            _("%(home)s is %(state)s: it cannot stand in a call.", home=dwelling, state=dwelling.state.label),
            field="dwelling",
        )
    if any(one.dwelling_id == dwelling.id for one in call.homes):
        raise Refusal(_("This home already stands in the call."), field="dwelling")
    offered = CallDwelling(call=call, dwelling=dwelling)
    session.add(offered)
    session.flush()
    return offered


def publish_call(session: Session, call: Call) -> Call:
    """Open a call to applications; it must offer something."""
    if not call.homes:
        raise Refusal(_("Add at least one home before publishing the call."))
    call.state = CallState.OPEN
    session.flush()
    return call


def close_call(session: Session, call: Call, *, on: date | None = None) -> Call:
    """Stop taking applications, once the last day is over."""
    if (on or today()) <= call.closes_on:
        raise Refusal(_("Applications are taken until the last day published: close the call after it."))
    call.state = CallState.CLOSED
    session.flush()
    return call


def applications_of(session: Session, call: Call) -> list[Application]:
    """Every application of a call, by protocol."""
    wanted = select(Application).where(Application.call_id == call.id).order_by(Application.protocol)
    return list(session.scalars(wanted))


def _check_days(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise Refusal(_("The last day for applications comes before the first."), field="closes_on")


def _scheme_for(session: Session, regime: Regime, scheme: ScoringScheme | None) -> ScoringScheme:
    """The scheme of a call: the office chooses it, except for public housing, whose points are the region's."""
    if regime is Regime.SAP:
        if scheme is not None and scheme.key != ISBAR:
            raise Refusal(_("The region computes the points of public housing: leave the scheme empty."),
                          field="scheme")  # fmt: skip
        return isbar_scheme(session)
    if scheme is None:
        raise Refusal(_("Choose the scoring scheme."), field="scheme")
    return scheme


def _fill_limits(session: Session, call: Call) -> None:
    if call.isee_limit is None:
        call.isee_limit = decimal_of(session, "housing.isee_limit", on=call.opens_on)
    in_force = decimal_of(session, "housing.indigent_reserve", on=call.opens_on)
    if call.reserve_percent is None:
        call.reserve_percent = in_force
    if call.regime is Regime.SAP and call.reserve_percent < in_force:
        raise Refusal(
            _("For public housing the reserve is at least %(least)s%%: it may be raised alone.",
              least=show_number(in_force)), field="reserve_percent",
        )  # fmt: skip
    if call.free_homes is not None and call.free_homes < len(call.homes):
        raise Refusal(_("The call alone offers %(n)s homes.", n=len(call.homes)), field="free_homes")
    if not Decimal(0) <= call.reserve_percent <= Decimal(100):
        raise Refusal(_("A percentage is between 0 and 100."), field="reserve_percent")
