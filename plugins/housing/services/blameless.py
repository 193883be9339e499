"""Morosità incolpevole: a checklist from what is known of a lease and its household, shown or kept with its day."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import certificate_on, household_of, scope_of, today, values_of
from plugins.housing.models import BlamelessCheck, Lease
from plugins.housing.rules.arrears import days_late
from plugins.housing.rules.blameless import (
    Amounts,
    BlamelessLimits,
    Cause,
    Condition,
    Situation,
    amounts,
    checklist,
    standing,
)
from plugins.housing.rules.ledger import open_principal
from plugins.housing.services.arrears import open_on

MONEY = ("ise", "isee", "most", "settling", "deferring")
KEYS = tuple(f"housing.blameless_{name}" for name in (*MONEY, "residence_years", "years_left", "excluded_categories"))


def limits_of(session: Session, *, on: date) -> BlamelessLimits:
    """Limits and caps in force on a day."""
    told = {key.removeprefix("housing.blameless_"): value for key, value in values_of(session, *KEYS, on=on).items()}
    return BlamelessLimits(
        ise=Decimal(told["ise"]), isee=Decimal(told["isee"]), residence_years=int(told["residence_years"]),
        excluded_categories={one.strip() for one in told["excluded_categories"].split(";")},
        most=Decimal(told["most"]), most_settling=Decimal(told["settling"]),
        most_deferring=Decimal(told["deferring"]), years_left=int(told["years_left"]),
    )  # fmt: skip


def situation_of(
    session: Session,
    lease: Lease,
    *,
    on: date,
    ise: Decimal | None = None,
    isee: Decimal | None = None,
    work_income: bool | None = None,
    cause: Cause | None = None,
    summoned_on: date | None = None,
    resident_since: date | None = None,
    renounces: bool | None = None,
) -> Situation:
    """What is typed, over what the lease, the home and the certificate in force say by themselves."""
    known_ise, known_isee = _certified(session, lease, on)
    late = [charge for charge in open_on(lease.charges, on) if days_late(charge.due, on) > 0]
    return Situation(
        on=on, debt=open_principal(late), ise=known_ise if ise is None else ise,
        isee=known_isee if isee is None else isee, work_income=work_income, cause=cause, summoned_on=summoned_on,
        registration=lease.registration, resident_since=resident_since, category=lease.dwelling.cadastral_category,
        renounces=renounces, ends_on=lease.ends_on,
    )  # fmt: skip


def _certified(session: Session, lease: Lease, on: date) -> tuple[Decimal | None, Decimal | None]:
    """ISE and ISEE of the first tenant's household, where a certificate is in force."""
    people = [one.person for one in lease.tenants if one.person is not None]
    household = household_of(session, people[0], on=on) if people else None
    certificate = certificate_on(session, household, on=on) if household else None
    return (certificate.ise, certificate.isee) if certificate else (None, None)


def examine(session: Session, told: Situation) -> tuple[list[Condition], Amounts]:
    """The conditions and the caps; nothing is written."""
    limits = limits_of(session, on=told.on)
    return checklist(told, limits), amounts(told, limits)


def keep_check(session: Session, lease: Lease, told: Situation) -> BlamelessCheck:
    """Keep a checklist on the lease, with its day and who made it."""
    conditions, caps = examine(session, told)
    check = BlamelessCheck(
        made_on=told.on, made_by=scope_of(session).actor, standing=standing(conditions), cause=told.cause,
        debt=told.debt, settling=caps.settling, deferring=caps.deferring, most=caps.most,
        conditions=[
            {"title": str(one.title), "datum": str(one.datum), "met": one.met.value, "source": one.source}
            for one in conditions
        ],
    )  # fmt: skip
    session.add(check)
    check.lease = lease
    session.flush()
    return check


def keep_check_of(session: Session, *, lease: Lease, **told: object) -> BlamelessCheck:
    """Keep the checklist of the lease that a form names."""
    return keep_check(session, lease, situation_of(session, lease, on=today(), **told))  # type: ignore[arg-type]
