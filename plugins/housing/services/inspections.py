"""Inspections: written down, and the repair they ask for."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.api import Refusal, _, today
from plugins.housing.models import Inspection, MaintenanceTicket, TicketKind
from plugins.housing.services.tickets import open_ticket


def record_inspection(session: Session, *, made_on: date, next_on: date | None = None, **rest: Any) -> Inspection:
    """Write down a visit that was made; `rest` are its other columns."""
    _check_days(made_on, next_on)
    with session.no_autoflush:
        visit = Inspection(made_on=made_on, next_on=next_on, **rest)
        session.add(visit)
    session.flush()
    return visit


def amend_inspection(session: Session, visit: Inspection, **changes: Any) -> Inspection:
    """Correct what was written of a visit."""
    _check_days(changes.get("made_on", visit.made_on), changes.get("next_on", visit.next_on))
    for name, value in changes.items():
        setattr(visit, name, value)
    session.flush()
    return visit


def ask_repair(session: Session, visit: Inspection, *, kind: TicketKind, subject: str) -> MaintenanceTicket:
    """Open a maintenance ticket for what the visit found."""
    return open_ticket(session, kind=kind, subject=subject, dwelling=visit.dwelling, description=visit.findings)


def _check_days(made_on: date, next_on: date | None) -> None:
    if made_on > today():
        raise Refusal(_("Write the day of the visit: it cannot be in the future."), field="made_on")
    if next_on is not None and next_on <= made_on:
        raise Refusal(_("The next visit comes after this one."), field="next_on")
