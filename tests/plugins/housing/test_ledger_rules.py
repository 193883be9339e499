"""Which charges a payment settles (R-H9)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.ledger import ChargeKind, NotOpen, OpenCharge, Share, allocate, open_principal

RENT = Decimal("480.00")
MAY = OpenCharge("may", ChargeKind.RENT, date(2026, 5, 5), RENT)
JUNE = OpenCharge("june", ChargeKind.RENT, date(2026, 6, 5), RENT)
INTEREST = OpenCharge("interest", ChargeKind.DEFAULT_INTEREST, date(2026, 6, 30), Decimal("7.50"))
COSTS = OpenCharge("costs", ChargeKind.COSTS, date(2026, 7, 1), Decimal("12.00"))


def shares_of(amount, charges, **options):
    return [(share.charge_id, str(share.amount)) for share in allocate(Decimal(amount), charges, **options).shares]


def test_costs_come_before_interest_and_interest_before_the_rent():
    assert shares_of("100.00", [MAY, INTEREST, COSTS]) == [("costs", "12.00"), ("interest", "7.50"), ("may", "80.50")]


def test_the_oldest_rent_comes_first():
    assert shares_of("500.00", [JUNE, MAY]) == [("may", "480.00"), ("june", "20.00")]


def test_what_the_payer_declares_comes_before_the_law():
    assert shares_of("500.00", [MAY, JUNE, COSTS], declared=["june"]) == [
        ("june", "480.00"),
        ("costs", "12.00"),
        ("may", "8.00"),
    ]


def test_several_declared_charges_are_paid_in_the_order_declared():
    assert shares_of("500.00", [MAY, JUNE], declared=["june", "may"]) == [("june", "480.00"), ("may", "20.00")]


def test_what_is_paid_too_much_waits_as_credit():
    settlement = allocate(Decimal("500.00"), [MAY])

    assert settlement.credit == Decimal("20.00")


def test_the_next_charge_uses_the_credit():
    settlement = allocate(Decimal("20.00"), [JUNE])

    assert settlement.shares == (Share("june", Decimal("20.00")),)
    assert settlement.credit == 0


def test_a_charge_that_nothing_is_owed_on_cannot_be_declared():
    settled = OpenCharge("april", ChargeKind.RENT, date(2026, 4, 5), Decimal("0.00"))

    with pytest.raises(NotOpen):
        allocate(Decimal("480.00"), [settled, MAY], declared=["april"])


def test_a_negative_payment_is_a_mistake():
    with pytest.raises(ValueError, match="negative"):
        allocate(Decimal("-0.01"), [MAY])


def test_the_principal_leaves_out_costs_and_interest():
    assert open_principal([MAY, INTEREST, COSTS, JUNE]) == Decimal("960.00")


amounts = st.decimals(min_value=0, max_value=2000, places=2)
ledgers = st.lists(
    st.builds(
        OpenCharge,
        st.uuids(),
        st.sampled_from(ChargeKind),
        st.dates(date(2026, 1, 1), date(2026, 3, 1)),
        amounts,
    ),
    max_size=8,
    unique_by=lambda charge: charge.charge_id,
)


@given(amounts, ledgers, st.data())
def test_no_cent_is_made_or_lost(amount, charges, data):
    owing = {charge.charge_id: charge.owed for charge in charges if charge.owed > 0}
    declared = data.draw(st.lists(st.sampled_from(sorted(owing)), unique=True)) if owing else []

    settlement = allocate(amount, charges, declared=declared)

    assert sum(share.amount for share in settlement.shares) + settlement.credit == amount
    assert all(0 < share.amount <= owing[share.charge_id] for share in settlement.shares)
    assert settlement.credit == max(Decimal(0), amount - sum(owing.values()))


@given(amounts, ledgers.flatmap(lambda charges: st.tuples(st.just(charges), st.permutations(charges))))
def test_a_ledger_read_in_another_order_settles_alike(amount, both):
    charges, shuffled = both

    assert allocate(amount, charges) == allocate(amount, shuffled)


@given(amounts, amounts, ledgers)
def test_two_payments_settle_what_their_sum_would(first, second, charges):
    paid_at_once = {share.charge_id: share.amount for share in allocate(first + second, charges).shares}

    before = {share.charge_id: share.amount for share in allocate(first, charges).shares}
    left = [OpenCharge(one.charge_id, one.kind, one.due, one.owed - before.get(one.charge_id, 0)) for one in charges]
    credit = allocate(first, charges).credit
    after = {share.charge_id: share.amount for share in allocate(second + credit, left).shares}

    assert {key: before.get(key, 0) + after.get(key, 0) for key in before | after} == paid_at_once
