import io

import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.color_scale import encode_picture, encode_placed, find_bounds, find_scale, place_maps
from nst_explorer.view.colormaps import DIVERGING, VIRIDIS


def open_bytes(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_the_scale_ends_at_the_percentile_so_that_one_bright_value_does_not_darken_the_rest():
    values = np.append(np.linspace(0, 1, 999, dtype=np.float32), np.float32(1e6)).reshape(20, 50)
    scale = find_scale(values, is_difference=False)
    assert scale.low == 0
    assert 0.98 < scale.high <= 1.0
    assert scale.colormap is VIRIDIS


def test_a_map_that_answers_only_in_few_places_is_scaled_to_its_largest_value():
    values = np.zeros((40, 40), np.float32)
    values[3, 4] = 2.5
    assert find_scale(values, is_difference=False).high == 2.5


def test_differences_are_centered_on_zero():
    scale = find_scale(np.array([[-3.0, 1.0]], np.float32), is_difference=True)
    assert scale.low == -scale.high
    assert scale.colormap is DIVERGING
    np.testing.assert_allclose(scale.place_values(np.array([[0.0, scale.high, scale.low]])), [[0.5, 1, 0]])


def test_every_map_has_its_own_bound():
    maps = np.stack([np.full((4, 4), 2.0), np.full((4, 4), -0.5), np.zeros((4, 4))], axis=-1)
    np.testing.assert_allclose(find_bounds(maps), [2, 0.5, 0])


def test_values_that_are_no_numbers_do_not_spoil_a_scale():
    maps = np.ones((4, 4, 3), np.float32)
    maps[0, 0, 0], maps[1, 1, 1], maps[..., 2] = np.nan, np.inf, np.nan
    np.testing.assert_allclose(find_bounds(maps), [1, 1, 0])


@pytest.mark.parametrize(("is_difference", "level"), [(False, 0.0), (True, 0.5)])
def test_a_map_of_zeros_has_the_color_of_zero(is_difference, level):
    scale = find_scale(np.zeros((3, 3), np.float32), is_difference=is_difference)
    assert (scale.place_values(np.zeros((3, 3), np.float32)) == level).all()


def test_a_constant_map_is_bright_and_not_dark():
    values = np.full((3, 3), 7.0, np.float32)
    np.testing.assert_allclose(find_scale(values, is_difference=False).place_values(values), 1)


def test_a_large_layer_is_scaled_by_a_sample_close_to_all_of_it():
    values = np.random.default_rng(0).random((256, 256, 16), dtype=np.float32)
    assert find_scale(values, is_difference=False).high == pytest.approx(0.995, abs=0.002)


def test_a_picture_at_rest_has_exactly_the_colors_of_the_map():
    placed = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    content, kind = encode_placed(placed, VIRIDIS, is_quick=False)
    assert kind == "png"
    np.testing.assert_array_equal(open_bytes(content).reshape(-1, 3), VIRIDIS.colors)


def test_what_is_no_number_is_seen_in_the_picture():
    content, _ = encode_placed(np.array([[0.0, np.nan, 1.0]], np.float32), VIRIDIS, is_quick=False)
    first, missing, last = (tuple(pixel) for pixel in open_bytes(content)[0].tolist())
    assert missing not in {tuple(color) for color in VIRIDIS.colors.tolist()}
    assert (first, last) == (tuple(VIRIDIS.colors[0]), tuple(VIRIDIS.colors[-1]))


def test_a_large_picture_that_moves_is_jpeg_and_a_small_map_never():
    large, small = np.zeros((400, 400), np.float32), np.zeros((24, 32), np.float32)
    assert encode_placed(large, VIRIDIS, is_quick=True)[1] == "jpeg"
    assert encode_placed(small, VIRIDIS, is_quick=True)[1] == "png"
    assert encode_picture(Image.new("RGB", (9, 9)), is_quick=True)[1] == "jpeg"
    assert encode_picture(Image.new("RGB", (9, 9)), is_quick=False)[1] == "png"


def test_bounds_are_shared_by_none():
    placed = place_maps(np.full((1, 1, 2), 2.0, np.float32), np.array([2.0, 4.0], np.float32), is_difference=False)
    np.testing.assert_allclose(placed, [[[1, 0.5]]])
