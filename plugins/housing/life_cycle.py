"""What to know before the module is switched off, and what housing must keep when it is purged."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Duty, Finding, Weight, _, add_months, plural, today
from plugins.housing.models import Application, Call, CallState, Charge, Lease, Payment, Ranking
from plugins.housing.models.lease import CHARGED

LEDGER_MONTHS, APPLICATION_MONTHS = 10 * 12, 5 * 12


def before_switching_off(session: Session) -> list[Finding]:
    """What stops with the module: rents of running leases, applications to open calls."""
    running = session.scalar(select(func.count(Lease.id)).where(Lease.state.in_(CHARGED))) or 0
    open_calls = session.scalar(select(func.count(Call.id)).where(Call.state == CallState.OPEN)) or 0
    found = []
    if running:
        found.append(Finding(
            plural("%(n)s lease is running: meanwhile its rents are not charged and nobody is reminded.",
                   "%(n)s leases are running: meanwhile their rents are not charged and nobody is reminded.", running),
            Weight.WARNS,
        ))  # fmt: skip
    if open_calls:
        found.append(Finding(
            plural("%(n)s call is open: meanwhile nobody can apply, and its terms run on.",
                   "%(n)s calls are open: meanwhile nobody can apply, and their terms run on.", open_calls),
            Weight.WARNS,
        ))  # fmt: skip
    return found


def duties(session: Session) -> list[Duty]:
    """Ledgers for ten years after the lease ends, applications for five after the last ranking ends."""
    return [_ledgers(session), _applications(session)]


def _ledgers(session: Session) -> Duty:
    kept = select(Lease.id).where(Lease.ends_on.is_(None) | (Lease.ends_on >= add_months(today(), -LEDGER_MONTHS)))
    rows = sum(
        session.scalar(select(func.count(model.id)).where(model.lease_id.in_(kept))) or 0 for model in (Charge, Payment)
    )
    last = session.scalar(select(func.max(Lease.ends_on)).where(Lease.id.in_(kept)))
    endless = session.scalar(select(Lease.id).where(Lease.ends_on.is_(None)).limit(1))
    return Duty(
        _("Charges and payments of leases"), rows, None if endless else _later(last, LEDGER_MONTHS),
        _("Accounts are kept for ten years (art. 2220 c.c.)."),
    )  # fmt: skip


def _applications(session: Session) -> Duty:
    last = session.scalar(select(func.max(Ranking.expires_on)))
    over = last is not None and add_months(last, APPLICATION_MONTHS) < today()
    rows = 0 if over else session.scalar(select(func.count(Application.id))) or 0
    return Duty(
        _("Applications and their documents"), rows, _later(last, APPLICATION_MONTHS),
        _("Rankings may be challenged, and access to documents asked, for years after they end."),
    )  # fmt: skip


def _later(day: date | None, months: int) -> date | None:
    return add_months(day, months) if day else None
