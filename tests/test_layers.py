"""VGG19's arithmetic against the published numbers."""

import numpy as np
import pytest

from nst_explorer.errors import InputError
from nst_explorer.layers import (
    CONVOLUTION_NAMES,
    LAYERS,
    Box,
    find_layer,
    locate_receptive_field,
    measure_map,
    order_layers,
)

FIELDS = {
    "block1_conv1": (3, 1), "block1_conv2": (5, 1), "block2_conv1": (10, 2), "block2_conv2": (14, 2),
    "block3_conv1": (24, 4), "block3_conv2": (32, 4), "block3_conv3": (40, 4), "block3_conv4": (48, 4),
    "block4_conv1": (68, 8), "block4_conv2": (84, 8), "block4_conv3": (100, 8), "block4_conv4": (116, 8),
    "block5_conv1": (156, 16), "block5_conv2": (188, 16), "block5_conv3": (220, 16), "block5_conv4": (252, 16),
}  # fmt: skip
POOL_FIELDS = {"block1_pool": 6, "block2_pool": 16, "block3_pool": 52, "block4_pool": 124, "block5_pool": 268}


@pytest.mark.parametrize(("name", "expected"), FIELDS.items())
def test_a_convolution_has_its_receptive_field_and_stride(name, expected):
    layer = find_layer(name)
    assert (layer.receptive_field, layer.stride) == expected


@pytest.mark.parametrize(("name", "field"), POOL_FIELDS.items())
def test_a_pooling_has_its_receptive_field(name, field):
    assert find_layer(name).receptive_field == field


def test_there_are_sixteen_convolutions_and_five_poolings():
    assert len(CONVOLUTION_NAMES) == 16
    assert sum(layer.is_pool for layer in LAYERS) == 5


def test_map_sizes_round_down_at_every_pooling():
    assert measure_map(find_layer("block1_conv1"), 35, 67) == (35, 67)
    assert measure_map(find_layer("block3_conv1"), 35, 67) == (8, 16)
    assert measure_map(find_layer("block5_pool"), 35, 67) == (1, 2)


def test_names_are_ordered_from_shallow_to_deep_each_once():
    names = ["block4_conv2", "block1_conv1", "block1_pool", "block4_conv2"]
    assert order_layers(names) == ("block1_conv1", "block1_pool", "block4_conv2")


def test_an_unknown_layer_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r'"block4_con2".*block1_conv1 to block5_pool; did you mean "block4_conv2"\?'):
        find_layer("block4_con2")


def mark_dependence(layer: str, length: int) -> np.ndarray:
    """Which pixels of a line each value of a layer depends on, `(values, pixels)`: forwards, by what a layer does."""
    depends: np.ndarray = np.eye(length, dtype=bool)
    for each in LAYERS:
        if each.is_pool:
            pairs = len(depends) // 2
            depends = depends[: 2 * pairs].reshape(pairs, 2, length).max(axis=1)
        else:
            padded = np.pad(depends, ((1, 1), (0, 0)))
            depends = np.any([padded[:-2], padded[1:-1], padded[2:]], axis=0)
        if each.name == layer:
            return depends
    raise AssertionError(layer)


@pytest.mark.parametrize("length", [32, 35, 47, 64, 333])
@pytest.mark.parametrize("layer", [each.name for each in LAYERS])
def test_a_receptive_field_is_what_a_value_depends_on_also_at_the_borders(layer, length):
    depends = mark_dependence(layer, length)
    assert len(depends) == measure_map(find_layer(layer), length, length)[0]
    for place, pixels in enumerate(depends):
        field = locate_receptive_field(find_layer(layer), place, 0, length, length)
        np.testing.assert_array_equal(np.arange(field.top, field.bottom), np.flatnonzero(pixels))


@pytest.mark.parametrize(("name", "field"), {**{name: f for name, (f, _) in FIELDS.items()}, **POOL_FIELDS}.items())
def test_inside_the_picture_a_receptive_field_is_a_square_of_the_known_side(name, field):
    layer = find_layer(name)
    middle = measure_map(layer, 1024, 1024)[0] // 2
    box = locate_receptive_field(layer, middle, middle + 1, 1024, 1024)
    assert (box.height, box.width) == (field, field)
    assert box.left - box.top == layer.stride


def test_rows_and_columns_of_a_receptive_field_are_not_mixed_up():
    assert locate_receptive_field(find_layer("block1_pool"), 1, 9, 35, 67) == Box(0, 16, 6, 22)
