import io
import re

import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.channel_pair import draw_pair, reduce_map
from nst_explorer.view.colormaps import DIVERGING, VIRIDIS, paint_values
from nst_explorer.view.gram_choice import GramChoice, Window, place_window
from nst_explorer.view.gram_differences import find_strongest_pair, list_differences
from nst_explorer.view.gram_heatmap import (
    Bounds,
    draw_gram,
    draw_gram_difference,
    draw_marks,
    encode_values,
    measure_bounds,
)


def read_png(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def make_grams(count=20, seed=0):
    random = np.random.default_rng(seed)
    features = [random.random((50, count)).astype(np.float32) for _ in range(2)]
    return tuple(each.T @ each / 50 for each in features)


def show_all(count):
    return place_window(GramChoice(), np.arange(count))


@pytest.mark.parametrize("hole", [False, True])
def test_a_picture_has_the_colors_that_its_numbers_are_painted_in(hole):
    values = np.random.default_rng(0).normal(size=(5, 7))
    if hole:
        values[2, 3] = np.nan
    painted = paint_values(values, VIRIDIS, -1.0, 1.5)
    np.testing.assert_array_equal(read_png(encode_values(values, VIRIDIS, -1.0, 1.5)), painted)


def test_cells_are_drawn_in_the_order_of_the_window():
    gram, _ = make_grams(6)
    order = np.array([3, 1, 5, 0, 2, 4])
    window = Window(order, order, 6)
    picture = read_png(draw_gram(gram, window, Bounds(1.0, 1.0)))
    np.testing.assert_array_equal(picture[2, 3], paint_values(gram[5, 0], VIRIDIS, 0, 1.0))


def test_both_matrices_share_a_scale_and_the_difference_is_centered():
    style, generated = make_grams()
    bounds = measure_bounds(style, generated, show_all(20))
    assert bounds.gram == pytest.approx(np.percentile(style, 99), rel=0.02)
    assert bounds.difference == pytest.approx(np.percentile(np.abs(generated - style), 99), rel=0.05)
    same = read_png(draw_gram_difference(np.zeros((20, 20)), show_all(20), bounds))
    assert (same == paint_values(np.zeros(1), DIVERGING, -1, 1)).all()


def test_a_zoomed_window_is_scaled_by_what_is_seen_of_it():
    style, generated = make_grams()
    style[0, 0] = style[0, 1] = style[1, 0] = style[1, 1] = 1e6
    rows = np.arange(5, 15)
    assert measure_bounds(style, generated, Window(rows, rows, 20)).gram < 2


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_matrices_without_numbers_to_show_are_drawn_all_the_same(value):
    gram = np.full((4, 4), value)
    bounds = measure_bounds(gram, gram, show_all(4))
    assert bounds == Bounds(0.0, 0.0)
    difference = read_png(draw_gram_difference(gram - gram, show_all(4), bounds))
    expected = paint_values(np.array(value), DIVERGING, -1, 1)
    assert (difference == expected).all()
    assert read_png(draw_gram(gram, show_all(4), bounds)).shape == (4, 4, 3)


def test_the_marks_leave_the_chosen_cell_open():
    svg = draw_marks(show_all(16), (3, 9), None)
    bars = [
        [float(each) for each in bar]
        for bar in re.findall(r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    ]
    covered = np.zeros((16, 16), bool)
    for x, y, width, height in bars:
        covered[int(y) : int(y + height), int(x) : int(x + width)] = True
    expected = np.zeros((16, 16), bool)
    expected[3], expected[:, 9], expected[3, 9] = True, True, False
    np.testing.assert_array_equal(covered, expected)


def test_a_mark_is_wide_enough_to_be_seen_among_many_channels():
    svg = draw_marks(show_all(512), (0, 511), None)
    assert min(float(each) for each in re.findall(r'height="([\d.]+)"', svg)) > 5


def test_a_linked_channel_is_marked_where_it_is_seen():
    window = Window(np.arange(4), np.arange(8, 12), 16)
    assert draw_marks(window, (0, 8), 2).count("nst-linked") == 1
    assert draw_marks(window, (0, 8), 5).count("nst-linked") == 0
    assert draw_marks(show_all(16), (0, 8), 5).count("nst-linked") == 2


def test_the_largest_differences_are_listed_with_their_share():
    style = np.zeros((5, 5))
    generated = style.copy()
    generated[1, 3] = generated[3, 1] = -3.0
    generated[2, 2] = 4.0
    first, second = list_differences(style, generated)
    assert (first.row, first.column, first.generated, first.share) == (2, 2, 4.0, pytest.approx(16 / 34))
    assert (second.row, second.column, second.generated, second.share) == (1, 3, -3.0, pytest.approx(18 / 34))


def test_all_shares_add_up_to_one():
    style, generated = make_grams(6)
    assert sum(each.share for each in list_differences(style, generated, 99)) == pytest.approx(1)


def test_what_is_no_number_is_no_difference():
    style, generated = make_grams(4)
    generated[0, 0] = np.nan
    listed = list_differences(style, generated, 99)
    assert len(listed) == 9
    assert (0, 0) not in {(each.row, each.column) for each in listed}
    assert list_differences(style, style) == ()


def test_the_strongest_pair_is_off_the_diagonal():
    gram = np.diag([9.0, 9.0, 9.0])
    gram[0, 2] = gram[2, 0] = 3.0
    assert find_strongest_pair(gram) == (0, 2)
    assert find_strongest_pair(np.full((3, 3), np.nan)) == (0, 1)
    assert find_strongest_pair(np.ones((1, 1))) == (0, 0)


def test_the_product_is_bright_where_both_maps_are():
    first, second = np.zeros((4, 6), np.float32), np.zeros((4, 6), np.float32)
    first[:, :3], second[2:] = 2.0, 3.0
    *_, product = draw_pair(first, second)
    picture = read_png(product.png)
    bright = (picture == VIRIDIS.colors[-1]).all(axis=-1)
    np.testing.assert_array_equal(bright, (first * second) > 0)
    assert product.mean == pytest.approx(6 * 6 / 24)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (257, 300), (512, 512)])
def test_a_map_of_any_size_is_reduced_to_means(shape):
    values = np.random.default_rng(0).random(shape).astype(np.float32)
    small = reduce_map(values, 128)
    assert max(small.shape) <= 128
    assert small.mean() == pytest.approx(values.mean(), abs=0.03)


def test_a_map_that_is_no_number_is_drawn_so():
    *_, product = draw_pair(np.full((3, 3), np.nan), np.ones((3, 3)))
    assert np.isnan(product.mean)
    assert (read_png(product.png) == paint_values(np.array(np.nan), VIRIDIS, 0, 1)).all()
