"""The objective: its terms, its gradient against finite differences, and how seldom it is traced."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from keras import ops

from nst_explorer.core.differentiate import compile_value_and_gradient
from nst_explorer.core.objective import Objective, Structure, build_objective
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import compute_features, place_network
from nst_explorer.core.weights import load_weights
from nst_explorer.recipe import CONVENTIONS, Recipe


@pytest.fixture(scope="module")
def network(slim_weights: Path):
    return place_network(load_weights(str(slim_weights)))


def make_objective(network, recipe: Recipe, content, style) -> Objective:
    return build_objective(network, Structure.of(recipe), to_tensor(content), to_tensor(style))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_content_and_style_loss_is_zero_where_the_images_are_one(network, content_image, convention):
    recipe = Recipe(convention=convention)
    objective = make_objective(network, recipe, content_image, content_image)
    losses = objective.evaluate(to_tensor(content_image), recipe).losses
    # Relative to the Gram matrices, which are of order 1 under `relative`, what is left is float32's rounding.
    assert all(value <= 1e-9 * max(1.0, abs(losses["variation"])) for term, value in losses.items() if "/" in term)
    assert losses["variation"] > 0


def test_terms_are_what_the_formulas_say(network, content_image, style_image):
    recipe = Recipe(
        convention="mean",
        content_layers={"block4_conv2": 1.0},
        style_layers={"block1_conv1": 0.5},
        content_weight=2.0,
        style_weight=3.0,
        variation_weight=0.05,
    )
    image = np.clip(content_image + 0.1, 0, 1)
    evaluation = make_objective(network, recipe, content_image, style_image).evaluate(to_tensor(image), recipe)

    def features(picture, layer):
        maps = compute_features(network, to_tensor(picture), [layer], recipe.pooling)[layer]
        return to_array(maps).astype(float)

    def gram(maps):
        flat = maps.reshape(-1, maps.shape[-1])
        return flat.T @ flat / len(flat)

    content = ((features(image, "block4_conv2") - features(content_image, "block4_conv2")) ** 2).mean()
    style = ((gram(features(image, "block1_conv1")) - gram(features(style_image, "block1_conv1"))) ** 2).mean()
    variation = np.abs(np.diff(image, axis=0)).sum() + np.abs(np.diff(image, axis=1)).sum()
    assert evaluation.raw["content/block4_conv2"] == pytest.approx(content, rel=1e-3)
    assert evaluation.raw["style/block1_conv1"] == pytest.approx(style, rel=1e-3)
    assert evaluation.losses["content/block4_conv2"] == pytest.approx(2 * content, rel=1e-3)
    assert evaluation.losses["style/block1_conv1"] == pytest.approx(3 * 0.5 * style, rel=1e-3)
    assert evaluation.losses["variation"] == pytest.approx(0.05 * variation, rel=1e-4)
    assert evaluation.losses["total"] == pytest.approx(sum(list(evaluation.losses.values())[:-1]), rel=1e-12)


def test_the_gradient_agrees_with_central_differences(network, content_image, style_image):
    # Without variation, whose kinks at equal neighbors have no derivative; a smooth direction averages ReLU's kinks.
    recipe = Recipe(variation_weight=0.0)
    objective = make_objective(network, recipe, content_image, style_image)
    random = np.random.default_rng(0)
    image = np.clip(content_image * 0.8 + 0.1, 0, 1)
    gradient = to_array(objective.evaluate(to_tensor(image), recipe).gradient).astype(float)
    for _ in range(4):
        direction = gradient / np.abs(gradient).max() + 0.3 * random.standard_normal(image.shape)
        step = 2e-3
        ahead, behind = (
            objective.evaluate(to_tensor(image + sign * step * direction), recipe).losses["total"] for sign in (1, -1)
        )
        assert (ahead - behind) / (2 * step) == pytest.approx((gradient * direction).sum(), rel=1e-2)


def test_the_gradients_of_the_terms_add_up(network, content_image, style_image):
    recipe = Recipe()
    objective = make_objective(network, recipe, content_image, style_image)
    image = to_tensor(np.clip(content_image + 0.05, 0, 1))
    total = to_array(objective.evaluate(image, recipe).gradient)
    parts = [to_array(objective.evaluate(image, recipe, only=term).gradient) for term in objective.structure.terms]
    np.testing.assert_allclose(sum(parts), total, atol=1e-4 * np.abs(total).max())


def test_weights_and_conventions_cost_no_trace(network, content_image, style_image):
    recipe = Recipe()
    objective = make_objective(network, recipe, content_image, style_image)
    image = to_tensor(content_image)
    objective.evaluate(image, recipe)
    traces = objective.compiled.trace_count
    for each in (replace(recipe, style_weight=7.0), replace(recipe, convention="gatys", content_weight=0.0)):
        objective.evaluate(image, each)
    assert objective.compiled.trace_count == traces


def test_a_flat_image_is_known_as_such(network, content_image):
    dark = {name: -np.ones(kernel.shape[-1], np.float32) * 1e4 for name, kernel in network.kernels.items()}
    blind = type(network)(network.kernels, dark)  # biases so low that no ReLU ever opens
    recipe = Recipe()
    objective = make_objective(blind, recipe, content_image, content_image)
    assert set(objective.flat_terms) == set(objective.structure.terms) - {"variation"}
    assert objective.evaluate(to_tensor(content_image), recipe).is_finite


def test_a_weight_beyond_float32_is_told_as_not_finite(network, content_image, style_image):
    recipe = Recipe(style_weight=1e60)
    objective = make_objective(network, recipe, content_image, style_image)
    assert not objective.evaluate(to_tensor(content_image), recipe).is_finite


def test_many_compiled_functions_of_one_code_are_traced_without_a_warning():
    told = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: told.append(record.getMessage())
    logging.getLogger("tensorflow").addHandler(handler)
    try:
        for _ in range(8):  # the dashboard's side runs have an objective each
            compile_value_and_gradient(lambda image: (ops.sum(image), ()))(to_tensor(np.ones((2, 2, 3), np.float32)))
    finally:
        logging.getLogger("tensorflow").removeHandler(handler)
    assert told == []
