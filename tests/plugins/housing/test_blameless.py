"""Morosità incolpevole: each condition with its datum, what nobody told is asked, the caps; kept with its day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.database.scope import today
from core.refusals import Refusal
from plugins.housing.rules.blameless import BlamelessLimits, Cause, Met, Situation, amounts, checklist, standing
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import blameless, ledger

LIMITS = BlamelessLimits(
    ise=Decimal(35000), isee=Decimal(26000), residence_years=1, excluded_categories={"A/1", "A/8", "A/9"},
    most=Decimal(12000), most_settling=Decimal(8000), most_deferring=Decimal(6000), years_left=2,
)  # fmt: skip
FULL = Situation(
    on=date(2026, 7, 15), debt=Decimal("2100.00"), ise=Decimal(21000), isee=Decimal(9000), work_income=True,
    cause=Cause.DISMISSAL, summoned_on=date(2026, 6, 1), registration="TNZ 26 T 1", resident_since=date(2025, 7, 15),
    category="A/3", renounces=True, ends_on=date(2028, 7, 15),
)  # fmt: skip


def met(**changes):
    return [one.met for one in checklist(replace(FULL, **changes), LIMITS)]


def test_all_conditions_are_met_and_none_is_decided():
    assert met() == [Met.YES] * 6
    assert standing(checklist(FULL, LIMITS)) is Met.YES


@pytest.mark.parametrize(
    ("changes", "place", "told"),
    [
        ({"ise": Decimal("35000.00")}, 0, Met.YES),
        ({"ise": Decimal("35000.01"), "isee": Decimal("26000.00")}, 0, Met.YES),
        ({"ise": Decimal("35000.01"), "isee": Decimal("26000.01")}, 0, Met.NO),
        ({"ise": Decimal("35000.01"), "work_income": False}, 0, Met.NO),
        ({"ise": Decimal("35000.01"), "work_income": None}, 0, Met.ASK),
        ({"ise": None, "isee": None}, 0, Met.ASK),
        ({"cause": None}, 1, Met.ASK),
        ({"summoned_on": None}, 2, Met.ASK),
        ({"registration": None}, 3, Met.ASK),
        ({"resident_since": date(2025, 7, 16)}, 4, Met.NO),
        ({"resident_since": None}, 4, Met.ASK),
        ({"category": "a/8"}, 5, Met.NO),
        ({"category": None}, 5, Met.ASK),
    ],
)
def test_a_condition_is_met_not_met_or_to_be_asked(changes, place, told):
    assert met(**changes)[place] is told


@pytest.mark.parametrize(
    ("changes", "settling"),
    [
        ({}, "2100.00"),
        ({"debt": Decimal("9000.00")}, "8000"),
        ({"renounces": None}, "0.00"),
        ({"ends_on": date(2028, 7, 14)}, "0.00"),
        ({"ends_on": None}, "2100.00"),
    ],
)
def test_settling_the_debt_asks_that_the_landlord_renounces_and_two_years_are_left(changes, settling):
    caps = amounts(replace(FULL, **changes), LIMITS)

    assert (caps.settling, caps.deferring, caps.most) == (Decimal(settling), Decimal(6000), Decimal(12000))


def test_a_checklist_takes_what_is_known_and_is_kept_with_its_day(desk):
    person, _household, certificate = desk.family("7200.00")
    home = desk.home(cadastral_category="A/3")
    lease = desk.lease(home=home, tenant=person)
    ledger.add_charge(
        desk.session, lease, kind=ChargeKind.RENT, due_on=today() - timedelta(days=9), amount=Decimal("480.00")
    )
    desk.session.refresh(lease)

    told = blameless.situation_of(desk.session, lease, on=today(), cause=Cause.LAYOFF)
    kept = blameless.keep_check(desk.session, lease, told)

    assert (told.isee, told.category, told.debt) == (certificate.isee, "A/3", Decimal("480.00"))
    assert (kept.standing, kept.made_on, kept.made_by, kept.most) == (Met.ASK, today(), "Luca Neri", Decimal(12000))
    assert [one["met"] for one in kept.conditions] == ["ask", "yes", "ask", "ask", "ask", "yes"]
    assert lease.blameless_checks == [kept]


def test_a_kept_checklist_is_never_edited(desk):
    kept = blameless.keep_check_of(desk.session, lease=desk.lease())

    kept.most = Decimal(1)
    with pytest.raises(Refusal, match="never edited"):
        desk.session.flush()
