"""The memory of a step: counts by hand, and what choosing a route must respect."""

import pytest

from nst_explorer.core.step_memory import Route, choose_route, count_map_values, estimate_peak_bytes
from nst_explorer.layers import FULL_WIDTHS, SLIM_WIDTHS, name_widths
from nst_explorer.recipe import PRECISIONS

FULL, SLIM = name_widths(FULL_WIDTHS), name_widths(SLIM_WIDTHS)
LAYERS = ("block5_conv1", "block1_conv1")


def test_values_are_counted_layer_by_layer_with_poolings_rounded_down():
    assert count_map_values(FULL, "block2_conv1", 7, 5) == {
        "block1_conv1": 7 * 5 * 64,
        "block1_conv2": 7 * 5 * 64,
        "block1_pool": 3 * 2 * 64,
        "block2_conv1": 3 * 2 * 128,
    }


def test_small_pictures_take_the_plain_route_and_large_ones_recompute():
    assert choose_route(FULL, "block5_conv1", 512, 512) == Route(returns_maps=True, recomputes=False)
    large = choose_route(FULL, "block5_conv1", 1024, 1024)
    assert (large.returns_maps, large.recomputes) == (False, True)
    assert choose_route(SLIM, "block5_conv1", 1024, 1024) == Route()
    assert choose_route(FULL, "block1_conv1", 1024, 1024) == Route()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_recomputing_takes_less_memory_and_a_larger_picture_more(precision):
    def estimate(side: int, *, is_recomputing: bool) -> int:
        return estimate_peak_bytes(FULL, LAYERS, side, side, precision, is_recomputing=is_recomputing)

    assert estimate(1024, is_recomputing=True) < 0.75 * estimate(1024, is_recomputing=False)
    assert estimate(256, is_recomputing=False) < estimate(512, is_recomputing=False)


def test_a_large_picture_fits_into_four_gigabytes():
    recomputing = choose_route(FULL, "block5_conv1", 1024, 1024).recomputes
    assert estimate_peak_bytes(FULL, LAYERS, 1024, 1024, is_recomputing=recomputing) < 4e9


def test_bfloat16_takes_less_and_deeper_layers_more():
    full = estimate_peak_bytes(FULL, LAYERS, 512, 512)
    assert estimate_peak_bytes(FULL, LAYERS, 512, 512, "bfloat16") < full
    assert estimate_peak_bytes(FULL, ["block1_conv1"], 512, 512) < full
