import io

import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.channel_order import measure_channels
from nst_explorer.view.color_scale import ColorScale
from nst_explorer.view.colormaps import DIVERGING, VIRIDIS
from nst_explorer.view.feature_mosaic import Mosaic, cut_page, draw_mosaic, lay_tiles, reduce_maps


def draw(maps: np.ndarray, *, page: int = 0, shared: ColorScale | None = None, is_difference: bool = False) -> Mosaic:
    cut = cut_page(range(maps.shape[-1]), page, 0)
    return draw_mosaic(maps, cut, measure_channels(maps), shared, is_difference=is_difference, is_quick=False)


def open_picture(mosaic: Mosaic) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(mosaic.picture)).convert("RGB"))


def test_pages_hold_all_channels_once_and_in_order():
    order = tuple(reversed(range(130)))
    pages = [cut_page(order, index, 0) for index in range(3)]
    assert sum((page.channels for page in pages), ()) == order
    assert [str(page) for page in pages] == ["1–64 of 130", "65–128 of 130", "129–130 of 130"]
    assert [page.is_last for page in pages] == [False, False, True]


def test_a_page_beyond_the_last_is_the_last_and_below_the_first_the_first():
    assert cut_page(range(128), 99, 0).index == 1
    assert cut_page(range(128), -1, 0).index == 0


def test_without_a_page_it_is_the_one_with_the_chosen_channel_on_it():
    order = tuple(reversed(range(512)))
    assert 5 in cut_page(order, None, 5).channels
    assert cut_page(order, None, 5).index == 7


def test_tiles_lie_row_by_row():
    tiles = np.arange(5, dtype=np.float32) * np.ones((2, 3, 1), np.float32)
    sheet = lay_tiles(tiles, 4)
    assert sheet.shape == (4, 12)
    np.testing.assert_array_equal(sheet[0, ::3], [0, 1, 2, 3])
    np.testing.assert_array_equal(sheet[2, ::3], [4, 0, 0, 0])


def test_a_tile_is_neither_turned_nor_mirrored():
    maps = np.zeros((3, 4, 8), np.float32)
    maps[0, 3, 6] = 1
    picture = open_picture(draw(maps))
    bright = np.argwhere((picture == VIRIDIS.colors[255]).all(axis=-1))
    # 8 channels, 4 in a row: channel 6 is the third of the second row.
    assert bright.tolist() == [[3 + 0, 2 * 4 + 3]]


def test_small_maps_keep_a_pixel_for_each_value():
    maps = np.random.default_rng(0).random((12, 16, 64), dtype=np.float32)
    mosaic = draw(maps)
    assert open_picture(mosaic).shape == (8 * 12, 8 * 16, 3)
    assert not mosaic.is_reduced


def test_reduced_values_are_means_of_blocks_also_at_the_border():
    maps = np.random.default_rng(0).random((10, 7, 2), dtype=np.float32)
    reduced = reduce_maps(maps, 4)
    assert reduced.shape == (4, 3, 2)
    for row in range(4):
        for column in range(3):
            block = maps[3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
            np.testing.assert_allclose(reduced[row, column], block.mean(axis=(0, 1)), rtol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1, 16), (512, 32, 16), (192, 256, 16), (333, 500, 64), (24, 32, 512)])
def test_every_page_is_small_and_complete(shape):
    maps = np.random.default_rng(0).random(shape, dtype=np.float32)
    mosaic = draw(maps, page=9)
    assert len(mosaic.names) == len(mosaic.page.channels) == min(64, shape[2])
    assert max(open_picture(mosaic).shape) <= 512


def test_own_scales_make_each_map_bright_and_a_shared_one_keeps_them_comparable():
    maps = np.ones((4, 4, 8), np.float32) * np.arange(1, 9, dtype=np.float32)
    own, shared = draw(maps), draw(maps, shared=ColorScale(0.0, 8.0, VIRIDIS))
    assert (open_picture(own) == VIRIDIS.colors[255]).all()
    levels = [
        np.flatnonzero((VIRIDIS.colors == color).all(axis=1))[0]
        for color in open_picture(shared)[::4, ::4].reshape(-1, 3)
    ]
    assert levels == sorted(levels)
    assert levels[-1] == 255
    assert levels[0] == pytest.approx(255 / 8, abs=1)


def test_dead_and_broken_channels_are_marked_and_named():
    maps = np.random.default_rng(0).random((4, 4, 8), dtype=np.float32)
    maps[..., 2] = 0
    maps[1, 1, 5] = np.nan
    mosaic = draw(maps)
    assert mosaic.marks == ("", "", "dead", "", "", "broken", "", "")
    assert mosaic.names[2] == "Channel 2, dead"
    assert mosaic.names[5] == "Channel 5, with values that are no numbers"
    assert mosaic.names[7] == "Channel 7"


@pytest.mark.parametrize("size", [(4, 4), (300, 200)])
def test_a_flat_map_is_called_flat_and_one_that_differs_in_a_single_value_is_not(size):
    maps = np.ones((*size, 3), np.float32)
    maps[1, 2, 1] = 1.001
    maps[..., 2] = 0.1
    assert draw(maps).names == ("Channel 0, flat", "Channel 1", "Channel 2, flat")


def test_a_map_that_does_not_differ_is_not_called_dead():
    mosaic = draw(np.zeros((4, 4, 8), np.float32), is_difference=True)
    assert mosaic.names[0] == "Channel 0, no difference"
    assert (open_picture(mosaic) == DIVERGING.colors[128]).all()


def test_maps_without_a_single_number_are_drawn_without_a_warning():
    with np.errstate(all="raise"):
        mosaic = draw(np.full((4, 4, 8), np.nan, np.float32))
    assert set(mosaic.marks) == {"broken"}
    assert len(np.unique(open_picture(mosaic).reshape(-1, 3), axis=0)) == 1
