"""The loss chart's geometry, from records made by hand."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from nst_explorer.recipe import Recipe
from nst_explorer.view.loss_curves import (
    MOST_POINTS,
    anchor_ends,
    draw_curves,
    is_seen_to_grow,
    share_losses,
    tabulate_losses,
)

CONTENT, STYLE = "content/block4_conv2", "style/block1_conv1"


@dataclass(frozen=True)
class Point:
    step: int
    losses: dict
    recipe: Recipe = field(default_factory=Recipe)
    is_change: bool = False
    is_enlargement: bool = False
    scale: int = 0
    raw: dict = field(default_factory=dict)


def make_point(step: int, content: float, style: float, **options) -> Point:
    losses = {CONTENT: content, STYLE: style, "total": content + style}
    return Point(step, losses, raw={CONTENT: content / 2, STYLE: style / 4}, **options)


@pytest.fixture
def line() -> list[Point]:
    return [make_point(step, 0.1 * step, 1 / (step + 1)) for step in range(12)]


def test_every_term_is_a_curve_and_the_total_comes_first(line):
    curves = draw_curves(line, 11, "weighted", "linear")
    assert curves.terms == ("total", CONTENT, STYLE)
    np.testing.assert_array_equal(curves.steps, np.arange(12))
    np.testing.assert_allclose(curves.values[1], 0.1 * np.arange(12))
    np.testing.assert_allclose(curves.values[0], curves.values[1] + curves.values[2])


def test_raw_values_have_no_total(line):
    curves = draw_curves(line, 11, "raw", "linear")
    assert curves.terms == (CONTENT, STYLE)
    np.testing.assert_allclose(curves.values[1], 0.25 / (np.arange(12) + 1))


def test_on_a_log_scale_zero_lies_at_the_lower_edge(line):
    curves = draw_curves(line, 11, "weighted", "log")
    low, high = curves.y_range
    assert curves.values[1][0] == low
    assert low <= np.nanmin(curves.values)
    assert np.nanmax(curves.values) <= high


def test_the_x_axis_rests_between_round_numbers(line):
    assert draw_curves(line[:3], 2, "weighted", "log").x_range == draw_curves(line, 11, "weighted", "log").x_range


def test_a_long_run_is_thinned_but_keeps_its_ends_and_its_changes():
    recipe, other = Recipe(), Recipe(style_weight=3.0)
    line = [make_point(step, 1.0, 1.0, recipe=recipe) for step in range(3000)]
    change = make_point(2999, 1.0, 3.0, recipe=other, is_change=True)
    line = [*line, change, *(make_point(step, 1.0, 3.0, recipe=other) for step in range(3000, 6001))]
    curves = draw_curves(line, 6000, "weighted", "log")
    assert MOST_POINTS <= len(curves.steps) <= MOST_POINTS + 2
    assert (curves.steps[0], curves.steps[-1]) == (0, 6000)
    at_change = curves.values[curves.terms.index(STYLE)][curves.steps == 2999]
    np.testing.assert_allclose(at_change, [1.0, 3.0])
    assert (curves.mark_steps, curves.mark_texts) == ((2999,), ("style weight × 3",))


def test_a_term_that_came_later_is_missing_before_and_one_that_went_is_missing_after():
    line = [
        Point(0, {"total": 1.0, CONTENT: 1.0}),
        Point(1, {"total": 2.0, CONTENT: 1.0, STYLE: 1.0}),
        Point(2, {"total": 1.0, STYLE: 1.0}),
    ]
    curves = draw_curves(line, 2, "weighted", "linear")
    values = dict(zip(curves.terms, curves.values, strict=True))
    np.testing.assert_array_equal(values[STYLE], [np.nan, 1.0, 1.0])
    np.testing.assert_array_equal(values[CONTENT], [1.0, 1.0, np.nan])
    assert curves.label_steps[curves.terms.index(CONTENT)] == 1


def test_a_curve_that_ended_stays_at_its_last_point_and_a_gap_stays_a_gap():
    nan = np.nan
    values = np.array([[nan, 1.0, 2.0, nan], [1.0, nan, 2.0, 3.0], [nan, nan, nan, nan]])
    steps, drawn = anchor_ends(np.arange(4.0), values)
    np.testing.assert_array_equal(steps, [[1, 1, 2, 2], [0, 1, 2, 3], [0, 1, 2, 3]])
    np.testing.assert_array_equal(drawn, [[1, 1, 2, 2], [1, nan, 2, 3], [nan] * 4])


def test_single_points_stay_curves_of_their_own():
    # A chart takes an array of one column for one curve through all terms.
    steps, drawn = anchor_ends(np.array([0.0]), np.array([[0.5], [0.1], [0.02]]))
    assert steps.tolist() == [[0, 0]] * 3
    assert drawn.tolist() == [[0.5, 0.5], [0.1, 0.1], [0.02, 0.02]]


def test_a_long_chart_is_drawn_anew_only_where_a_pixel_changes():
    def draw(length, present=None):
        line = [make_point(step, 1.0, 0.5) for step in range(length)]
        return draw_curves(line, length - 1 if present is None else present, "weighted", "log")

    before = draw(905)
    assert not is_seen_to_grow(before, draw(906))
    assert is_seen_to_grow(before, draw(912))
    assert is_seen_to_grow(before, draw(905, present=7))
    assert is_seen_to_grow(None, before)
    assert is_seen_to_grow(draw(30), draw(31))


def test_marks_that_would_cover_each_other_lose_their_text_but_not_their_line():
    line = [make_point(0, 1.0, 1.0)]
    for step in range(1, 6):
        before = line[-1].recipe
        after = replace(before, style_weight=before.style_weight * 2)
        line += [make_point(step, 1, 1, recipe=before), make_point(step, 1, 1, recipe=after, is_change=True)]
    curves = draw_curves(line, 5, "weighted", "log")
    assert curves.mark_steps == (1, 2, 3, 4, 5)
    assert curves.mark_texts == ("", "", "", "", "style weight × 2")


def test_a_single_point_can_be_drawn():
    curves = draw_curves([make_point(0, 0.0, 0.0)], 0, "weighted", "log")
    assert np.isfinite(curves.values).all()
    assert curves.y_range == (0.1, 1.0)


def test_a_value_that_is_not_a_number_is_left_out():
    curves = draw_curves([make_point(0, 1.0, 1.0), make_point(1, float("nan"), 1.0)], 1, "weighted", "log")
    assert np.isnan(curves.values[1][1])
    assert np.isfinite(curves.label_values).all()


def test_the_table_has_shares_and_the_change_over_ten_steps(line):
    rows = {row.term: row for row in tabulate_losses(line, line[11], "weighted")}
    assert list(rows) == ["total", CONTENT, STYLE]
    assert rows["total"].share == 1
    assert rows[CONTENT].share == pytest.approx(1.1 / (1.1 + 1 / 12))
    assert rows[STYLE].recent_ratio == pytest.approx((1 / 12) / (1 / 2))
    assert rows[CONTENT].recent_ratio == pytest.approx(11)


def test_before_ten_steps_there_is_no_change(line):
    assert all(np.isnan(row.recent_ratio) for row in tabulate_losses(line[:5], line[4], "weighted"))


def test_a_change_of_size_is_marked_and_nothing_is_compared_over_it():
    recipe = Recipe(scales=2, scale_steps=5)
    before = [make_point(step, 1.0, 1.0, recipe=recipe) for step in range(6)]
    larger = make_point(5, 2.0, 2.0, recipe=recipe, scale=1, is_change=True, is_enlargement=True)
    line = [*before, larger, *(make_point(step, 1.5, 1.5, recipe=recipe, scale=1) for step in range(6, 17))]
    curves = draw_curves(line, 16, "weighted", "log")
    assert (curves.mark_steps, curves.mark_texts) == ((5,), ("size × 2",))
    np.testing.assert_allclose(curves.values[0][curves.steps == 5], [2.0, 4.0])
    assert all(np.isnan(row.recent_ratio) for row in tabulate_losses(line, line[-3], "weighted")), "step 14 and step 4"
    assert tabulate_losses(line, line[-2], "weighted")[0].recent_ratio == pytest.approx(3 / 4), "step 15 and step 5"


def test_a_layer_with_two_roles_has_the_share_of_both():
    losses = {"content/block4_conv2": 1.0, "style/block4_conv2": 2.0, "variation": 1.0, "total": 4.0}
    assert share_losses(losses) == {"block4_conv2": 0.75, "variation": 0.25}
    assert share_losses({"style/block1_conv1": 0.0, "total": 0.0}) == {}
