"""What housing does apart from pages, in steps that a stop loses nothing of."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.api import Job, Words, Work, _, plural, show_date, show_money, show_month, start_job, today
from plugins.housing.services import ledger, rankings, recovery, tickets
from plugins.housing.services.registrations import waiting_for_registration

AT_ONCE = 100
MANY = 250
CHARGE = "housing.charge-month"


def start_charging(session: Session, *, month: date) -> Job:
    """The job that charges the month of a day: the one that waits or runs already, when there is one."""
    first = month.replace(day=1)
    return start_job(
        session, CHARGE, month=first.isoformat(), once=f"{CHARGE} {first:%Y-%m}",
        title=_("Charge a month: %(month)s", month=show_month(first)),
    )  # fmt: skip


def charge_month(work: Work, *, month: str) -> Words:
    """Charge the month that begins on the day told, lease after lease in the order of their keys."""
    first = date.fromisoformat(month)
    with work.step() as session:
        if work.total is None:
            work.out_of(ledger.count_running(session, month=first))
    while _charge_some(work, first):
        pass
    work.link(f"/m/housing/charges?f.due_on.from={first:%d/%m/%Y}")
    added, amount = work.kept.get("added", 0), Decimal(work.kept.get("amount", "0"))
    return plural(
        "%(month)s: %(n)s charge added, %(amount)s", "%(month)s: %(n)s charges added, %(amount)s", added,
        month=show_month(first), amount=show_money(amount),
    )  # fmt: skip


def _charge_some(work: Work, month: date) -> bool:
    """Charge the next leases and remember how far that is; False when there are none left."""
    with work.step() as session:
        after = _key(work.kept.get("last"))
        keys = ledger.running_leases(session, month=month, after=after, limit=MANY)
        if not keys:
            return False
        charges = ledger.charge_leases(session, keys, month=month)
        amount = sum((one["amount"] for one in charges), start=Decimal(work.kept.get("amount", "0")))
        work.kept.update(last=str(keys[-1]), added=work.kept.get("added", 0) + len(charges), amount=str(amount))
        work.further(len(keys))
    return True


def remind_registrations(work: Work) -> Words:
    """Tell who registers leases how many wait and when the first term ends: no name, no address, a link."""
    with work.step() as session:
        waiting = waiting_for_registration(session)
        readers = work.members(session, "housing.leases.register")
    if waiting is None:
        return _("No lease waits to be registered.")
    work.out_of(len(readers))
    address = work.address("/m/housing/leases?f.state=signed")
    for reader in readers[work.done :]:
        with work.step(1):
            work.write(
                reader,
                subject=plural("%(n)s lease to register", "%(n)s leases to register", waiting.leases),
                text=_(
                    "Leases signed and not registered with the Revenue Agency: %(n)s. The first term ends on %(day)s."
                    "\n\n%(address)s",
                    n=waiting.leases, day=show_date(waiting.first_term), address=address,
                ),
            )  # fmt: skip
    return plural("%(n)s person was told", "%(n)s people were told", len(readers))


def follow_arrears(work: Work) -> Words:
    """Bring the ladder and the plan of every lease in arrears up to today."""
    day = today()
    with work.step() as session:
        keys = recovery.leases_to_review(session, on=day, after=_key(work.kept.get("last")))
    work.out_of(work.done + len(keys))
    for batch in _batches(keys):
        with work.step(len(batch)) as session:
            added = sum(len(recovery.review_lease(session, one, on=day)) for one in recovery.leases(session, batch))
            work.kept.update(last=str(batch[-1]), added=work.kept.get("added", 0) + added)
    told = work.kept.get("added", 0)
    return plural("%(n)s step to be done", "%(n)s steps to be done", told)


def close_tickets(work: Work) -> Words:
    """Close the repairs that nobody contested in time."""
    with work.step() as session:
        closed = tickets.close_unanswered(session)
    return plural("%(n)s ticket closed", "%(n)s tickets closed", len(closed))


def expire_rankings(work: Work) -> Words:
    """End the final rankings whose term is over."""
    with work.step() as session:
        ended = rankings.expire_rankings(session, on=today())
    return plural("%(n)s ranking ended", "%(n)s rankings ended", len(ended))


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
