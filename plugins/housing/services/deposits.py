"""Deposits: taken within the cap, with the legal interest of each year, given back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, decimal_of, integer_of, show_money, today
from plugins.housing.models import DepositKind, DepositMovement, Lease
from plugins.housing.rules.deposits import (
    YearInterest,
    exceeds_deposit_cap,
    highest_deposit,
    legal_interest,
    total_interest,
)
from plugins.housing.rules.ledger import NOTHING


@dataclass(frozen=True)
class DepositStatement:
    """A deposit and what it bore, year by year, until a day."""

    deposit: Decimal
    lines: list[YearInterest]
    paid: Decimal

    @property
    def interest(self) -> Decimal:
        """All the interest it bore."""
        return total_interest(self.lines)

    @property
    def due(self) -> Decimal:
        """Interest not paid yet."""
        return self.interest - self.paid


def take_deposit(session: Session, lease: Lease, *, amount: Decimal, on: date) -> DepositMovement:
    """Write down a deposit paid in; with what is already held it never passes the legal cap."""
    _hold(session, lease)
    months = integer_of(session, "housing.deposit_months", on=lease.starts_on)
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if exceeds_deposit_cap(held(lease) + amount, lease.monthly_rent, months):
        most = show_money(highest_deposit(lease.monthly_rent, months))
        raise Refusal(
            _("The deposit is at most %(n)s monthly rents: %(amount)s.", n=months, amount=most), field="amount"
        )
    return _move(session, lease, DepositKind.PAID_IN, amount, on)


def return_deposit(
    session: Session, lease: Lease, *, on: date, withheld: Decimal | None = None, reason: str | None = None
) -> DepositMovement | None:
    """Give a deposit back with its interest, less what is withheld and why."""
    _hold(session, lease)
    deposit, kept = held(lease), withheld or NOTHING
    if deposit <= 0:
        raise Refusal(_("No deposit is held on this lease."))
    if kept < 0 or kept > deposit:
        raise Refusal(_("What is withheld is at most the deposit."), field="withheld")
    if kept and not reason:
        raise Refusal(_("Write why part of the deposit is withheld."), field="reason")
    due = deposit_statement(session, lease, until=on).due
    if due > 0:
        _move(session, lease, DepositKind.INTEREST, due, on)
    if kept:
        _move(session, lease, DepositKind.WITHHELD, kept, on, reason=reason)
    return _move(session, lease, DepositKind.RETURNED, deposit - kept, on) if deposit > kept else None


def held(lease: Lease) -> Decimal:
    """The deposit still in the landlord's hands."""
    signs = {DepositKind.PAID_IN: 1, DepositKind.WITHHELD: -1, DepositKind.RETURNED: -1, DepositKind.INTEREST: 0}
    return sum((signs[one.kind] * one.amount for one in lease.deposit_movements), NOTHING)


def deposit_statement(session: Session, lease: Lease, *, until: date) -> DepositStatement:
    """The interest of every deposit paid in, from the day after to the day given or to its return, included."""
    gone = [one.on for one in lease.deposit_movements if one.kind in {DepositKind.RETURNED, DepositKind.WITHHELD}]
    if gone and held(lease) <= 0:
        until = min(until, max(gone))
    lines: list[YearInterest] = []
    for one in lease.deposit_movements:
        if one.kind is DepositKind.PAID_IN and one.on <= until:
            years = range(one.on.year, until.year + 1)
            percents = {year: decimal_of(session, "legal_interest", on=date(year, 12, 31)) for year in years}
            lines += legal_interest(one.amount, paid_on=one.on, until=until, percents=percents)
    paid = sum((one.amount for one in lease.deposit_movements if one.kind is DepositKind.INTEREST), NOTHING)
    return DepositStatement(held(lease), lines, paid)


def leases_with_deposit(session: Session) -> list[UUID]:
    """The keys of the leases on which a deposit was ever paid in, in their order."""
    wanted = select(DepositMovement.lease_id).where(DepositMovement.kind == DepositKind.PAID_IN).distinct()
    return sorted(session.scalars(wanted))


def pay_interest(session: Session, lease: Lease, *, year: int) -> DepositMovement | None:
    """Pay the legal interest of a deposit still held, up to the end of a year (L. 392/1978 art. 11).

    What was paid before is counted, so a second time pays nothing.
    """
    last = date(year, 12, 31)
    if last > today():
        raise Refusal(_("The year %(year)s is not over: its interest is paid at its end.", year=year), field="year")
    _hold(session, lease)
    if held(lease) <= 0:
        return None
    due = deposit_statement(session, lease, until=last).due
    return _move(session, lease, DepositKind.INTEREST, due, last) if due > 0 else None


def _hold(session: Session, lease: Lease) -> None:
    """Lock the lease and read its movements again, so that two clerks never move the same deposit."""
    session.execute(select(Lease.id).where(Lease.id == lease.id).with_for_update(of=Lease))
    session.refresh(lease, ["deposit_movements"])


def _move(
    session: Session, lease: Lease, kind: DepositKind, amount: Decimal, on: date, *, reason: str | None = None
) -> DepositMovement:
    movement = DepositMovement(lease=lease, kind=kind, amount=amount, on=on, reason=reason)
    session.add(movement)
    session.flush()
    return movement
