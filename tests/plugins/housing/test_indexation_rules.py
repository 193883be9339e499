"""Rents updated by ISTAT's index: the acceptance cases, the chain of bases, and every reason not to."""

import csv
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from core.refusals import Refusal
from plugins.housing.rules.indexation import (
    LinkMissing,
    Point,
    RentInForce,
    Series,
    Skipped,
    base_of,
    effective_from,
    series_of,
    update_rent,
)
from plugins.housing.services.indexes import HERE

LINKS = {(1995, 2010): Decimal("1.373"), (2010, 2015): Decimal("1.071"), (2015, 2025): Decimal("1.214")}


def series(*points):
    return Series({month: Point(month, base, Decimal(value)) for month, base, value in points}, LINKS)


def rent(amount="480.00", anchor=date(2021, 6, 1), base=date(2021, 4, 1), share="0.75", **rest):
    return RentInForce(Decimal(amount), anchor, base, Decimal(share), **rest)


YEAR = series((date(2021, 4, 1), 2015, "103.7"), (date(2022, 4, 1), 2015, "109.7"))


def test_hou_1_a_rent_of_480_becomes_500_88():
    found = update_rent(rent(), YEAR, date(2022, 6, 1))

    assert (found.variation, found.applied, found.amount) == (Decimal("5.8"), Decimal("4.350"), Decimal("500.88"))
    assert found.due == date(2022, 6, 1)


def test_hou_2_two_bases_are_joined_by_their_coefficient():
    told = series((date(2014, 4, 1), 2010, "106.5"), (date(2015, 4, 1), 2015, "99.7"))

    found = update_rent(rent("400.00", date(2014, 6, 1), date(2014, 4, 1)), told, date(2015, 6, 1))

    assert (found.coefficient, found.variation, found.amount) == (Decimal("1.071"), Decimal("0.3"), Decimal("400.90"))


def test_three_bases_are_joined_by_the_product():
    told = series((date(2014, 3, 1), 2010, "107.2"), (date(2026, 3, 1), 2025, "101.5"))

    found = update_rent(rent("400.00", date(2014, 5, 1), date(2014, 3, 1), "1"), told, date(2026, 5, 1))

    # 101.5 × 1.071 × 1.214 / 107.2 = 1.23105…
    assert found.coefficient == Decimal("1.300194")
    assert (found.variation, found.amount) == (Decimal("23.1"), Decimal("492.40"))


def test_bases_that_nothing_joins_are_refused():
    told = Series(series((date(2014, 3, 1), 2010, "107.2"), (date(2026, 3, 1), 2025, "101.5")).points, {})

    with pytest.raises(LinkMissing, match="2010"):
        update_rent(rent("400.00", date(2014, 5, 1), date(2014, 3, 1)), told, date(2026, 5, 1))


@pytest.mark.parametrize(
    ("changes", "month", "reason"),
    [
        ({"flat_rate": True}, date(2022, 6, 1), Skipped.FLAT_RATE),
        ({"share": "0"}, date(2022, 6, 1), Skipped.NO_INDEXATION),
        ({}, date(2022, 5, 1), Skipped.NOT_DUE),
        ({}, date(2021, 6, 1), Skipped.NOT_DUE),
        ({"once_only": True}, date(2022, 6, 1), Skipped.SECOND_YEAR_DONE),
        ({}, date(2023, 6, 1), Skipped.INDEX_MISSING),
    ],
)
def test_a_rent_is_left_as_it_is_for_a_reason(changes, month, reason):
    found = update_rent(rent(**changes), YEAR, month)

    assert (found.skipped, found.amount) == (reason, None)


def test_the_missing_month_is_named():
    assert update_rent(rent(), YEAR, date(2023, 7, 1)).missing == date(2023, 4, 1)
    assert update_rent(rent(base=date(2020, 4, 1)), YEAR, date(2022, 7, 1)).missing == date(2020, 4, 1)


@pytest.mark.parametrize(("end", "may_fall", "amount"), [
    ("103.7", True, None), ("102.7", False, None), ("102.7", True, Decimal("476.40")),
])  # fmt: skip
def test_a_rent_falls_only_where_the_lease_says_so(end, may_fall, amount):
    told = series((date(2021, 4, 1), 2015, "103.7"), (date(2022, 4, 1), 2015, end))

    found = update_rent(rent(may_fall=may_fall), told, date(2022, 6, 1))

    # 102.7 / 103.7 − 1 = −1.0%; 75% of it is −0.75%
    assert found.amount == amount
    assert (found.skipped is Skipped.NOT_POSITIVE) is (amount is None)


def test_years_that_nobody_asked_for_are_counted_together():
    told = series((date(2021, 4, 1), 2015, "103.7"), (date(2023, 4, 1), 2015, "118.4"))

    found = update_rent(rent(), told, date(2023, 9, 1))

    assert (found.due, found.end.month, found.variation) == (date(2023, 6, 1), date(2023, 4, 1), Decimal("14.2"))


@pytest.mark.parametrize(("requested", "by_law", "first"), [
    (date(2022, 5, 3), False, date(2022, 6, 1)),
    (date(2022, 6, 3), False, date(2022, 7, 1)),
    (date(2022, 1, 3), False, date(2022, 6, 1)),
    (None, True, date(2022, 6, 1)),
])  # fmt: skip
def test_the_new_rent_begins_the_month_after_the_request_and_never_before_it_is_due(requested, by_law, first):
    assert effective_from(date(2022, 6, 1), requested, by_law=by_law) == first


def test_without_a_request_nothing_rises():
    with pytest.raises(Refusal, match="written request"):
        effective_from(date(2022, 6, 1), None, by_law=False)


def test_a_rent_stands_on_the_last_index_published_when_it_begins():
    assert base_of(date(2022, 6, 15)) == date(2022, 4, 1)


def test_the_shipped_series_has_no_hole_and_joins_all_its_bases():
    with (HERE / "foi.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(date.fromisoformat(f"{row['month']}-01"), int(row["base"])) for row in csv.DictReader(stream)]
    months = [month for month, _base in rows]

    assert len(months) == len(set(months)) == 186
    assert all((b.year - a.year) * 12 + b.month - a.month == 1 for a, b in pairwise(months))
    shipped = series_of([], [(start, to, value) for (start, to), value in LINKS.items()])
    assert shipped.coefficient(1995, 2025) == Decimal("1.373") * Decimal("1.071") * Decimal("1.214")
