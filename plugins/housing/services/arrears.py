"""Arrears read from the ledger: by age, by lease, and which are serious."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.api import decimal_of, integer_of
from plugins.housing.models import Charge, Lease
from plugins.housing.rules.arrears import (
    AlertLimits,
    AlertReason,
    Bucket,
    ageing,
    days_late,
    oldest_open,
    serious_arrears,
)
from plugins.housing.rules.ledger import NOTHING, OpenCharge, open_principal
from plugins.housing.rules.plans import PlanInstalment, plan_instalments


@dataclass(frozen=True)
class LeaseArrears:
    """What one lease owes on a day."""

    lease: Lease
    late: Decimal
    buckets: list[Bucket]
    oldest: OpenCharge | None
    days: int
    reasons: list[AlertReason]


def open_on(charges: Iterable[Charge], on: date) -> list[OpenCharge]:
    """Charges with what was owed on them on a day: later payments do not count."""
    owing = []
    for charge in charges:
        settled = sum((one.amount for one in charge.allocations if one.on <= on), NOTHING)
        if charge.reverses_id is None and charge.amount > settled:
            owing.append(OpenCharge(charge.id, charge.kind, charge.due_on, charge.amount - settled))
    return owing


def ageing_of(session: Session, *, on: date, lease: Lease | None = None) -> list[Bucket]:
    """Open principal of one lease, or of all, by days late on a day."""
    charges = select(Charge).where(Charge.reverses_id.is_(None))
    if lease is not None:
        charges = charges.where(Charge.lease_id == lease.id)
    return ageing(open_on(session.scalars(charges), on), on)


def alert_limits(session: Session, *, on: date) -> AlertLimits:
    """When arrears are serious, as the parameters say."""
    return AlertLimits(
        rent_days=integer_of(session, "housing.alert_rent_days", on=on),
        accessory_rents=decimal_of(session, "housing.alert_accessory_rents", on=on),
    )


def alerts_of(session: Session, lease: Lease, *, on: date) -> list[AlertReason]:
    """Why the arrears of a lease are serious on a day; none means no alert."""
    limits = alert_limits(session, on=on)
    return serious_arrears(open_on(lease.charges, on), on, monthly_rent=lease.rent_on(on), limits=limits)


def arrears_by_lease(session: Session, *, on: date) -> list[LeaseArrears]:
    """Every lease with something past its due date, the largest debt first."""
    limits = alert_limits(session, on=on)
    leases = select(Lease).where(Lease.charges.any(Charge.due_on < on)).options(selectinload(Lease.charges))
    found = [_arrears(lease, on, limits) for lease in session.scalars(leases).unique()]
    return sorted((one for one in found if one.late > 0), key=lambda one: (-one.late, one.lease.number))


def _arrears(lease: Lease, on: date, limits: AlertLimits) -> LeaseArrears:
    owing = open_on(lease.charges, on)
    late = [charge for charge in owing if days_late(charge.due, on) > 0]
    oldest = oldest_open(late)
    return LeaseArrears(
        lease=lease, late=open_principal(late), buckets=ageing(owing, on), oldest=oldest,
        days=days_late(oldest.due, on) if oldest else 0,
        reasons=serious_arrears(owing, on, monthly_rent=lease.rent_on(on), limits=limits),
    )  # fmt: skip


def preview_plan(session: Session, lease: Lease, *, count: int, first: date, on: date) -> list[PlanInstalment]:
    """How the debt of a lease would be paid in so many instalments; nothing is written."""
    late = [charge for charge in open_on(lease.charges, on) if days_late(charge.due, on) > 0]
    return plan_instalments(sum((charge.owed for charge in late), NOTHING), count, first)
