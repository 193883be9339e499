"""What the cards of housing's record pages show."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.api import Person, show_date
from plugins.housing.models import Application, Lease, LeaseTenant
from plugins.housing.services.applications import DECLARED
from plugins.housing.wording import NAMED, answer_text


def snapshot_of(session: Session, application: Application) -> dict[str, Any]:
    """The household as it was on the day of the application."""
    told = application.snapshot
    if not told:
        return {"snapshot": None}
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


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """A person's applications and leases with this partner."""
    applied = select(Application).where(Application.person_id == person.id).options(joinedload(Application.call))
    signed = select(Lease).join(Lease.tenants).where(LeaseTenant.person_id == person.id)
    return {
        "applications": session.scalars(applied.order_by(Application.submitted_at.desc())).all(),
        "leases": session.scalars(signed.order_by(Lease.starts_on.desc())).unique().all(),
    }
