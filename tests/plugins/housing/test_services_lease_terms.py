"""Leases from the draft to the eviction, agreed rents within their band, deposits that bear interest each year."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.parameters.models import PartnerParameter
from core.parameters.services import seed
from core.refusals import Refusal
from plugins.housing.models import DepositKind, DwellingState, Lease, LeaseKind, LeaseState
from plugins.housing.rules.rent import rent_burden
from plugins.housing.services import deposits, drafts, leases, ledger

BANDS = "centro;40.00;80.00\nperiferia;30.00;60.00"


def draft(desk, home=None, **rest):
    told = {"kind": LeaseKind.SAS, "starts_on": date(2026, 1, 1), "monthly_rent": Decimal(480), **rest}
    home = home or desk.home()
    return leases.prepare_lease(desk.session, dwelling=home, tenant=desk.person(), **told)


def test_a_draft_binds_nobody_and_holds_the_homes_days(desk):
    home = desk.home()
    lease = draft(desk, home)

    assert (lease.state, home.state) == (LeaseState.DRAFT, DwellingState.AVAILABLE)
    with pytest.raises(leases.HomeTaken):
        desk.lease(home=home)


def test_a_draft_is_corrected_then_signed_with_its_number(desk):
    lease = draft(desk)
    drafts.amend_draft(desk.session, lease, monthly_rent=Decimal(500), tenant=desk.person("Bonetti"))

    leases.sign_draft(desk.session, lease)

    assert (lease.state, lease.monthly_rent, lease.number) == (LeaseState.SIGNED, Decimal(500), "LEASE/2026/00001")
    assert lease.dwelling.state is DwellingState.ASSIGNED
    assert "Bonetti" in lease.tenant_names
    with pytest.raises(Refusal, match="not edited"):
        drafts.amend_draft(desk.session, lease, monthly_rent=Decimal(1))
    with pytest.raises(Refusal, match="not removed"):
        drafts.discard_draft(desk.session, lease)


def test_a_draft_thrown_away_frees_the_home(desk):
    home = desk.home()
    drafts.discard_draft(desk.session, draft(desk, home))

    assert desk.session.scalar(select(func.count(Lease.id))) == 0
    assert desk.lease(home=home).state is LeaseState.SIGNED


def test_a_draft_is_checked_like_a_lease(desk):
    with pytest.raises(leases.DepositTooHigh):
        draft(desk, deposit=Decimal("1440.01"))


def test_who_is_being_evicted_owes_the_rent_until_the_keys(desk):
    lease = leases.activate_lease(desk.session, desk.lease(ends_on=date(2026, 2, 28)))
    leases.start_eviction(desk.session, lease, reason="Sfratto per morosità, citazione del 10/02/2026")

    ledger.charge_month(desk.session, month=date(2026, 3, 1))

    assert [one.amount for one in lease.charges] == [Decimal(480)]
    assert leases.terminate_lease(
        desk.session, lease, ends_on=date(2026, 2, 28), reason="Rilascio"
    ).state is LeaseState.TERMINATED  # fmt: skip


@pytest.mark.parametrize(
    ("rent", "zone", "words"),
    [
        ("300.00", "centro", None),
        ("200.00", "Centro", None),
        ("199.99", "centro", "at least"),
        ("400.01", "centro", "at most"),
        ("300.00", "collina", "no zone collina"),
    ],
)
def test_an_agreed_rent_stays_in_the_band_of_its_zone(desk, rent, zone, words):
    desk.session.add(
        PartnerParameter(key="housing.agreed_bands", value=BANDS, valid_from=date(2020, 1, 1), source="Accordo")
    )
    desk.session.flush()
    told = {"kind": LeaseKind.AGREED, "agreed_zone": zone, "agreed_area": Decimal(60)}

    if words is None:
        assert desk.lease(rent, **told).agreed_zone == zone
    else:
        with pytest.raises(Refusal, match=words):
            desk.lease(rent, **told)


@pytest.mark.parametrize(("kind", "last", "words"), [
    (LeaseKind.TRANSITORY, date(2027, 7, 1), "at most 18"),
    (LeaseKind.STUDENTS, date(2026, 6, 29), "at least 6"),
    (LeaseKind.STUDENTS, date(2029, 1, 1), "at most 36"),
])  # fmt: skip
def test_each_kind_of_lease_lasts_what_the_law_says(desk, kind, last, words):
    with pytest.raises(Refusal, match=words):
        desk.lease(kind=kind, ends_on=last)


@pytest.mark.parametrize(("income", "share"), [
    ("19200.00", Decimal("32.5")), ("20800.00", Decimal("30.0")), ("0.00", None), (None, None),
])  # fmt: skip
def test_the_weight_of_the_rent_on_the_income(income, share):
    assert rent_burden(Decimal(480), Decimal(40), Decimal(income) if income else None) == share


def test_the_interest_of_a_deposit_is_paid_at_each_years_end_and_once(desk):
    percents = {2024: "2.5", 2025: "2.0", 2026: "1.60"}
    seed(desk.session, [("legal_interest", p, date(y, 1, 1), date(y, 12, 31), "DM") for y, p in percents.items()])
    lease = desk.lease(starts_on=date(2024, 3, 1))
    deposits.take_deposit(desk.session, lease, amount=Decimal("1440.00"), on=date(2024, 3, 1))

    paid = [deposits.pay_interest(desk.session, lease, year=year) for year in (2024, 2024, 2025)]
    deposits.return_deposit(desk.session, lease, on=date(2026, 6, 30))

    assert [one and (one.on, one.amount) for one in paid] == [
        (date(2024, 12, 31), Decimal("30.08")), None, (date(2025, 12, 31), Decimal("28.80")),
    ]  # fmt: skip
    interest = [one.amount for one in lease.deposit_movements if one.kind is DepositKind.INTEREST]
    assert interest == [Decimal("30.08"), Decimal("28.80"), Decimal("11.43")]
    assert deposits.deposit_statement(desk.session, lease, until=date(2026, 12, 31)).due == 0
    assert deposits.pay_interest(desk.session, lease, year=2025) is None
    with pytest.raises(Refusal, match="not over"):
        deposits.pay_interest(desk.session, lease, year=2099)
