"""The ledger in the database: what is written stays, and what follows from it is charged once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from core.database.scope import Scope
from core.database.session import finish
from core.demo.models import DemoRow
from core.parameters.services import seed
from core.refusals import Refusal
from plugins.housing.models import Allocation, Charge, DepositMovement, Lease, Payment, PaymentMethod
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import adjustments, deposits, late, leases, ledger

MONEY = (Charge, Payment, Allocation, DepositMovement)


def charged(desk, months=3, **rest):
    lease = desk.lease(**rest)
    leases.activate_lease(desk.session, lease)
    for month in range(1, months + 1):
        ledger.charge_month(desk.session, month=date(2026, month, 1))
    return lease


def pay(desk, lease, amount, on=date(2026, 3, 20), **rest):
    return ledger.record_payment(desk.session, lease, amount=Decimal(amount), paid_on=on, **rest)


def rates(desk):
    years = [(2025, "2.0"), (2026, "1.60")]
    seed(desk.session, [("legal_interest", told, date(y, 1, 1), date(y, 12, 31), "DM") for y, told in years])


@pytest.mark.parametrize("model", MONEY, ids=lambda model: model.__tablename__)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_a_row_of_money(desk, model, verb):
    lease = charged(desk, months=1)
    pay(desk, lease, "100.00")
    deposits.take_deposit(desk.session, lease, amount=Decimal(480), on=date(2026, 1, 1))
    statement = update(model).values(amount=Decimal(1)) if verb == "update" else delete(model)

    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        desk.session.execute(statement.execution_options(synchronize_session=False))


def test_the_database_lets_the_operator_remove_what_the_demo_made_and_nothing_else(desk, database):
    mine, made_up = charged(desk, months=2).charges
    desk.session.add(DemoRow(table="housing_charge", row_id=made_up.id, position=1))
    finish(desk.session)
    operator = Scope(operator=True, actor="tests", reason="tests")

    def remove(charge):
        return database.run(operator, lambda session: session.execute(delete(Charge).where(Charge.id == charge.id)))

    assert remove(made_up).rowcount == 1
    with pytest.raises(DBAPIError, match="append-only"):
        remove(mine)


@pytest.mark.parametrize("amount", ["0.01", "-480.01"])
def test_the_database_refuses_to_settle_more_than_is_owed(desk, amount):
    lease = charged(desk, months=1)
    payment = pay(desk, lease, "1000.00")
    desk.session.add(Allocation(payment=payment, charge=lease.charges[0], amount=Decimal(amount), on=date(2026, 3, 1)))

    with pytest.raises(DBAPIError, match="more is settled"):
        desk.session.flush()


def test_the_database_refuses_a_payment_that_settles_more_than_it_is(desk):
    lease = charged(desk, months=2)
    payment = pay(desk, lease, "500.00")
    desk.session.add(Allocation(payment=payment, charge=lease.charges[1], amount=Decimal("0.01"), on=date(2026, 3, 1)))

    with pytest.raises(DBAPIError, match="more is settled"):
        desk.session.flush()


def test_what_was_paid_and_taken_back_gives_no_credit_when_the_charge_is_taken_back(desk):
    lease = charged(desk, months=1)
    payment = pay(desk, lease, "480.00")
    ledger.reverse_payment(desk.session, payment, reason="RID insoluto", on=date(2026, 4, 1))

    ledger.reverse_charge(desk.session, lease.charges[0], reason="Errore", on=date(2026, 4, 2))

    assert ledger.credit_of(lease) == 0
    assert sum(charge.owed for charge in lease.charges) == 0


def test_interest_is_charged_by_the_day_and_the_same_days_once(desk):
    rates(desk)
    lease = charged(desk, months=1)

    first = late.charge_interest(desk.session, lease, until=date(2026, 3, 31))
    second = late.charge_interest(desk.session, lease, until=date(2026, 6, 30))

    # 480 × 1.6% × 85/365 = 1.7885, then 91 days: 1.9147
    assert (first.amount, first.first_day, first.last_day) == (Decimal("1.79"), date(2026, 1, 6), date(2026, 3, 31))
    assert (second.amount, second.first_day) == (Decimal("1.91"), date(2026, 4, 1))
    with pytest.raises(Refusal, match="No interest is due"):
        late.charge_interest(desk.session, lease, until=date(2026, 6, 30))


def test_interest_taken_back_can_be_charged_again(desk):
    rates(desk)
    lease = charged(desk, months=1)
    first = late.charge_interest(desk.session, lease, until=date(2026, 3, 31))
    ledger.reverse_charge(desk.session, first, reason="Accordo", on=date(2026, 4, 1))

    assert late.charge_interest(desk.session, lease, until=date(2026, 3, 31)).amount == first.amount


def test_interest_of_days_to_come_is_refused(desk):
    lease = charged(desk, months=1)

    with pytest.raises(Refusal, match="up to today"):
        late.charge_interest(desk.session, lease, until=date(2099, 1, 1))


def settle(desk, lease, actual):
    return adjustments.settle_actual_costs(
        desk.session, lease, first_day=date(2026, 1, 1), last_day=date(2026, 3, 31), actual=Decimal(actual),
        due_on=date(2026, 5, 5),
    )  # fmt: skip


def test_costs_above_the_advances_are_charged(desk):
    lease = charged(desk, charges_advance=Decimal("40.00"))

    charge = settle(desk, lease, "151.20")

    assert (charge.kind, charge.amount, charge.due_on) == (ChargeKind.ADJUSTMENT, Decimal("31.20"), date(2026, 5, 5))


def test_advances_above_the_costs_become_credit_and_settle_what_is_owed(desk):
    lease = charged(desk, charges_advance=Decimal("40.00"))
    owed = sum(one.owed for one in lease.charges)

    payment = settle(desk, lease, "100.00")

    assert (payment.method, payment.amount) == (PaymentMethod.ADJUSTMENT, Decimal("20.00"))
    assert sum(one.owed for one in lease.charges) == owed - 20


@pytest.mark.parametrize("actual", ["151.20", "100.00"])
def test_days_already_settled_are_refused(desk, actual):
    lease = charged(desk, charges_advance=Decimal("40.00"))
    settle(desk, lease, actual)

    with pytest.raises(Refusal, match="already settled"):
        settle(desk, lease, actual)


def test_two_payments_at_once_settle_each_cent_once(desk, database):
    lease = charged(desk, months=1)
    scope, key = desk.session.info["scope"], lease.id
    finish(desk.session)

    def receive(amount):
        def work(session):
            ledger.record_payment(session, session.get(Lease, key), amount=Decimal(amount), paid_on=date(2026, 3, 1))

        database.run(scope, work)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, ["200.00"] * 4))
    with database.session(scope, writes=False) as session:
        found = session.get(Lease, key)
        assert sum(one.owed for one in found.charges) == 0
        assert ledger.credit_of(found) == Decimal("320.00")
