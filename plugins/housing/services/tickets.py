"""Maintenance tickets: opened with their target, given to a supplier, solved, closed by the tenant or by time."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Organisation, Person, Place, Refusal, _, date_in_italy, integer_of, next_number, now, values_of
from plugins.housing.models import Dwelling, MaintenanceTicket, Reporter, TicketKind, TicketState
from plugins.housing.rules.tickets import TicketTargets, is_unanswered, target_of

SERIES = "TICKET"


def open_ticket(
    session: Session,
    *,
    kind: TicketKind,
    subject: str,
    dwelling: Dwelling | None = None,
    place: Place | None = None,
    part: str | None = None,
    description: str | None = None,
    reported_by: Reporter | None = None,
    reporter: Person | None = None,
    opened_at: datetime | None = None,
) -> MaintenanceTicket:
    """Write down that something is broken; gas, water, electricity and safety are urgent from the start."""
    if (dwelling is None) == (place is None):
        raise Refusal(
            _("Choose the home, or else the building for its common parts: one of the two."), field="dwelling"
        )
    if reported_by is Reporter.TENANT and reporter is None:
        raise Refusal(_("Choose the tenant who reports it."), field="reporter")
    opened = opened_at or now()
    ticket = MaintenanceTicket(
        part=part, kind=kind, subject=subject, description=description, reported_by=reported_by or Reporter.STAFF,
        urgent=kind.is_urgent, opened_at=opened, number=next_number(session, SERIES, on=date_in_italy(opened)),
    )  # fmt: skip
    ticket.target_at = _target(session, ticket)
    session.add(ticket)
    ticket.dwelling, ticket.place, ticket.reporter = dwelling, place, reporter
    session.flush()
    return ticket


def assess_ticket(
    session: Session, ticket: MaintenanceTicket, *, kind: TicketKind | None = None, urgent: bool
) -> MaintenanceTicket:
    """Say what it really is and whether it is urgent: the target follows, counted from when it was opened."""
    ticket.kind, ticket.urgent, ticket.state = kind or ticket.kind, urgent, TicketState.TRIAGE
    ticket.target_at = _target(session, ticket)
    session.flush()
    return ticket


def assign_ticket(
    session: Session, ticket: MaintenanceTicket, *, supplier: Organisation, visit_on: date | None = None
) -> MaintenanceTicket:
    """Give the repair to a supplier, or to another one."""
    if visit_on is not None and visit_on < date_in_italy(ticket.opened_at):
        raise Refusal(_("The visit cannot come before the report."), field="visit_on")
    ticket.supplier, ticket.visit_on, ticket.state = supplier, visit_on, TicketState.ASSIGNED
    session.flush()
    return ticket


def start_repair(session: Session, ticket: MaintenanceTicket) -> MaintenanceTicket:
    """The supplier is at work."""
    ticket.state = TicketState.IN_PROGRESS
    session.flush()
    return ticket


def solve_ticket(
    session: Session, ticket: MaintenanceTicket, *, outcome: str, cost: Decimal | None = None,
    solved_at: datetime | None = None,
) -> MaintenanceTicket:  # fmt: skip
    """Write down what was done and what it cost; the tenant has ten days to say that it does not hold."""
    if cost is not None and cost < 0:
        raise Refusal(_("Write an amount that is not negative."), field="cost")
    ticket.outcome, ticket.cost, ticket.solved_at = outcome, cost, solved_at or now()
    ticket.state = TicketState.SOLVED
    session.flush()
    return ticket


def reopen_ticket(session: Session, ticket: MaintenanceTicket, *, reason: str) -> MaintenanceTicket:
    """The repair does not hold: the ticket is to be assessed again, its target unchanged."""
    ticket.description = "\n".join(part for part in (ticket.description, reason) if part)
    ticket.solved_at, ticket.state = None, TicketState.TRIAGE
    session.flush()
    return ticket


def close_ticket(session: Session, ticket: MaintenanceTicket) -> MaintenanceTicket:
    """The tenant says that it is mended."""
    return _close(session, ticket, str(_("The tenant confirms")), now())


def dismiss_ticket(session: Session, ticket: MaintenanceTicket, *, reason: str) -> MaintenanceTicket:
    """Close a ticket that asks for nothing: a double, a mistake, something the tenant pays for."""
    return _close(session, ticket, reason, now())


def close_unanswered(session: Session, *, at: datetime | None = None) -> list[MaintenanceTicket]:
    """Close what was solved and nobody contested in the days that the parameter gives."""
    moment = at or now()
    days = integer_of(session, "housing.ticket_close_days", on=date_in_italy(moment))
    solved = select(MaintenanceTicket).where(MaintenanceTicket.state == TicketState.SOLVED)
    waiting = [
        one for one in session.scalars(solved) if one.solved_at and is_unanswered(one.solved_at, moment, days=days)
    ]
    because = str(_("Nobody contested it in %(n)s days", n=days))
    return [_close(session, ticket, because, moment) for ticket in waiting]


def _close(session: Session, ticket: MaintenanceTicket, because: str, at: datetime) -> MaintenanceTicket:
    ticket.closed_at, ticket.closed_because, ticket.state = at, because, TicketState.CLOSED
    session.flush()
    return ticket


def _target(session: Session, ticket: MaintenanceTicket) -> datetime:
    told = values_of(session, "housing.urgent_hours", "housing.repair_days", on=date_in_italy(ticket.opened_at))
    targets = TicketTargets(
        urgent_hours=int(told["housing.urgent_hours"]), normal_days=int(told["housing.repair_days"])
    )
    return target_of(ticket.opened_at, urgent=ticket.urgent, targets=targets)
