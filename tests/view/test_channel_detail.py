import io
import re

import numpy as np
import pytest
from PIL import Image

from nst_explorer.layers import find_layer
from nst_explorer.view.channel_detail import (
    draw_histogram,
    enlarge_map,
    overlay_map,
    state_channel_facts,
    write_share,
)
from nst_explorer.view.color_scale import ColorScale, find_scale
from nst_explorer.view.colormaps import DIVERGING, VIRIDIS

UNIT = ColorScale(0.0, 1.0, VIRIDIS)


def bar_heights(drawing: str) -> list[float]:
    path = re.search(r'class="nst-bars" d="([^"]*)"', drawing)
    return [float(height) for height in re.findall(r"v-([\d.]+)h", path[1])] if path else []


def test_facts_are_those_of_numpy():
    values = np.array([[0.0, 2.0], [0.0, 4.0]], np.float32)
    facts = dict(state_channel_facts(values, 100.0, [("style term", 0.05)], 3, is_difference=False))
    assert facts["mean"] == "1.50"
    assert facts["variance"] == "2.75"
    assert facts["maximum"] == "4.00"
    assert facts["silent (exactly 0)"] == "50%"
    assert facts["G<sub>3,3</sub>, mean square"] == "5.00"
    assert facts["of the layer's energy"] == "20%"
    assert facts["of the style term"] == "5.00%"


def test_a_difference_has_no_gram_and_is_not_silent():
    facts = dict(state_channel_facts(np.array([[-1.0, 3.0]], np.float32), 10.0, [], 3, is_difference=True))
    assert (facts["smallest"], facts["largest"]) == ("−1.00", "3.00")
    assert not any("silent" in name or "G<sub>" in name for name in facts)


def test_values_that_are_no_numbers_are_counted_and_left_out():
    facts = dict(state_channel_facts(np.array([[np.nan, 2.0]], np.float32), 4.0, [], 0, is_difference=False))
    assert (facts["not a number"], facts["mean"]) == ("50%", "2.00")
    assert dict(state_channel_facts(np.full((2, 2), np.nan), 0.0, [], 0, is_difference=False))["not a number"] == "100%"


def test_a_histogram_leaves_zeros_out_and_counts_what_is_beyond_at_the_end():
    values = np.array([[0, 0, 0, 0, 0, 0.01, 0.99, 5.0]], np.float32)
    first, last = bar_heights(draw_histogram(values, UNIT))
    assert last == pytest.approx(2 * first, abs=0.11)
    assert "62% are 0" in draw_histogram(values, UNIT)


@pytest.mark.parametrize(
    ("values", "words"),
    [(np.zeros((3, 3)), "all values are 0"), (np.full((3, 3), np.nan), "no value is a number")],
)
def test_a_histogram_of_nothing_says_so(values, words):
    scale = find_scale(values.astype(np.float32), is_difference=False)
    drawing = draw_histogram(values, scale)
    assert words in drawing
    assert bar_heights(drawing) == []


def test_the_color_bar_has_its_numbers():
    assert ">2.50</text>" in draw_histogram(np.full((2, 2), 2.5, np.float32), ColorScale(0.0, 2.5, VIRIDIS))


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([-1, 2], "−2.00", "2.00"), ([-1, 3], "−2.00", "≥ 2.00"), ([-9, 3], "≤ −2.00", "≥ 2.00")],
)
def test_the_color_bar_says_at_which_end_values_lie_beyond(values, low, high):
    drawing = draw_histogram(np.array([values], np.float32), ColorScale(-2.0, 2.0, DIVERGING))
    assert f">{low}</text>" in drawing
    assert f">{high}</text>" in drawing


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.00%"), (1e-6, "<0.01%"), (0.0054, "0.54%"), (0.32, "32%"), (float("nan"), "–")]
)
def test_small_shares_are_written_with_two_digits(share, text):
    assert write_share(share) == text


def test_an_enlarged_map_has_a_pixel_for_each_value():
    values = np.random.default_rng(0).random((3, 5), dtype=np.float32)
    picture, kind, is_fine = enlarge_map(values, UNIT, None, find_layer("block3_conv1"), is_quick=False)
    assert Image.open(io.BytesIO(picture)).size == (5, 3)
    assert (kind, is_fine) == ("png", False)


def test_an_overlay_covers_what_the_values_stand_for():
    picture = np.full((35, 67, 3), 0.5, np.float32)
    placed = np.zeros((8, 16), np.float32)
    placed[2, 3] = 1
    laid = overlay_map(placed, UNIT, picture, find_layer("block3_conv1").stride)
    assert laid.shape == (32, 64, 3)
    changed = np.argwhere((laid != laid[0, 0]).any(axis=-1))
    assert changed.min(axis=0).tolist() == [8, 12]
    assert changed.max(axis=0).tolist() == [11, 15]


def test_what_is_no_number_covers_the_picture():
    laid = overlay_map(np.array([[np.nan, 0.0]], np.float32), UNIT, np.zeros((1, 2, 3), np.float32), 1)
    assert tuple(laid[0, 0]) == (255, 0, 144)
