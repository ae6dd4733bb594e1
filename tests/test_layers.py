"""VGG19's arithmetic against the published numbers."""

import pytest

from nst_explorer.errors import InputError
from nst_explorer.layers import CONVOLUTION_NAMES, LAYERS, find_layer, measure_map, order_layers

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
