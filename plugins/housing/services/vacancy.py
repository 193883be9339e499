"""Vacancy: for each home the days without a tenant in a stretch of time, and the rent lost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, date_in_italy, today
from plugins.housing.models import (
    Dwelling,
    DwellingState,
    Handover,
    HandoverKind,
    HandoverState,
    Lease,
    LeaseState,
    Regime,
)
from plugins.housing.rules.leases import Period
from plugins.housing.rules.occupancy import NOTHING, Vacancy, empty_spans, free_since, lost_by_month, vacancy
from plugins.housing.services.leases import RUNNING

LONGEST_YEARS = 5


@dataclass(frozen=True)
class HomeVacancy:
    """One home over a stretch of days; `rent` is what is asked for it, or else what was last paid."""

    dwelling: Dwelling
    free_since: date | None
    told: Vacancy
    rent: Decimal | None
    months: dict[date, Decimal] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """The days it stood empty."""
        return self.told.vacant

    @property
    def lost(self) -> Decimal | None:
        """The rent lost; None where no rent is known."""
        return self.told.lost_rent


@dataclass(frozen=True)
class Tenancy:
    """Days on which somebody had a home, and the rent they paid."""

    days: Period
    rent: Decimal


def homes_over(session: Session, span: Period, *, regime: Regime | None = None) -> list[HomeVacancy]:
    """Every home in use over a stretch of days, by code.

    A home counts from the day it is available, or else registered; days of works count too, and its present state
    tells them. Who stays after the lease's end counts until the keys come back with a signed report.
    """
    homes = select(Dwelling).where(Dwelling.state != DwellingState.OUT_OF_USE).order_by(Dwelling.code)
    if regime is not None:
        homes = homes.where(Dwelling.regime == regime)
    taken = _tenancies(session, today())
    return [_of(home, taken.get(home.id, []), span) for home in session.scalars(homes).unique()]


def vacancies(session: Session, *, first: date, last: date, regime: Regime | None = None) -> list[HomeVacancy]:
    """Homes that stood empty on some day of the stretch, the most rent lost first."""
    if not first <= last <= today():
        raise Refusal(_("Write two days in their order, none in the future."), field="first")
    if (last - first).days > LONGEST_YEARS * 366:
        raise Refusal(_("Write a stretch of at most %(n)s years.", n=LONGEST_YEARS), field="first")
    found = homes_over(session, Period(first, last), regime=regime)
    return sorted((one for one in found if one.days), key=lambda one: (-(one.lost or NOTHING), -one.days))


def total_lost(lines: Iterable[HomeVacancy]) -> Decimal:
    """What all of them lost, where a rent is known."""
    return sum((one.lost or NOTHING for one in lines), NOTHING)


def by_month(lines: Iterable[HomeVacancy]) -> list[tuple[date, Decimal]]:
    """The rent lost month by month."""
    lost: dict[date, Decimal] = defaultdict(lambda: NOTHING)
    for one in lines:
        for month, amount in one.months.items():
            lost[month] += amount
    return sorted(lost.items())


def _of(home: Dwelling, tenancies: list[Tenancy], span: Period) -> HomeVacancy:
    periods, last = [one.days for one in tenancies], span.last or span.first
    known = home.available_from or min([date_in_italy(home.created_at), *(one.first for one in periods)])
    rent = home.monthly_rent
    if rent is None and tenancies:
        rent = max(tenancies, key=lambda one: one.days.first).rent
    if known > last:
        return HomeVacancy(home, None, Vacancy(0, 0, NOTHING), rent)
    counted = Period(max(known, span.first), last)
    months = lost_by_month(empty_spans(counted, periods), rent) if rent is not None else {}
    return HomeVacancy(home, free_since(known, periods, last), vacancy(counted, periods, rent), rent, months)


def _tenancies(session: Session, day: date) -> dict[UUID, list[Tenancy]]:
    returned = select(Handover.lease_id, Handover.made_on).where(
        Handover.kind == HandoverKind.RETURN, Handover.state == HandoverState.SIGNED
    )
    keys_back = {row.lease_id: row.made_on for row in session.execute(returned)}
    wanted = select(Lease.id, Lease.dwelling_id, Lease.starts_on, Lease.ends_on, Lease.monthly_rent, Lease.state)
    wanted = wanted.where(Lease.state != LeaseState.DRAFT)  # it binds nobody yet
    found: dict[UUID, list[Tenancy]] = {}
    for row in session.execute(wanted):
        last = row.ends_on
        if last is not None:
            last = max(last, keys_back.get(row.id, last))
            # A lease past its end that nobody marked as ended: the tenant is still there.
            last = None if row.state in RUNNING and last < day else last
        found.setdefault(row.dwelling_id, []).append(Tenancy(Period(row.starts_on, last), row.monthly_rent))
    return found
