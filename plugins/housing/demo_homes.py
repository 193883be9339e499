"""Homes at work in the demo network: repairs, a handover, a visit, steps about arrears, a contact, a plan."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import today
from plugins.housing.models import (
    Channel,
    Condition,
    ContactOutcome,
    HandoverKind,
    InspectionOutcome,
    InspectionPurpose,
    Lease,
    LeaseState,
    MeterKind,
    TicketKind,
)
from plugins.housing.services import handovers, inspections, ladder, picture, plans, support, tickets

REPAIRS = (
    (TicketKind.WATER, "Perdita sotto il lavello", 3, None), (TicketKind.HEATING, "Caldaia che si spegne", 20, None),
    (TicketKind.FIXTURES, "Tapparella bloccata", 6, None), (TicketKind.ELECTRIC, "Presa che scalda", 12, "210.00"),
    (TicketKind.LIFT, "Luce delle scale spenta", 9, "45.00"),
)  # fmt: skip


def load(session: Session) -> None:
    """A few records of each kind, through the same services as everybody."""
    running = select(Lease).where(Lease.state == LeaseState.ACTIVE).order_by(Lease.number).limit(len(REPAIRS))
    leases = list(session.scalars(running).unique())
    if len(leases) < len(REPAIRS):
        return
    for lease, repair in zip(leases, REPAIRS, strict=True):
        _repair(session, lease, repair)
    _handover(session, leases[0])
    inspections.record_inspection(
        session, dwelling=leases[1].dwelling, made_on=today() - timedelta(days=30), purpose=InspectionPurpose.PERIODIC,
        inspector="Ufficio casa", outcome=InspectionOutcome.GOOD, next_on=today() + timedelta(days=20),
    )  # fmt: skip
    _arrears(session)


def _repair(session: Session, lease: Lease, repair: tuple[TicketKind, str, int, str | None]) -> None:
    kind, subject, ago, cost = repair
    opened = datetime.combine(today() - timedelta(days=ago), time(9, 30), tzinfo=UTC)
    ticket = tickets.open_ticket(session, kind=kind, subject=subject, dwelling=lease.dwelling, opened_at=opened)
    if cost is not None:
        tickets.solve_ticket(
            session, ticket, outcome="Riparato", cost=Decimal(cost), solved_at=opened + timedelta(days=1)
        )


def _handover(session: Session, lease: Lease) -> None:
    report = handovers.open_handover(
        session, lease=lease, kind=HandoverKind.DELIVERY, made_on=lease.starts_on, keys=2,
        present=f"{lease.tenant_names}, inquilino; Ufficio casa, locatore",
    )  # fmt: skip
    for room, name in (("Cucina", "Lavello e rubinetto"), ("Camera", "Porta interna"), ("Bagno", "Scaldabagno")):
        handovers.add_item(session, report, room=room, name=name, condition=Condition.GOOD)
    handovers.add_reading(session, report, kind=MeterKind.WATER, serial="AC-1", value=Decimal("120.5"))
    handovers.sign_handover(session, report, landlord_signed_on=lease.starts_on, tenant_signed_on=lease.starts_on)


def _arrears(session: Session) -> None:
    """The ladder of today; the largest debt has a contact and a note, the second one a plan."""
    day = today()
    ladder.propose_steps(session, on=day)
    owing = [line.arrears.lease for line in picture.pictures(session, on=day, notes=False)]
    if not owing:
        return
    support.record_contact(
        session, lease=owing[0], made_on=day - timedelta(days=2), channel=Channel.PHONE,
        outcome=ContactOutcome.APPOINTMENT, next_on=day + timedelta(days=5),
    )  # fmt: skip
    support.write_note(session, owing[0], text="Contratto a termine non rinnovato; due figli; vuole pagare a rate.")
    for lease in owing[1:2]:
        plan = plans.propose_plan(session, lease, count=6, first_due=day + timedelta(days=10))
        plans.accept_as_tenant(session, plan, on=day)
        plans.accept_as_manager(session, plan, on=day)
        plans.activate_plan(session, plan)
