"""Arrears read from the ledger: by age, by lease, and which are serious."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from core.api import Money, values_of
from plugins.housing.models import Allocation, Charge, Lease, Rent
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

LIMITS = ("housing.alert_rent_days", "housing.alert_accessory_rents")


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
    return limits_from(values_of(session, *LIMITS, on=on))


def limits_from(told: Mapping[str, str]) -> AlertLimits:
    """The limits among the values of parameters."""
    days, rents = (told[key] for key in LIMITS)
    return AlertLimits(rent_days=int(days), accessory_rents=Decimal(rents))


def alerts_of(session: Session, lease: Lease, *, on: date) -> list[AlertReason]:
    """Why the arrears of a lease are serious on a day; none means no alert."""
    limits = alert_limits(session, on=on)
    return serious_arrears(open_on(lease.charges, on), on, monthly_rent=lease.rent_on(on), limits=limits)


def open_by_lease(session: Session, *, on: date) -> dict[UUID, list[OpenCharge]]:
    """What is owed on a day, lease by lease, summed by the database: settled charges are never fetched."""
    settled = select(Allocation.charge_id, func.sum(Allocation.amount).label("amount")).where(Allocation.on <= on)
    paid = settled.group_by(Allocation.charge_id).subquery()
    owed = Charge.amount - func.coalesce(type_coerce(paid.c.amount, Money), 0)
    wanted = (
        select(Charge.lease_id, Charge.id, Charge.kind, Charge.due_on, type_coerce(owed, Money))
        .outerjoin(paid, paid.c.charge_id == Charge.id)
        .where(Charge.reverses_id.is_(None), owed > 0)
    )
    found: dict[UUID, list[OpenCharge]] = {}
    for lease_id, key, kind, due, amount in session.execute(wanted):
        found.setdefault(lease_id, []).append(OpenCharge(key, kind, due, amount))
    return found


def arrears_by_lease(session: Session, *, on: date, limits: AlertLimits | None = None) -> list[LeaseArrears]:
    """Every lease with something past its due date, the largest debt first."""
    limits, owing = limits or alert_limits(session, on=on), open_by_lease(session, on=on)
    late = [key for key, charges in owing.items() if any(days_late(charge.due, on) > 0 for charge in charges)]
    leases = session.scalars(select(Lease).where(Lease.id.in_(late))).unique()
    found = [_arrears(lease, owing[lease.id], on, limits) for lease in leases]
    return sorted((one for one in found if one.late > 0), key=lambda one: (-one.late, one.lease.number))


@dataclass(frozen=True)
class ArrearsInShort:
    """What all leases owe on a day: past due, by age, and how many are serious."""

    late: Decimal
    buckets: list[Bucket]
    leases: int
    serious: int


def arrears_in_short(session: Session, *, on: date) -> ArrearsInShort:
    """The debt of all leases added up; no lease is fetched but the rents of those that owe."""
    limits, owing = alert_limits(session, on=on), open_by_lease(session, on=on)
    late = {
        key: charges for key, charges in owing.items()
        if open_principal(one for one in charges if days_late(one.due, on) > 0) > 0
    }  # fmt: skip
    signed = select(Lease.id, Lease.monthly_rent, Lease.starts_on).where(Lease.id.in_(late.keys()))
    later = select(Rent.lease_id, Rent.amount, Rent.starts_on).where(
        Rent.lease_id.in_(late.keys()), Rent.starts_on <= on
    )
    # As Lease.rent_on: the last rent that began, or the one signed.
    rents = {row[0]: row[1] for row in [*session.execute(signed), *session.execute(later.order_by(Rent.starts_on))]}
    every = [charge for charges in late.values() for charge in charges]
    return ArrearsInShort(
        late=open_principal(one for one in every if days_late(one.due, on) > 0), buckets=ageing(every, on),
        leases=len(late),
        serious=sum(
            bool(serious_arrears(charges, on, monthly_rent=rents[key], limits=limits)) for key, charges in late.items()
        ),
    )  # fmt: skip


def _arrears(lease: Lease, owing: list[OpenCharge], on: date, limits: AlertLimits) -> LeaseArrears:
    late = [charge for charge in owing if days_late(charge.due, on) > 0]
    oldest = oldest_open(late)
    return LeaseArrears(
        lease=lease, late=open_principal(late), buckets=ageing(owing, on), oldest=oldest,
        days=days_late(oldest.due, on) if oldest else 0,
        reasons=serious_arrears(owing, on, monthly_rent=lease.rent_on(on), limits=limits),
    )  # fmt: skip
