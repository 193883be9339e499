"""ISEE certificates of about half the households, dated so that most are in force today."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.demo.compositions import CHILD, PARTNER
from core.demo.population import DemoHousehold, Population
from core.people.rules import isee as rules

SEED = 159
MAJORITY, INFANCY = 18, 3
WITHOUT, EXPIRED, CURRENT, OMISSIONS = 0.5, 0.15, 0.05, 0.04


@dataclass(frozen=True)
class DemoCertificate:
    """A certificate of a household (by its code), in euro; `se` is the value of the 2013 scale."""

    household: str
    protocol: str
    kind: str
    ground: str | None
    submitted_on: date
    isr: Decimal
    isp: Decimal
    se: Decimal
    ise: Decimal
    isee: Decimal
    omissions: bool


def certificates(people: Population, on: date) -> tuple[DemoCertificate, ...]:
    """One for about half the households, submitted in the year of `on` or, expired by now, the year before."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the demo is the same everywhere
    return tuple(
        _certificate(rng, people, household, number, on)
        for number, household in enumerate(people.households, start=1)
        if rng.random() > WITHOUT
    )


def _certificate(rng: Random, people: Population, household: DemoHousehold, number: int, on: date) -> DemoCertificate:
    submitted = _submitted(rng, on)
    se = _equivalence(rng, people, household, submitted)
    # Half of them stand above the usual thresholds: ISEE describes here, it does not select.
    isr = _cents(rng.lognormvariate(9.25, 0.6) * float(se))
    isp = _cents(rng.lognormvariate(9.3, 1.0)) if rng.random() < 0.6 else Decimal("0.00")  # noqa: PLR2004
    ise = rules.ise(isr, isp)
    current = rng.random() < CURRENT
    return DemoCertificate(
        household=household.code, protocol=f"INPS-ISEE-{submitted.year}-{number:08}X-00",
        kind="current" if current else "ordinary", ground="income" if current else None, submitted_on=submitted,
        isr=isr, isp=isp, se=se, ise=ise, isee=rules.isee(ise, se), omissions=rng.random() < OMISSIONS,
    )  # fmt: skip


def _submitted(rng: Random, on: date) -> date:
    first = date(on.year, 1, 1)
    if rng.random() < EXPIRED:
        return date(on.year - 1, 2, 1) + timedelta(days=rng.randrange(300))
    return first + timedelta(days=rng.randrange((on - first).days + 1))


def _equivalence(rng: Random, people: Population, household: DemoHousehold, on: date) -> Decimal:
    children = [people.person(one.person) for one in household.members if one.role == CHILD]
    ages = [(on - child.birth_date).days // 365.25 for child in children]
    minors = [age for age in ages if age < MAJORITY]
    worked = rng.random() < 0.6  # noqa: PLR2004
    alone = not any(one.role == PARTNER for one in household.members)
    return rules.equivalence(
        len(household.members), minors=len(minors), children=len(children),
        under_three=any(age < INFANCY for age in minors), parents_worked=worked,
        single_not_working=not worked and alone and len(minors) + 1 == len(household.members),
        disabled=rng.random() < 0.06,  # noqa: PLR2004
    )  # fmt: skip


def _cents(amount: float) -> Decimal:
    return Decimal(round(amount * 100)).scaleb(-2)
