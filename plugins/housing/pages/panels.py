"""What the cards of housing's record pages show."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.api import Person, scope_of, show_date, today
from plugins.housing.models import Application, Lease, LeaseTenant, Payment, Ranking
from plugins.housing.rules.arrears import ageing, days_late
from plugins.housing.services import appeals, arrears, deposits, ledger, support
from plugins.housing.services.applications import DECLARED
from plugins.housing.wording import NAMED, answer_text


def snapshot_of(session: Session, application: Application) -> dict[str, Any]:
    """The household as it was on the day of the application."""
    told = application.snapshot
    isee = told["isee"] or {}
    return {
        "snapshot": told,
        "taken_on": _day(told["taken_on"]),
        "isee_days": (_day(isee["submitted_on"]), _day(isee["expires_on"])) if isee else None,
    }


def _day(written: str) -> str:
    return show_date(date.fromisoformat(written))


def answers_of(session: Session, application: Application) -> dict[str, Any]:
    """Every answer in words, under the title of its criterion."""
    scheme = application.call.scheme.rules
    titles = {one.key: one.title for group in scheme.groups for one in group.criteria}
    answers = application.entry.answers
    keys = [*DECLARED, *titles, *(key for key in answers if key not in titles and key not in DECLARED)]
    rows = [
        (NAMED.get(key) or titles.get(key) or key, answer_text(answers.get(key), key)) for key in dict.fromkeys(keys)
    ]
    return {"rows": rows}


def score_of(session: Session, application: Application) -> dict[str, Any]:
    """The addends of the points."""
    lines = [
        {
            "group": one.group, "criterion": one.criterion, "datum": one.datum, "points": one.points,
            "counted": one.counted,
        }
        for one in application.lines
    ]  # fmt: skip
    return {"lines": lines, "total": application.total}


def rows_of_ranking(session: Session, ranking: Ranking) -> dict[str, Any]:
    """Every row of a ranking."""
    return {"ranking": ranking, "rows": ranking.rows}


def appeals_of(session: Session, ranking: Ranking) -> dict[str, Any]:
    """Until when corrections may be asked, and what was asked so far."""
    counted = appeals.appeals_by_state(session, ranking)
    return {"ranking": ranking, "counted": counted, "said": appeals.said_of(counted)}


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


def ageing_panel(session: Session, lease: Lease) -> dict[str, Any]:
    """Open principal by days late, today, and whether it is serious."""
    day = today()
    owing = arrears.open_on(lease.charges, day)
    buckets = ageing(owing, day)
    alerts = arrears.alerts_of(session, lease, on=day)
    return {"buckets": buckets, "alerts": alerts, "day": day, "total": sum((one.amount for one in buckets), start=0)}


def deposit_of(session: Session, lease: Lease) -> dict[str, Any]:
    """The deposit, its movements, and the interest until today."""
    return {
        "statement": deposits.deposit_statement(session, lease, until=today()), "movements": lease.deposit_movements,
    }  # fmt: skip


def recovery_of(session: Session, lease: Lease) -> dict[str, Any]:
    """The steps of the ladder and the plans of a lease, the newest first."""
    return {"steps": lease.ladder_steps[::-1], "plans": lease.plans[::-1], "may": scope_of(session).may}


def support_of(session: Session, lease: Lease) -> dict[str, Any]:
    """Contacts with the household, and the last social note for who may read it."""
    may = scope_of(session).may
    note = support.note_of(lease) if may("housing.social-notes.see") else None
    return {"lease": lease, "contacts": lease.support_contacts[::-1], "note": note, "may": may}


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """A person's applications and leases with this partner."""
    applied = select(Application).where(Application.person_id == person.id).options(joinedload(Application.call))
    signed = select(Lease).join(Lease.tenants).where(LeaseTenant.person_id == person.id)
    return {
        "applications": session.scalars(applied.order_by(Application.submitted_at.desc())).all(),
        "leases": session.scalars(signed.order_by(Lease.starts_on.desc())).unique().all(),
    }
