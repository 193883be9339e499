"""Days let, days empty, and the rent lost meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.leases import Period
from plugins.housing.rules.occupancy import empty_spans, vacancy

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def days(first, last=None):
    return Period(date.fromisoformat(first), date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(("leases", "empty"), [
    ([], ["2026-01-01 2026-12-31"]),
    ([days("2025-06-01", "2026-03-31")], ["2026-04-01 2026-12-31"]),
    ([days("2026-04-01")], ["2026-01-01 2026-03-31"]),
    ([days("2026-06-01", "2026-06-30"), days("2026-02-01", "2026-03-31")],
     ["2026-01-01 2026-01-31", "2026-04-01 2026-05-31", "2026-07-01 2026-12-31"]),
    ([days("2025-01-01")], []),
    ([days("2024-01-01", "2024-12-31"), days("2027-01-01")], ["2026-01-01 2026-12-31"]),
    ([days("2026-01-01", "2026-12-31")], []),
])  # fmt: skip
def test_a_home_is_empty_where_no_lease_covers_it(leases, empty):
    assert [f"{gap.first} {gap.last}" for gap in empty_spans(YEAR, leases)] == empty


def test_the_lost_rent_is_pro_rata_of_each_month():
    told = vacancy(days("2026-01-01", "2026-02-28"), [days("2026-01-01", "2026-01-15")], Decimal("480.00"))

    assert (told.let, told.vacant) == (15, 44)
    assert told.lost_rent == Decimal("247.74") + Decimal("480.00")


def test_a_rent_that_nobody_wrote_down_makes_the_loss_unknown():
    assert vacancy(YEAR, [], None).lost_rent is None
    assert vacancy(YEAR, [days("2025-01-01")], Decimal("480.00")).lost_rent == 0


spans = st.tuples(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(0, 400))


@given(st.lists(spans, max_size=6))
def test_every_day_is_either_let_or_empty(told):
    leases = [Period(first, first + timedelta(days=length)) for first, length in told]
    covered = {
        day for day in range(YEAR.first.toordinal(), YEAR.last.toordinal() + 1)
        if any(one.first.toordinal() <= day <= one.last.toordinal() for one in leases)
    }  # fmt: skip

    assert vacancy(YEAR, leases, None).let == len(covered)
