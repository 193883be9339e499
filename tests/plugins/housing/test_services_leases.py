"""Leases within the law, the months charged, payments settled, arrears, deposits."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.parameters.services import seed
from core.refusals import Refusal
from plugins.housing.models import Charge, Lease, LeaseKind
from plugins.housing.rules.arrears import AlertReason
from plugins.housing.services import arrears, deposits, leases, ledger

FIFTEENTH = date(2026, 7, 15)


def charged(desk, months=7, **rest):
    lease = desk.lease(**rest)
    leases.activate_lease(desk.session, lease)
    for month in range(1, months + 1):
        ledger.charge_month(desk.session, month=date(2026, month, 1))
    return lease


def pay(desk, lease, amount, on=date(2026, 3, 20), **rest):
    return ledger.record_payment(desk.session, lease, amount=Decimal(amount), paid_on=on, **rest)


def test_a_home_is_not_let_twice_on_the_same_day(desk):
    home = desk.home()
    desk.lease(home=home, ends_on=date(2026, 6, 30))

    with pytest.raises(leases.HomeTaken):
        desk.lease(home=home, starts_on=date(2026, 6, 30))


def test_the_database_too_refuses_a_home_let_twice(desk):
    home = desk.home()
    leases.activate_lease(desk.session, desk.lease(home=home, ends_on=date(2026, 6, 30)))
    later = desk.lease(home=home, starts_on=date(2026, 7, 1))

    with pytest.raises(DBAPIError, match="the home is let on those days"):
        desk.session.execute(update(Lease).where(Lease.id == later.id).values(starts_on=date(2026, 6, 30)))


@pytest.mark.parametrize(("deposit", "taken"), [("1440.00", True), ("1440.01", False)])
def test_a_deposit_is_at_most_three_rents(desk, deposit, taken):
    if taken:
        assert desk.lease(deposit=Decimal(deposit)).deposit == Decimal(deposit)
    else:
        with pytest.raises(leases.DepositTooHigh):
            desk.lease(deposit=Decimal(deposit))


def test_a_deposit_bears_legal_interest_year_by_year(desk):
    percents = {2024: "2.5", 2025: "2.0", 2026: "1.60"}
    years = [("legal_interest", told, date(year, 1, 1), date(year, 12, 31), "DM") for year, told in percents.items()]
    seed(desk.session, years)
    lease = desk.lease(starts_on=date(2024, 3, 1))
    deposits.take_deposit(desk.session, lease, amount=Decimal("1440.00"), on=date(2024, 3, 1))

    told = deposits.deposit_statement(desk.session, lease, until=date(2026, 6, 30))

    assert [(line.days, line.amount) for line in told.lines] == [
        (305, Decimal("30.08")), (365, Decimal("28.80")), (181, Decimal("11.43")),
    ]  # fmt: skip
    assert told.interest == Decimal("70.31")


def test_seven_rents_and_1260_euro_leave_2100_by_age(desk):
    lease = charged(desk)
    for amount in ("480.00", "480.00", "300.00"):
        pay(desk, lease, amount)

    buckets = arrears.ageing_of(desk.session, on=FIFTEENTH, lease=lease)

    assert [one.amount for one in buckets] == [Decimal(n) for n in ("0.00", "480", "480", "480", "660", "0.00")]
    [owing] = arrears.arrears_by_lease(desk.session, on=FIFTEENTH)
    assert owing.late == Decimal("2100.00")
    assert (owing.oldest.due, owing.oldest.owed) == (date(2026, 3, 5), Decimal("180.00"))


def test_rent_is_serious_after_twenty_days_and_not_on_the_twentieth(desk):
    lease = charged(desk, months=5)
    pay(desk, lease, "1920.00", on=date(2026, 4, 10))

    assert arrears.alerts_of(desk.session, lease, on=date(2026, 5, 25)) == []
    assert arrears.alerts_of(desk.session, lease, on=date(2026, 5, 26)) == [AlertReason.RENT_LATE]


def test_charging_a_month_twice_charges_it_once(desk):
    charged(desk, months=1)

    assert ledger.charge_month(desk.session, month=date(2026, 1, 20)) == []
    assert len(desk.session.scalars(select(Charge)).all()) == 1


def test_what_the_payer_declares_is_settled_first(desk):
    lease = charged(desk, months=3)
    march = lease.charges[2]

    pay(desk, lease, "500.00", declared=[march.id])

    assert [charge.owed for charge in lease.charges] == [Decimal("460.00"), Decimal("480.00"), Decimal("0.00")]


def test_what_is_paid_too_much_settles_the_next_charge(desk):
    lease = charged(desk, months=1)
    payment = pay(desk, lease, "500.00")
    assert payment.credit == Decimal("20.00")

    ledger.charge_month(desk.session, month=date(2026, 2, 1))

    assert payment.credit == Decimal("0.00")
    assert lease.charges[-1].owed == Decimal("460.00")


def test_a_payment_taken_back_is_owed_again(desk):
    lease = charged(desk, months=1)
    payment = pay(desk, lease, "500.00")

    counter = ledger.reverse_payment(desk.session, payment, reason="Bounced")

    assert counter.amount == Decimal("-500.00")
    assert lease.charges[0].owed == Decimal("480.00")
    assert ledger.credit_of(lease) == Decimal("0.00")
    with pytest.raises(Refusal):
        ledger.reverse_payment(desk.session, payment, reason="Again")


def test_a_charge_taken_back_leaves_credit(desk):
    lease = charged(desk, months=1)
    pay(desk, lease, "480.00")

    ledger.reverse_charge(desk.session, lease.charges[0], reason="Wrong month")

    assert lease.charges[0].owed == Decimal("0.00")
    assert ledger.credit_of(lease) == Decimal("480.00")


def test_rows_of_the_ledger_are_never_edited(desk):
    lease = charged(desk, months=1)

    lease.charges[0].amount = Decimal("1.00")

    with pytest.raises(Refusal):
        desk.session.flush()


@pytest.mark.parametrize(("kind", "ends_on"), [
    (LeaseKind.TRANSITORY, date(2027, 7, 1)),
    (LeaseKind.STUDENTS, date(2026, 6, 29)),
    (LeaseKind.AGREED, date(2028, 12, 30)),
])  # fmt: skip
def test_a_lease_out_of_its_legal_length_is_refused(desk, kind, ends_on):
    with pytest.raises(Refusal) as refused:
        desk.lease(kind=kind, ends_on=ends_on)

    assert refused.value.field == "ends_on"


def test_another_partner_sees_neither_home_nor_lease(desk, neighbours_session):
    lease = desk.lease()
    desk.session.commit()

    assert neighbours_session.get(type(lease), lease.id) is None
    assert neighbours_session.get(type(lease.dwelling), lease.dwelling_id) is None
