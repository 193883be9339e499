"""Homes that stand empty: since when, how many days, what rent is lost."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refusal
from plugins.housing.models import DwellingState, HandoverKind, LeaseKind, Regime
from plugins.housing.rules.leases import Period
from plugins.housing.services import dwellings, handovers, leases, vacancy

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 6, 30)}


def home(desk, code="MON-001", rent="310.00", **rest):
    told = Decimal(rent) if rent else None
    return desk.home(code, monthly_rent=told, available_from=rest.pop("available_from", date(2025, 1, 1)), **rest)


def test_a_home_let_until_april_is_free_from_may_and_loses_two_rents(desk):
    lease = desk.lease(home=home(desk), ends_on=date(2026, 4, 30))
    leases.activate_lease(desk.session, lease)
    leases.end_lease(desk.session, lease)

    [line] = vacancy.vacancies(desk.session, **YEAR)

    assert (line.free_since, line.days, line.lost) == (date(2026, 5, 1), 61, Decimal("620.00"))
    assert vacancy.by_month([line]) == [(date(2026, 5, 1), Decimal("310.00")), (date(2026, 6, 1), Decimal("310.00"))]


def test_a_part_of_a_month_is_charged_by_its_days(desk):
    home(desk, available_from=date(2026, 6, 21))

    [line] = vacancy.vacancies(desk.session, **YEAR)

    assert (line.days, line.lost) == (10, Decimal("103.33"))


def test_who_stays_after_the_end_is_counted_until_the_keys_come_back(desk):
    lease = desk.lease(home=home(desk), ends_on=date(2026, 4, 30))
    leases.activate_lease(desk.session, lease)
    assert vacancy.vacancies(desk.session, **YEAR) == []
    leases.end_lease(desk.session, lease)
    report = handovers.open_handover(
        desk.session, lease=lease, kind=HandoverKind.RETURN, made_on=date(2026, 5, 20), present="A. Neri, tenant"
    )
    handovers.sign_handover(desk.session, report, landlord_signed_on=report.made_on, tenant_signed_on=report.made_on)

    [line] = vacancy.vacancies(desk.session, **YEAR)

    assert (line.free_since, line.days) == (date(2026, 5, 21), 41)


def test_a_home_without_a_rent_loses_what_nobody_knows(desk):
    home(desk, rent=None)

    [line] = vacancy.vacancies(desk.session, **YEAR)

    assert (line.days, line.lost, vacancy.total_lost([line])) == (181, None, Decimal("0.00"))


def test_out_of_use_homes_are_left_out_and_regimes_told_apart(desk):
    empty = home(desk)
    gone = home(desk, "MON-002")
    dwellings.withdraw_dwelling(desk.session, gone, reason="Da demolire")

    assert [one.dwelling for one in vacancy.vacancies(desk.session, **YEAR)] == [empty]
    assert vacancy.vacancies(desk.session, regime=Regime.SAP, **YEAR) == []
    assert len(vacancy.homes_over(desk.session, Period(*YEAR.values()))) == 1


@pytest.mark.parametrize(("first", "last"), [("2026-06-30", "2026-01-01"), ("2026-01-01", "2999-01-01")])
def test_days_out_of_order_or_in_the_future_are_refused(desk, first, last):
    with pytest.raises(Refusal, match="none in the future"):
        vacancy.vacancies(desk.session, first=date.fromisoformat(first), last=date.fromisoformat(last))


def test_a_lease_not_signed_yet_leaves_the_home_empty(desk):
    leases.prepare_lease(
        desk.session, dwelling=home(desk), tenant=desk.person(), kind=LeaseKind.SAS, starts_on=date(2026, 1, 1),
        monthly_rent=Decimal(310),
    )  # fmt: skip

    [line] = vacancy.vacancies(desk.session, **YEAR)

    assert (line.free_since, line.days) == (date(2025, 1, 1), 181)


def test_a_lease_marked_as_ended_after_the_keys_came_back_leaves_the_home_to_its_works(desk):
    lease = desk.lease(home=home(desk), ends_on=date(2026, 4, 30))
    leases.activate_lease(desk.session, lease)
    report = handovers.open_handover(
        desk.session, lease=lease, kind=HandoverKind.RETURN, made_on=date(2026, 4, 30), present="A. Neri, tenant"
    )
    day = report.made_on
    handovers.sign_handover(desk.session, report, landlord_signed_on=day, tenant_signed_on=day, works_needed=True)

    leases.end_lease(desk.session, lease)

    assert lease.dwelling.state is DwellingState.IN_MAINTENANCE
