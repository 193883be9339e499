"""Arrears by age (R-H10) and the alert (R-H11)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import speaking
from plugins.housing.rules.arrears import AlertLimits, AlertReason, ageing, oldest_open, serious_arrears
from plugins.housing.rules.ledger import ChargeKind, OpenCharge, allocate, open_principal

RENT = Decimal("480.00")
LIMITS = AlertLimits(rent_days=20, accessory_rents=Decimal(2))
DUE = date(2026, 5, 5)


def seven_rents_less_1260():
    charges = [OpenCharge(f"2026-{month:02}", ChargeKind.RENT, date(2026, month, 5), RENT) for month in range(1, 8)]
    paid = {share.charge_id: share.amount for share in allocate(Decimal("1260.00"), charges).shares}
    return [replace(charge, owed=charge.owed - paid.get(charge.charge_id, 0)) for charge in charges]


def alert(charges, on):
    return serious_arrears(charges, on, monthly_rent=RENT, limits=LIMITS)


def owing(kind, amount, due=DUE):
    return OpenCharge("one", kind, due, Decimal(amount))


def test_seven_rents_less_1260_are_2100_by_age_on_15_july_2026():
    buckets = ageing(seven_rents_less_1260(), date(2026, 7, 15))

    assert [(bucket.first_day, bucket.last_day, str(bucket.amount)) for bucket in buckets] == [
        (None, 0, "0.00"),
        (1, 30, "480.00"),
        (31, 60, "480.00"),
        (61, 90, "480.00"),
        (91, 180, "660.00"),
        (181, None, "0.00"),
    ]
    assert sum(bucket.amount for bucket in buckets) == Decimal("2100.00")


def test_the_oldest_open_is_march_with_180():
    oldest = oldest_open(seven_rents_less_1260())

    assert (oldest.due, oldest.owed) == (date(2026, 3, 5), Decimal("180.00"))


def test_who_owes_nothing_has_no_oldest_charge():
    assert oldest_open([owing(ChargeKind.RENT, "0.00"), owing(ChargeKind.COSTS, "12.00")]) is None


def test_the_buckets_have_headings():
    with speaking("en"):
        headings = [str(bucket.label) for bucket in ageing([], DUE)]

    assert headings == ["Not yet due", "1–30 days", "31–60 days", "61–90 days", "91–180 days", "Over 180 days"]


@pytest.mark.parametrize(("days", "place"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3),
                                             (91, 4), (180, 4), (181, 5)])  # fmt: skip
def test_a_bucket_includes_its_last_day(days, place):
    amounts = [bucket.amount for bucket in ageing([owing(ChargeKind.RENT, RENT)], DUE + timedelta(days=days))]

    assert amounts.index(RENT) == place


ledgers = st.lists(
    st.builds(
        OpenCharge,
        st.uuids(),
        st.sampled_from(ChargeKind),
        st.dates(date(2025, 6, 1), date(2026, 12, 31)),
        st.decimals(min_value=0, max_value=2000, places=2),
    )
)


@given(ledgers, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_the_buckets_sum_to_the_open_principal(charges, on):
    assert sum(bucket.amount for bucket in ageing(charges, on)) == open_principal(charges)


@pytest.mark.parametrize(("day", "reasons"), [(25, []), (26, [AlertReason.RENT_LATE])])
def test_a_rent_due_on_5_may_alerts_from_the_26th(day, reasons):
    assert alert([owing(ChargeKind.RENT, RENT)], date(2026, 5, day)) == reasons


def test_a_single_cent_of_rent_left_unpaid_still_alerts():
    assert alert([owing(ChargeKind.RENT, "0.01")], date(2026, 5, 26)) == [AlertReason.RENT_LATE]
    assert alert([owing(ChargeKind.RENT, "0.00")], date(2026, 5, 26)) == []


@pytest.mark.parametrize(("amount", "reasons"), [("960.00", []), ("960.01", [AlertReason.ACCESSORY_HIGH])])
def test_service_charges_alert_beyond_two_rents(amount, reasons):
    assert alert([owing(ChargeKind.ADJUSTMENT, amount)], date(2026, 5, 6)) == reasons


def test_service_charges_and_their_adjustments_are_summed():
    charges = [owing(ChargeKind.ACCESSORY, "480.01"), owing(ChargeKind.ADJUSTMENT, "480.00")]

    assert alert(charges, date(2026, 5, 6)) == [AlertReason.ACCESSORY_HIGH]


def test_service_charges_not_yet_late_do_not_alert():
    assert alert([owing(ChargeKind.ACCESSORY, "2000.00")], DUE) == []


def test_an_old_debt_of_damages_is_no_rent():
    assert alert([owing(ChargeKind.DAMAGES, "2000.00")], date(2026, 12, 31)) == []
