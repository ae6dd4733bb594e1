"""bfloat16 beside float32, and the sparing route beside the plain one: how far apart the same step is."""

from pathlib import Path

import numpy as np
import pytest

from nst_explorer.core.objective import Objective, build_objective
from nst_explorer.core.step_memory import Route
from nst_explorer.core.structure import Structure
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import convert_network, place_network
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import LAYER_NAMES
from nst_explorer.recipe import PRECISIONS, Recipe

SPARING = Route(returns_maps=False, recomputes=True)


@pytest.fixture(scope="module")
def build(slim_weights: Path, content_image, style_image):
    network = place_network(load_weights(str(slim_weights)))

    def build(recipe: Recipe, route: Route | None = None, style=style_image) -> Objective:
        return build_objective(network, Structure.of(recipe), to_tensor(content_image), to_tensor(style), route)

    return build


@pytest.fixture(scope="module")
def image(content_image):
    return to_tensor(np.clip(content_image * 0.8 + 0.15, 0, 1))


def test_loss_and_gradient_in_bfloat16_are_near_those_in_float32(build, image):
    full, half = (build(recipe).evaluate(image, recipe) for recipe in map(with_precision, PRECISIONS))
    for term, value in full.losses.items():
        assert half.losses[term] == pytest.approx(value, rel=0.03)
    gradients = to_array(full.gradient), to_array(half.gradient)
    assert gradients[1].dtype == np.float32
    assert np.linalg.norm(gradients[1] - gradients[0]) < 0.1 * np.linalg.norm(gradients[0])
    assert half.losses["total"] != full.losses["total"]  # it was not float32 that was computed


def test_maps_in_bfloat16_become_float32_arrays_near_those_in_float32(build, image):
    full, half = (build(recipe).evaluate(image, recipe).features for recipe in map(with_precision, PRECISIONS))
    assert list(full) == list(half)
    for layer, maps in full.items():
        expected, found = to_array(maps), to_array(half[layer])
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=0.03 * np.abs(expected).max())
        np.testing.assert_array_equal(found.view(np.uint32) & 0xFFFF, 0)  # bfloat16 has float32's upper half only


def test_in_bfloat16_too_every_loss_is_nearly_zero_where_the_images_are_one(build, content_image):
    recipe = with_precision("bfloat16")
    losses = build(recipe, style=content_image).evaluate(to_tensor(content_image), recipe).losses
    assert all(value < 1e-4 for term, value in losses.items() if "/" in term)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("pooling", ["max", "average"])
def test_recomputing_gives_the_same_loss_and_gradient_to_the_last_bit(build, image, precision, pooling):
    recipe = Recipe(precision=precision, pooling=pooling)
    plain, sparing = (build(recipe, route).evaluate(image, recipe) for route in (Route(), SPARING))
    assert sparing.losses == plain.losses
    np.testing.assert_array_equal(to_array(sparing.gradient), to_array(plain.gradient))
    assert set(plain.features) == set(LAYER_NAMES[: LAYER_NAMES.index("block5_conv1") + 1])
    assert sparing.features == {}


def test_a_route_that_returns_no_maps_changes_no_bit(build, image):
    recipe = Recipe()
    plain, silent = (build(recipe, route).evaluate(image, recipe) for route in (Route(), Route(returns_maps=False)))
    assert silent.losses == plain.losses
    np.testing.assert_array_equal(to_array(silent.gradient), to_array(plain.gradient))
    assert silent.features == {}


def test_a_network_is_converted_once_and_in_its_own_precision_not_at_all(slim_weights):
    network = place_network(load_weights(str(slim_weights)))
    assert convert_network(network, "float32") is network
    half = convert_network(network, "bfloat16")
    assert convert_network(network, "bfloat16") is half
    assert half.precision == "bfloat16"


def with_precision(precision: str) -> Recipe:
    return Recipe(precision=precision)
