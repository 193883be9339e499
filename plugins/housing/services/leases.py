"""Leases: signed within the law, made active, ended."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Person, Refusal, _, announce, integer_of, next_number, rows_of, show_date, show_money, today
from plugins.housing.models import (
    ApplicationState,
    Assignment,
    AssignmentState,
    Dwelling,
    DwellingState,
    HandoverKind,
    HandoverState,
    Lease,
    LeaseKind,
    LeaseState,
    LeaseTenant,
)
from plugins.housing.models.lease import CHARGED
from plugins.housing.rules.deposits import exceeds_deposit_cap, highest_deposit
from plugins.housing.rules.leases import Period, TermLimits, first_overlap
from plugins.housing.rules.rent import LAST_DUE_DAY
from plugins.housing.services.agreed import check_agreed_rent
from plugins.housing.services.dwellings import lock_dwelling

SERIES, DRAFT = "LEASE", "BOZZA"
RUNNING = CHARGED


class HomeTaken(Refusal):
    """The home is already let for some of those days."""


class DepositTooHigh(Refusal):
    """More than the law lets a landlord ask (L. 392/1978 art. 11)."""


def prepare_lease(session: Session, **told: Any) -> Lease:
    """Write a draft: it holds the home's days, is checked like a lease, and binds nobody yet."""
    lease = _composed(session, lambda first_day: f"{DRAFT}-{uuid4().hex[:8].upper()}", **told)
    lease.state = LeaseState.DRAFT
    session.flush()
    return lease


def sign_lease(session: Session, **told: Any) -> Lease:
    """Let a home to one or two people; with an assignment, its home to its applicant.

    The home's row is held until the transaction ends, so that two clerks cannot let the same days.
    """
    return _signed(session, _composed(session, lambda first_day: next_number(session, SERIES, on=first_day), **told))


def record_lease(session: Session, *, draft: bool = False, **told: Any) -> Lease:
    """A lease as the form dictates it: signed, or kept as a draft."""
    return prepare_lease(session, **told) if draft else sign_lease(session, **told)


def sign_draft(session: Session, lease: Lease) -> Lease:
    """Sign a draft: from now on it has its number and binds its parties."""
    home = lock_dwelling(session, lease.dwelling)
    check_terms(session, lease)
    _refuse_promised(home, lease.assignment)
    if lease.assignment is not None and lease.assignment.state is not AssignmentState.ASSIGNED:
        raise Refusal(_("This home is not assigned by decree yet."))
    lease.number = next_number(session, SERIES, on=lease.starts_on)
    return _signed(session, lease)


def _composed(
    session: Session,
    number: Callable[[date], str],
    *,
    kind: LeaseKind,
    starts_on: date,
    monthly_rent: Decimal,
    dwelling: Dwelling | None = None,
    tenant: Person | None = None,
    second_tenant: Person | None = None,
    assignment: Assignment | None = None,
    ends_on: date | None = None,
    **rest: Any,
) -> Lease:
    home, tenants = _who_and_what(dwelling, tenant, second_tenant, assignment)
    home = lock_dwelling(session, home)
    values = {name: value for name, value in rest.items() if value is not None}
    lease = Lease(kind=kind, starts_on=starts_on, ends_on=ends_on, monthly_rent=monthly_rent, **values)
    check_terms(session, lease)
    refuse_overlap(session, home, lease)
    _refuse_promised(home, assignment)
    lease.number = number(starts_on)
    session.add(lease)
    lease.dwelling, lease.assignment = home, assignment
    lease.tenants = [LeaseTenant(person=person) for person in tenants]
    return lease


def _signed(session: Session, lease: Lease) -> Lease:
    lease.state = LeaseState.SIGNED
    if lease.assignment is not None:
        lease.assignment.state = AssignmentState.LEASED
        lease.assignment.application.state = ApplicationState.LEASED
    if lease.dwelling.state in {DwellingState.AVAILABLE, DwellingState.RESERVED}:
        lease.dwelling.state = DwellingState.ASSIGNED
    session.flush()
    announce(session, "housing.lease_signed", lease=lease.id)
    return lease


def _who_and_what(
    dwelling: Dwelling | None, tenant: Person | None, second: Person | None, assignment: Assignment | None
) -> tuple[Dwelling, list[Person]]:
    if assignment is not None:
        if assignment.state is not AssignmentState.ASSIGNED:
            raise Refusal(_("This home is not assigned by decree yet."), field="assignment")
        if dwelling is not None and dwelling.id != assignment.dwelling_id:
            raise Refusal(_("The assignment is about another home."), field="dwelling")
        dwelling, tenant = assignment.dwelling, tenant or assignment.application.person
    if dwelling is None:
        raise Refusal(_("Choose the home."), field="dwelling")
    if tenant is None:
        raise Refusal(_("Choose who signs."), field="tenant")
    if second is not None and second.id == tenant.id:
        raise Refusal(_("This person already signs the lease."), field="second_tenant")
    return dwelling, [tenant, *([second] if second else [])]


def check_terms(session: Session, lease: Lease) -> None:
    """Refuse what the law does not let a lease of its kind say: its length, deposit, due day and rent."""
    if lease.ends_on is not None and lease.ends_on < lease.starts_on:
        raise Refusal(_("The last day comes before the first."), field="ends_on")
    if lease.monthly_rent < 0:
        raise Refusal(_("Write an amount that is not negative."), field="monthly_rent")
    if lease.due_day is not None and not 1 <= lease.due_day <= LAST_DUE_DAY:
        raise Refusal(_("The due day is between 1 and 28."), field="due_day")
    limits = terms_of(session, lease.kind, on=lease.starts_on)
    if limits.is_too_short(lease.period):
        raise Refusal(_("A lease of this kind lasts at least %(n)s months.", n=limits.least), field="ends_on")
    if limits.is_too_long(lease.period):
        raise Refusal(_("A lease of this kind lasts at most %(n)s months.", n=limits.most), field="ends_on")
    _check_deposit(session, lease)
    check_agreed_rent(session, lease)


def _check_deposit(session: Session, lease: Lease) -> None:
    deposit = lease.deposit or Decimal(0)
    months = integer_of(session, "housing.deposit_months", on=lease.starts_on)
    if exceeds_deposit_cap(deposit, lease.monthly_rent, months):
        most = show_money(highest_deposit(lease.monthly_rent, months))
        raise DepositTooHigh(
            _("The deposit is at most %(n)s monthly rents: %(amount)s.", n=months, amount=most), field="deposit"
        )


def terms_of(session: Session, kind: LeaseKind, *, on: date) -> TermLimits:
    """How many months a lease of a kind may last; a kind that the parameter does not name has no limit."""
    for row in rows_of(session, "housing.lease_terms", on=on):
        name, least, most = (*row, "", "")[:3]
        if name == kind.value:
            return TermLimits(int(least) if least else None, int(most) if most else None)
    return TermLimits()


def refuse_overlap(session: Session, home: Dwelling, lease: Lease) -> None:
    """Refuse days on which another lease, or a draft, already holds the home."""
    wanted = select(Lease).where(Lease.dwelling_id == home.id)
    others = [one for one in session.scalars(wanted).unique() if one is not lease]
    touching = first_overlap(lease.period, [other.period for other in others])
    if touching is None:
        return
    other = next(one for one in others if asdict(one.period) == asdict(touching))
    until = show_date(touching.last) if touching.last else _("further notice")
    raise HomeTaken(
        _("%(home)s is already let from %(first)s until %(last)s (%(lease)s).",
          home=home, first=show_date(touching.first), last=until, lease=other.number),
        field="starts_on",
    )  # fmt: skip


def _refuse_promised(home: Dwelling, assignment: Assignment | None) -> None:
    promised = home.state in {DwellingState.RESERVED, DwellingState.ASSIGNED} and assignment is None
    if promised or home.state is DwellingState.OUT_OF_USE:
        raise HomeTaken(_("%(home)s is %(state)s.", home=home, state=home.state.label), field="dwelling")


def register_lease(session: Session, lease: Lease, *, registration: str, registered_on: date) -> Lease:
    """Write down the registration with the Revenue Agency."""
    lease.registration, lease.registered_on, lease.state = registration, registered_on, LeaseState.REGISTERED
    session.flush()
    return lease


def activate_lease(session: Session, lease: Lease) -> Lease:
    """Hand over the keys: from now on the lease makes charges and the home is occupied."""
    lease.state, lease.dwelling.state = LeaseState.ACTIVE, DwellingState.OCCUPIED
    session.flush()
    return lease


def give_notice(session: Session, lease: Lease, *, ends_on: date, reason: str) -> Lease:
    """Write down who gives notice and the last day that follows from it."""
    _shorten(lease, ends_on)
    lease.state, lease.ending_reason = LeaseState.NOTICE, reason
    session.flush()
    return lease


def start_eviction(session: Session, lease: Lease, *, reason: str) -> Lease:
    """Write down that an eviction is under way: rent is owed until the home is returned."""
    lease.state, lease.ending_reason = LeaseState.EVICTION, reason
    session.flush()
    return lease


def pay_annuity(session: Session, lease: Lease, *, registration_year: int) -> Lease:
    """Write down the last year whose registration tax is paid."""
    if not lease.starts_on.year <= registration_year <= today().year + 1:
        raise Refusal(_("Write a year of this lease."), field="registration_year")
    lease.registration_year = registration_year
    session.flush()
    return lease


def name_guarantor(session: Session, lease: Lease, *, guarantor: str | None = None) -> Lease:
    """Write down who answers for the tenant; empty when nobody does any more."""
    lease.guarantor = guarantor
    session.flush()
    return lease


def terminate_lease(session: Session, lease: Lease, *, ends_on: date, reason: str) -> Lease:
    """End a lease before its time, or at it; the home is being returned."""
    _shorten(lease, ends_on)
    lease.state, lease.ending_reason = LeaseState.TERMINATED, reason
    _give_back(lease)
    session.flush()
    return lease


def end_lease(session: Session, lease: Lease, *, on: date | None = None) -> Lease:
    """Mark that a lease came to its last day; the home is being returned."""
    if lease.ends_on is None or lease.ends_on > (on or today()):
        raise Refusal(_("This lease has not come to its last day: give notice or terminate it."))
    lease.state = LeaseState.ENDED
    _give_back(lease)
    session.flush()
    return lease


def _give_back(lease: Lease) -> None:
    """The home is being returned, unless a signed report already said what became of it."""
    if not any(one.kind is HandoverKind.RETURN and one.state is HandoverState.SIGNED for one in lease.handovers):
        lease.dwelling.state = DwellingState.BEING_RETURNED


def close_lease(session: Session, lease: Lease) -> Lease:
    """Close a lease once its ledger is settled and what was delivered with a report came back with one."""
    if any(charge.owed > 0 for charge in lease.charges):
        raise Refusal(_("Something is still owed on this lease."))
    signed = {report.kind for report in lease.handovers if report.state is HandoverState.SIGNED}
    if HandoverKind.DELIVERY in signed and HandoverKind.RETURN not in signed:
        raise Refusal(_("The home was delivered with a report: sign the report of its return first."))
    lease.state = LeaseState.CLOSED
    session.flush()
    return lease


def _shorten(lease: Lease, ends_on: date) -> None:
    if ends_on < lease.starts_on:
        raise Refusal(_("The last day comes before the first."), field="ends_on")
    if lease.ends_on is not None and ends_on > lease.ends_on:
        raise Refusal(_("The lease already ends on %(day)s.", day=show_date(lease.ends_on)), field="ends_on")
    lease.ends_on = ends_on


def covers(lease: Lease, month: Period) -> Period | None:
    """The days of a month that the lease covers; who does not leave owes the rent until the keys (art. 1591 c.c.)."""
    first = max(month.first, lease.starts_on)
    ends_on = None if lease.state is LeaseState.EVICTION else lease.ends_on
    last = min(month.last or date.max, ends_on or date.max)
    return Period(first, last) if first <= last else None
