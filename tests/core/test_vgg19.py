"""VGG19's features against Keras' own layers, and its preprocessing against the published numbers."""

from pathlib import Path

import keras
import numpy as np
import pytest

from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import POOLINGS, compute_features, place_network, preprocess
from nst_explorer.core.weights import Weights, load_weights
from nst_explorer.layers import LAYER_NAMES, LAYERS
from nst_explorer.recipe import POOLINGS as POOLING_NAMES


@pytest.fixture(scope="module")
def weights(slim_weights: Path) -> Weights:
    return load_weights(str(slim_weights))


def build_keras_features(weights: Weights, pooling: str) -> keras.Model:
    """The same network from Keras' layers, as an oracle; its input is preprocessed already."""
    kinds = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    signal = inputs = keras.Input((None, None, 3))
    outputs = []
    for layer in LAYERS:
        if layer.is_pool:
            signal = kinds[pooling](2, name=layer.name)(signal)
        else:
            width = weights.widths[layer.name]
            signal = keras.layers.Conv2D(width, 3, padding="same", activation="relu", name=layer.name)(signal)
        outputs.append(signal)
    model = keras.Model(inputs, outputs)
    for name, kernel in weights.kernels.items():
        model.get_layer(name).set_weights([kernel, weights.biases[name]])
    return model


@pytest.mark.parametrize(
    ("color", "expected"),
    [((0, 0, 0), (-103.939, -116.779, -123.68)), ((1, 0, 0), (-103.939, -116.779, 131.32))],
)
def test_a_pixel_becomes_bgr_with_the_mean_subtracted(color, expected):
    image = np.full((1, 1, 3), color, np.float32)
    np.testing.assert_allclose(to_array(preprocess(to_tensor(image)))[0, 0], expected, rtol=1e-6)


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_every_layer_has_the_features_that_keras_computes(weights, content_image, pooling):
    features = compute_features(place_network(weights), to_tensor(content_image), LAYER_NAMES, pooling)
    oracle = build_keras_features(weights, pooling)(preprocess(to_tensor(content_image))[None])
    assert tuple(features) == LAYER_NAMES
    for name, expected in zip(LAYER_NAMES, oracle, strict=True):
        np.testing.assert_allclose(to_array(features[name]), to_array(expected)[0], rtol=1e-4, atol=1e-3)


def test_only_what_is_asked_for_comes_back_in_the_networks_order(weights, content_image):
    network = place_network(weights)
    features = compute_features(network, to_tensor(content_image), ["block2_conv1", "block1_pool"], "max")
    assert list(features) == ["block1_pool", "block2_conv1"]
    assert features["block1_pool"].shape == (24, 32, 4)


def test_the_network_is_cut_after_the_deepest_layer(weights, content_image):
    network = place_network(weights)
    shallow = {name: network.kernels[name] for name in ("block1_conv1", "block1_conv2")}
    cut = type(network)(shallow, network.biases)  # deeper kernels are missing, so a deeper pass would fail
    assert list(compute_features(cut, to_tensor(content_image), ["block1_conv2"], "max")) == ["block1_conv2"]


def test_names_of_poolings_agree():
    assert set(POOLINGS) == set(POOLING_NAMES)
