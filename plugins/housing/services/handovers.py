"""Handover reports: written, signed by both, and what a signed one moves: the lease, the home, the damages."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, next_number, today
from plugins.housing.models import (
    Charge,
    Condition,
    DwellingState,
    Handover,
    HandoverKind,
    HandoverState,
    InventoryItem,
    Lease,
    LeaseState,
    MeterKind,
    MeterReading,
)
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import ledger, meters
from plugins.housing.services.leases import RUNNING, activate_lease

SERIES = "HANDOVER"
DELIVERABLE = (LeaseState.SIGNED, LeaseState.REGISTERED, *RUNNING)
RETURNABLE = (*RUNNING, LeaseState.ENDED, LeaseState.TERMINATED)
BROKEN = (Condition.DAMAGED, Condition.MISSING)


def open_handover(session: Session, *, lease: Lease, kind: HandoverKind, **rest: Any) -> Handover:
    """Begin a report; one of return begins with what was delivered, thing by thing."""
    allowed = DELIVERABLE if kind is HandoverKind.DELIVERY else RETURNABLE
    if lease.state not in allowed:
        raise Refusal(
            _("The lease is %(state)s: no such report is made of it.", state=lease.state.label), field="lease"
        )
    if report_of(session, lease, kind) is not None:
        raise Refusal(_("This lease already has such a report."), field="kind")
    report = Handover(
        kind=kind, number=next_number(session, SERIES, on=rest["made_on"]),
        **{name: value for name, value in rest.items() if value is not None},
    )  # fmt: skip
    session.add(report)
    report.lease = lease
    delivery = report_of(session, lease, HandoverKind.DELIVERY) if kind is HandoverKind.RETURN else None
    report.items = [
        InventoryItem(
            room=one.room, name=one.name, quantity=one.quantity, delivered=one.condition, condition=one.condition
        )
        for one in (delivery.items if delivery else ())
    ]
    session.flush()
    return report


def report_of(session: Session, lease: Lease, kind: HandoverKind) -> Handover | None:
    """The lease's report of delivery or of return, when there is one."""
    wanted = select(Handover).where(Handover.lease_id == lease.id, Handover.kind == kind)
    return session.scalars(wanted).first()


def amend_handover(session: Session, report: Handover, **changes: Any) -> Handover:
    """Correct a report that nobody signed yet."""
    _refuse_signed(report)
    if changes.get("lease", report.lease) is not report.lease or changes.get("kind", report.kind) is not report.kind:
        raise Refusal(_("A report keeps its lease and its kind: remove it and begin another one."), field="lease")
    for name, value in changes.items():
        setattr(report, name, value)
    session.flush()
    return report


def remove_handover(session: Session, report: Handover) -> None:
    """Remove a report that nobody signed; its readings stay with the home."""
    _refuse_signed(report)
    for reading in report.readings:
        reading.handover = None
    session.delete(report)
    session.flush()


def add_item(session: Session, report: Handover, *, name: str, condition: Condition, **rest: Any) -> InventoryItem:
    """Add a thing to the inventory."""
    _refuse_signed(report)
    item = InventoryItem(
        name=name, condition=condition, **{key: told for key, told in rest.items() if told is not None}
    )
    with session.no_autoflush:
        item.handover = report
        _check_item(item)
    session.add(item)
    session.flush()
    return item


def amend_item(session: Session, item: InventoryItem, **changes: Any) -> InventoryItem:
    """Write in what condition a thing is found, and what is asked for it."""
    with session.no_autoflush:
        for name, value in changes.items():
            setattr(item, name, value)
        _check_item(item)
    session.flush()
    return item


def remove_item(session: Session, item: InventoryItem) -> None:
    """Take a thing off an inventory that nobody signed."""
    _refuse_signed(item.handover)
    item.handover.items.remove(item)
    session.flush()


def _check_item(item: InventoryItem) -> None:
    _refuse_signed(item.handover)
    if item.quantity is not None and item.quantity <= 0:
        raise Refusal(_("Write a number above zero."), field="quantity")
    if item.damage is None:
        return
    if item.damage < 0:
        raise Refusal(_("Write an amount that is not negative."), field="damage")
    if item.damage and (item.handover.kind is not HandoverKind.RETURN or item.condition not in BROKEN):
        raise Refusal(_("An amount is asked on return, for what is damaged or missing."), field="damage")


def add_reading(
    session: Session, report: Handover, *, kind: MeterKind, serial: str, value: Decimal, replaced: bool = False
) -> MeterReading:
    """Write down a meter's reading on the day of the report."""
    _refuse_signed(report)
    return meters.record_reading(
        session, dwelling=report.lease.dwelling, kind=kind, serial=serial, value=value, read_on=report.made_on,
        replaced=replaced, handover=report,
    )  # fmt: skip


def sign_handover(
    session: Session, report: Handover, *, landlord_signed_on: date, tenant_signed_on: date | None = None,
    works_needed: bool = False,
) -> Handover:  # fmt: skip
    """Write down the signatures; delivery makes the lease active, return gives the home back, perhaps to works.

    Who does not sign, or is not there, is told of in the remarks: a return by force has one signature.
    """
    if tenant_signed_on is None and not report.remarks:
        raise Refusal(_("Without the tenant's signature, write why among the remarks."), field="tenant_signed_on")
    for name, day in (("landlord_signed_on", landlord_signed_on), ("tenant_signed_on", tenant_signed_on)):
        if day is not None and not report.made_on <= day <= today():
            raise Refusal(_("A report is signed on its day or after it, not in the future."), field=name)
    report.landlord_signed_on, report.tenant_signed_on = landlord_signed_on, tenant_signed_on
    report.works_needed, report.state = works_needed, HandoverState.SIGNED
    if report.kind is HandoverKind.DELIVERY:
        if report.lease.state not in RUNNING:
            activate_lease(session, report.lease)
    else:
        _take_back(report)
    session.flush()
    return report


def _take_back(report: Handover) -> None:
    home, works = report.lease.dwelling, report.works_needed
    home.state = DwellingState.IN_MAINTENANCE if works else DwellingState.BEING_RETURNED
    home.state_reason = str(_("Works after %(number)s", number=report.number)) if works else None


def charge_damages(session: Session, report: Handover, *, due_on: date) -> Charge:
    """Charge the tenant what a signed report of return asks for; once."""
    if report.state is not HandoverState.SIGNED:
        raise Refusal(_("Sign the report first."))
    if report.charge_id is not None:
        raise Refusal(_("The damages of this report are already charged."))
    if report.damages <= 0:
        raise Refusal(_("The report asks for no damages."))
    note = str(_("Damages, report %(number)s", number=report.number))
    report.charge = ledger.add_charge(
        session, report.lease, kind=ChargeKind.DAMAGES, due_on=due_on, amount=report.damages, note=note
    )
    session.flush()
    return report.charge


def _refuse_signed(report: Handover) -> None:
    if report.state is HandoverState.SIGNED:
        raise Refusal(_("A signed report is never changed."))
