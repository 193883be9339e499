"""What the page of a lease shows: how it stands today, its arrears by age, its ledger, its deposit."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.api import (
    Words,
    _,
    add_months,
    certificate_on,
    decimal_of,
    household_of,
    plural,
    scope_of,
    show_date,
    show_money,
    today,
)
from plugins.housing.models import Lease, Payment
from plugins.housing.models.lease import CHARGED
from plugins.housing.rules.arrears import ageing, days_late, oldest_open
from plugins.housing.rules.ledger import open_principal
from plugins.housing.rules.rent import rent_burden
from plugins.housing.services import arrears, deposits, ledger, support


def figures_of(session: Session, lease: Lease) -> dict[str, Any]:
    """How the lease stands today, in four figures."""
    day = today()
    late = [one for one in arrears.open_on(lease.charges, day) if days_late(one.due, day) > 0]
    held, oldest = deposits.held(lease), oldest_open(late)
    told: list[tuple[Words, Words]] = [(show_money(open_principal(late)), _("past due on %(day)s", day=show_date(day)))]
    if oldest is not None:
        days = days_late(oldest.due, day)
        told.append((plural("%(n)s day", "%(n)s days", days), _("the oldest: %(charge)s, %(amount)s",
                     charge=oldest.kind.label, amount=show_money(oldest.owed))))  # fmt: skip
    told.append((show_money(held), _("deposit held")))
    if (due := next_due(lease, day)) is not None:
        told.append((show_date(due), _("next rent, %(amount)s", amount=show_money(lease.rent_on(due)))))
    alerts = arrears.alerts_of(session, lease, on=day)
    return {"lease": lease, "alerts": alerts, "figures": [{"value": value, "label": label} for value, label in told]}


def burden_of(session: Session, lease: Lease) -> dict[str, Any]:
    """The share of the tenant's income that the rent takes, by the ISEE in force; nothing where none is known."""
    day = today()
    payer = next((one.person for one in lease.tenants if one.person is not None), None)
    household = household_of(session, payer, on=day) if payer is not None else None
    certificate = certificate_on(session, household, on=day) if household is not None else None
    income = certificate.ise if certificate is not None else None
    share = rent_burden(lease.rent_on(day), lease.charges_advance, income)
    limit = decimal_of(session, "housing.rent_burden", on=day)
    return {"share": share, "limit": limit, "heavy": share is not None and share > limit}


def next_due(lease: Lease, day: date) -> date | None:
    """The next day on which a running lease owes its rent."""
    if lease.state not in CHARGED:
        return None
    this = day.replace(day=lease.due_day)
    due = max(this if this > day else add_months(this, 1), lease.starts_on)
    return due if lease.ends_on is None or due <= lease.ends_on else None


def ledger_of(session: Session, lease: Lease) -> dict[str, Any]:
    """Charges and payments, newest first, with what is still owed."""
    day = today()
    entries = [
        {
            "entry": entry, "is_payment": isinstance(entry, Payment),
            "days": 0 if isinstance(entry, Payment) else days_late(entry.due_on, day),
        }
        for entry in ledger.statement(lease)
    ]  # fmt: skip
    charged = sum((one.amount for one in lease.charges), start=0)
    paid = sum((one.amount for one in lease.payments), start=0)
    return {"lease": lease, "entries": entries, "charged": charged, "paid": paid, "credit": ledger.credit_of(lease)}


def ageing_of(session: Session, lease: Lease) -> dict[str, Any]:
    """Open principal by days late, today."""
    day = today()
    owing = arrears.open_on(lease.charges, day)
    buckets = ageing(owing, day)
    return {"buckets": buckets, "day": day, "total": sum((one.amount for one in buckets), start=0)}


def deposit_of(session: Session, lease: Lease) -> dict[str, Any]:
    """The deposit, its movements, and the interest until today."""
    return {
        "statement": deposits.deposit_statement(session, lease, until=today()), "movements": lease.deposit_movements,
    }  # fmt: skip


def recovery_of(session: Session, lease: Lease) -> dict[str, Any]:
    """The steps of the ladder, the plans and the checklists of a lease, the newest first."""
    return {
        "lease": lease, "steps": lease.ladder_steps[::-1], "plans": lease.plans[::-1],
        "checks": lease.blameless_checks[::-1], "may": scope_of(session).may,
    }  # fmt: skip


def support_of(session: Session, lease: Lease) -> dict[str, Any]:
    """Contacts with the household, and the last social note for who may read it."""
    may = scope_of(session).may
    note = support.note_of(lease) if may("housing.social-notes.see") else None
    return {"lease": lease, "contacts": lease.support_contacts[::-1], "note": note, "may": may}
