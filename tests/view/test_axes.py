"""Axes: round numbers, and labels that do not cover each other."""

import math
from itertools import pairwise

import pytest

from nst_explorer.view.axes import (
    choose_linear_range,
    choose_linear_ticks,
    choose_log_range,
    choose_log_ticks,
    round_down,
    round_up,
    spread_labels,
)


@pytest.mark.parametrize(
    ("value", "up", "down"), [(130, 200, 100), (0.02, 0.02, 0.02), (7, 10, 5), (1, 1, 1), (3e-5, 5e-5, 2e-5)]
)
def test_numbers_are_rounded_to_1_2_or_5(value, up, down):
    assert round_up(value) == pytest.approx(up)
    assert round_down(value) == pytest.approx(down)


def test_a_log_range_holds_the_positive_values_and_at_most_six_decades():
    assert choose_log_range([0.03, 0.7]) == pytest.approx((0.02, 1.0))
    assert choose_log_range([0.0, 1e-12, 1.0, math.inf]) == pytest.approx((1e-6, 1.0))
    assert choose_log_range([0.0, 0.0]) == (0.1, 1.0)
    low, high = choose_log_range([5.0])
    assert low < 5 < high


def test_log_ticks_are_powers_of_ten_or_where_these_are_few_1_2_and_5():
    assert choose_log_ticks(0.002, 1.0) == [0.01, 0.1, 1.0]
    assert choose_log_ticks(0.02, 0.5) == [0.02, 0.05, 0.1, 0.2, 0.5]


def test_a_linear_axis_begins_at_zero():
    assert choose_linear_range([0.3, 0.7, math.nan]) == (0.0, 1.0)
    assert choose_linear_range([]) == (0.0, 1.0)
    assert choose_linear_ticks(200) == [0, 50, 100, 150, 200]


def test_labels_keep_their_distance_and_their_order():
    heights = [100, 99, 98, 40, 2, 1]
    placed = spread_labels(heights, gap=13, top=300)
    ordered = sorted(placed, reverse=True)
    assert placed == ordered
    assert all(above - below >= 13 for above, below in pairwise(ordered))
    assert min(placed) >= 0
    assert placed[3] == 40


def test_labels_stay_below_the_top():
    assert max(spread_labels([500, 400], gap=13, top=300)) == 300
