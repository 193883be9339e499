"""Where the bars stand."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.charts import FLOOR, LEFT, RIGHT, TOP, bar_chart


@pytest.mark.parametrize(("largest", "top"), [(0, 4), (3, 4), (63, 80), (80, 80), (81, 200), (1_284, 2_000)])
def test_the_lines_are_round_and_reach_the_largest_value(largest, top):
    assert bar_chart([("May", [largest])]).lines[-1] == (TOP, top)


def test_bars_are_as_high_as_their_values():
    low, high = bar_chart([("May", [20, Decimal(80)])]).bars

    assert (low.height, high.height) == (round((FLOOR - TOP) / 4, 1), FLOOR - TOP)
    assert (low.kind, high.kind) == ("bar", "bar2")


def test_a_chart_of_nothing_has_lines_and_no_bars():
    chart = bar_chart([])

    assert chart.bars == []
    assert len(chart.lines) == 5


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), min_size=1, max_size=24))
def test_bars_stay_within_the_drawing_and_do_not_touch(numbers):
    bars = bar_chart([(str(place), row) for place, row in enumerate(numbers)]).bars

    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT and TOP <= bar.y <= FLOOR for bar in bars)
    assert all(one.x + one.width < other.x for one, other in pairwise(bars))
