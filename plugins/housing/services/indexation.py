"""The yearly updates of a month: proposed for every running lease, looked at, confirmed together."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, show_date, today
from plugins.housing.models import Lease, LeaseKind, RentSource, RentUpdate, UpdateState
from plugins.housing.models.lease import CHARGED
from plugins.housing.rules.indexation import Series, Update, effective_from, update_rent
from plugins.housing.services.indexes import series
from plugins.housing.services.rents import change_rent, rent_in_force

SETTLED = (UpdateState.CONFIRMED, UpdateState.EXCLUDED)


def propose_updates(session: Session, *, month: date) -> list[RentUpdate]:
    """Say of every running lease what its rent becomes in a month, or why it stays; asking again corrects the answer.

    What was confirmed or left out stays as it is.
    """
    first = month.replace(day=1)
    there = {one.lease_id: one for one in session.scalars(select(RentUpdate).where(RentUpdate.month == first))}
    running = select(Lease).where(Lease.state.in_(CHARGED), Lease.starts_on <= first).order_by(Lease.number)
    told = series(session)
    return [
        _propose(session, lease, first, told, there.get(lease.id)) for lease in session.scalars(running).unique()
    ]  # fmt: skip


def _propose(session: Session, lease: Lease, month: date, told: Series, known: RentUpdate | None) -> RentUpdate:
    if known is not None and known.state in SETTLED:
        return known
    rent = rent_in_force(lease, month)
    found = update_rent(rent, told, month)
    update = known or RentUpdate(lease=lease, month=month)
    update.old_rent, update.new_rent = rent.amount, found.amount
    update.skipped, update.missing = found.skipped, found.missing
    _write_arithmetic(update, found)
    update.state = UpdateState.SKIPPED if found.skipped else UpdateState.PROPOSED
    session.add(update)
    session.flush()
    return update


def _write_arithmetic(update: RentUpdate, found: Update) -> None:
    update.due = found.due
    update.base_month, update.base_value = (found.start.month, found.start.value) if found.start else (None, None)
    update.index_month, update.index_value = (found.end.month, found.end.value) if found.end else (None, None)
    update.coefficient = found.coefficient if found.start and found.end else None
    update.variation, update.applied = found.variation, found.applied


def confirm_update(session: Session, update: RentUpdate, *, requested_on: date | None = None) -> RentUpdate:
    """Give the lease its new rent from the month after the landlord's written request; for SAP from the due month."""
    update = _held(session, update)
    if update.state is not UpdateState.PROPOSED or update.new_rent is None or update.due is None:
        raise Refusal(_("%(update)s: this update is not waiting to be confirmed.", update=update))
    if requested_on is not None and requested_on > today():
        raise Refusal(_("Write the day the request was sent: it cannot be in the future."), field="requested_on")
    lease = update.lease
    now = rent_in_force(lease, update.month)
    if now.amount != update.old_rent:
        raise Refusal(_("%(update)s: the rent changed meanwhile. Propose the updates again.", update=update))
    first = effective_from(update.due, requested_on, by_law=lease.kind is LeaseKind.SAP)
    if any(one.starts_on >= first for one in lease.rents):
        raise Refusal(_("%(update)s: another rent begins on %(day)s or later.", update=update, day=show_date(first)))
    update.rent = change_rent(
        session, lease, starts_on=first, amount=update.new_rent, source=RentSource.INDEXED, anchor=update.due,
        base_month=update.index_month,
    )  # fmt: skip
    update.requested_on, update.effective_from, update.state = requested_on, first, UpdateState.CONFIRMED
    session.flush()
    return update


def confirm_updates(session: Session, keys: Sequence[UUID], *, requested_on: date | None) -> int:
    """Confirm the chosen updates, all of them or none, and say how many."""
    wanted = select(RentUpdate).where(RentUpdate.id.in_(keys)).order_by(RentUpdate.id)
    updates = session.scalars(wanted).unique().all()
    for update in updates:
        confirm_update(session, update, requested_on=requested_on)
    return len(updates)


def waiting(session: Session, month: date) -> list[UUID]:
    """The keys of a month's updates that can be confirmed, in their order."""
    wanted = select(RentUpdate.id).where(RentUpdate.month == month, RentUpdate.state == UpdateState.PROPOSED)
    return list(session.scalars(wanted.order_by(RentUpdate.id)))


def exclude_update(session: Session, update: RentUpdate, *, reason: str) -> RentUpdate:
    """Leave a rent as it is this year, and write why."""
    update.state, update.note = UpdateState.EXCLUDED, reason
    session.flush()
    return update


def include_update(session: Session, update: RentUpdate) -> RentUpdate:
    """Put an update that was left out back among the proposed, computed anew."""
    update.state, update.note = UpdateState.PROPOSED, None
    return _propose(session, update.lease, update.month, series(session), update)


def take_update_back(session: Session, update: RentUpdate, *, reason: str) -> RentUpdate:
    """Give the lease its old rent again from the same month; what was charged meanwhile is taken back by hand."""
    update = _held(session, update)
    if update.state is not UpdateState.CONFIRMED or update.rent is None:
        raise Refusal(_("This update was not confirmed."))
    lease, made = update.lease, update.rent
    if lease.rents[-1] is not made:
        raise Refusal(_("A later rent stands on this one: correct that one first."))
    before = lease.rents[-2] if len(lease.rents) > 1 else None
    first = lease.starts_on.replace(day=1)
    change_rent(
        session, lease, starts_on=made.starts_on, amount=update.old_rent, source=RentSource.CORRECTED, note=reason,
        anchor=before.anchor if before else first, base_month=update.base_month,
    )  # fmt: skip
    update.state, update.note = UpdateState.TAKEN_BACK, reason
    session.flush()
    return update


def _held(session: Session, update: RentUpdate) -> RentUpdate:
    wanted = select(RentUpdate).where(RentUpdate.id == update.id).with_for_update(of=RentUpdate)
    return session.scalars(wanted.execution_options(populate_existing=True)).unique().one()


def missing_months(updates: Iterable[RentUpdate]) -> list[date]:
    """The months whose index nobody entered yet, each once."""
    return sorted({one.missing for one in updates if one.missing is not None})
