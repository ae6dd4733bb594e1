"""The timeline and the comparison of branches as drawings and words."""

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from nst_explorer.recipe import Recipe
from nst_explorer.view.branch_table import choose_other, describe_difference, list_branches
from nst_explorer.view.frames import enlarge_frame, wipe_pictures
from nst_explorer.view.pair_curves import draw_pair_curves
from nst_explorer.view.timeline import WIDTH, draw_timeline

LIGHT, HEAVY = Recipe(style_weight=2.0), Recipe(style_weight=6.0)


@dataclass(frozen=True, eq=False)
class Point:
    step: int
    recipe: Recipe = LIGHT
    is_change: bool = False
    is_enlargement: bool = False
    scale: int = 0

    @property
    def raw(self):
        return {"total": 1.0}

    @property
    def losses(self):
        return {"total": 1.0 / (1 + self.step)}


@dataclass(frozen=True, eq=False)
class Lane:
    name: str
    left_step: int | None
    line: list
    records: list
    is_present: bool = False
    difference: str = ""

    @property
    def newest(self):
        return self.line[-1]


def make_lanes() -> list[Lane]:
    """main to 20; the present branch leaves it at 10 for 40."""
    first = [Point(step) for step in range(21)]
    own = [Point(10, HEAVY, is_change=True), *(Point(step, HEAVY) for step in range(11, 41))]
    return [
        Lane("main", None, first, first),
        Lane("a <b>", 10, [*first[:11], *own], own, is_present=True, difference="style weight × 3"),
    ]


def find_now(svg: str) -> tuple[float, float]:
    found = re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="5" class="nst-now"', svg)
    assert found
    return float(found[1]), float(found[2])


def test_the_present_step_stands_on_the_lane_that_owns_it():
    shared, own = (find_now(draw_timeline(make_lanes(), step).svg) for step in (5, 30))
    assert shared[1] < own[1]
    assert own[0] - shared[0] == (WIDTH - 16) * 25 / 40


def test_a_column_means_the_step_that_is_drawn_there():
    drawing = draw_timeline(make_lanes(), 40)
    for step in (0, 13, 40):
        x, _ = find_now(draw_timeline(make_lanes(), step).svg)
        assert drawing.find_step(int(x)) == step
    assert (drawing.find_step(0), drawing.find_step(WIDTH - 1)) == (0, 40)


def test_a_timeline_is_described_and_names_are_escaped():
    svg = draw_timeline(make_lanes(), 30).svg
    assert "The run stands at step 30 of a &lt;b&gt;. main: from step 0, to step 20" in svg
    assert "a &lt;b&gt;: left at step 10, to step 40" in svg
    assert "<b>" not in svg


def test_a_change_of_recipe_on_the_way_is_marked_with_its_words():
    line = [Point(0), Point(1), Point(1, HEAVY, is_change=True), Point(2, HEAVY)]
    svg = draw_timeline([Lane("main", None, line, line, is_present=True)], 2).svg
    assert svg.count('class="nst-change"') == 1
    assert "<title>style weight × 3</title>" in svg
    assert "recipe changed at 1" in svg


def test_a_change_of_size_has_a_mark_of_its_own():
    sizes = Recipe(scales=2, scale_factor=1.414, scale_steps=1)
    larger = Point(1, sizes, is_change=True, is_enlargement=True, scale=1)
    line = [Point(0, sizes), Point(1, sizes), larger, Point(2, sizes, scale=1)]
    svg = draw_timeline([Lane("main", None, line, line, is_present=True)], 2).svg
    assert svg.count('class="nst-change nst-enlarged"') == 1
    assert "<title>size × √2</title>" in svg
    assert "picture enlarged at 1" in svg
    assert "recipe changed" not in svg


def test_of_many_branches_the_present_one_and_the_newest_are_drawn():
    first = [Point(step) for step in range(5)]
    lanes = [Lane("main", None, first, first, is_present=True)]
    for number in range(12):
        own = [Point(2, HEAVY, is_change=True), Point(3, HEAVY)]
        lanes.append(Lane(f"b{number}", 2, [*first[:3], *own], own))
    svg = draw_timeline(lanes, 4).svg
    assert svg.count('class="nst-lane nst-left"') == 7
    assert svg.count('class="nst-lane"') == 1


def test_branches_are_listed_and_compared_in_words():
    lanes = make_lanes()
    rows = list_branches(lanes)
    assert rows[0].words.startswith("from the start, to step 20 · total 0.0476")
    assert rows[1].words.startswith("left at step 10, to step 40")
    assert rows[1].words.endswith("style weight × 3")
    other = choose_other(lanes, "gone")
    assert other is not None and other is lanes[0]
    assert describe_difference(other, lanes[1]) == "style weight × 3"
    assert describe_difference(other, replace(lanes[0], is_present=True)) == "none: both end under the same recipe"
    assert choose_other(lanes[1:], "") is None


def test_the_branch_compared_last_is_meant_still_under_another_name():
    first, present = make_lanes()
    lanes = [replace(first, name="renamed"), present, Lane("newest", 2, first.line[:4], first.line[3:4])]
    assert choose_other(lanes, "main", first) is lanes[0]
    assert choose_other(lanes, "", first) is lanes[2]
    assert choose_other(lanes, "newest", first) is lanes[2]


def test_both_totals_are_in_one_chart_with_their_numbers_in_words():
    lanes = make_lanes()
    svg = draw_pair_curves(("main", "b"), (lanes[0].line, lanes[1].line))
    assert len(re.findall("<polyline", svg)) == 2
    assert "main: total 0.0476 at step 20; b: total 0.0244 at step 40" in svg


def test_a_wipe_has_one_picture_left_and_the_other_right_of_a_line():
    left, right = np.zeros((2, 10, 3), np.float32), np.full((2, 10, 3), 0.5, np.float32)
    wiped = wipe_pictures(left, right, 0.4)
    assert wiped[0, :, 0].tolist() == [0, 0, 0, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]
    np.testing.assert_array_equal(wipe_pictures(left, right, 0.0), right)
    np.testing.assert_array_equal(wipe_pictures(left, right, 1.0), left)


def test_a_preview_of_the_same_size_is_exact_and_a_smaller_one_is_stretched():
    frame = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    np.testing.assert_array_equal(enlarge_frame(frame, 2, 4) * 255, frame)
    assert enlarge_frame(frame, 6, 9).shape == (6, 9, 3)


def test_the_steps_that_are_marked_can_be_gone_to_where_they_are_drawn():
    lanes = make_lanes()
    stops = draw_timeline(lanes, 30, best_step=40).stops
    assert [(stop.step, stop.name) for stop in stops] == [(0, "start"), (10, "change"), (40, "best")]
    svg = draw_timeline(lanes, 40).svg
    x, y = find_now(svg)
    assert (stops[-1].left * WIDTH, stops[-1].top * draw_timeline(lanes, 40).rows) == pytest.approx((x, y), abs=0.1)
    there = [replace(lanes[0], is_present=True), replace(lanes[1], is_present=False)]
    names = [(stop.step, stop.name) for stop in draw_timeline(there, 3, best_step=0).stops]
    assert names == [(0, "start, best"), (10, "a <b> leaves")]


def test_of_many_changes_the_newest_are_named_and_the_start():
    line = [Point(0)]
    for step in range(1, 40):
        line += [Point(step, line[-1].recipe), Point(step, Recipe(style_weight=float(step)), is_change=True)]
    stops = draw_timeline([Lane("main", None, line, line, is_present=True)], 39).stops
    assert [stop.step for stop in stops] == [0, *range(29, 40)]
