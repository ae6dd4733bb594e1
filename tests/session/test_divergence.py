"""Divergence: whatever is not finite first is named with its layer, its cause and what to try; the last step stands."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.tensors import to_tensor
from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.session.divergence import DivergedError, find_origin

STYLE_LAYERS = {"block1_conv1": 1.0, "block2_conv1": 1.0}


@pytest.fixture
def make_session(content_image, style_image, slim_weights: Path, tmp_path: Path):
    """Makes a session on the small network, in which one layer's kernel is multiplied by a factor."""

    def make_session(factor: float = 1.0, layer: str = "block2_conv1", **choices) -> Session:
        arrays = dict(np.load(slim_weights))
        arrays[f"{layer}/kernel"] = arrays[f"{layer}/kernel"] * np.float32(factor)
        path = tmp_path / "scaled.npz"
        np.savez(path, **arrays)
        layers = {"content_layers": {"block2_conv2": 1.0}, "style_layers": STYLE_LAYERS}
        return Session(content_image, style_image, Recipe(**{"weights": str(path), "size": 64, **layers, **choices}))

    return make_session


def refuse(session: Session, **changes) -> DivergedError:
    """Changes the recipe at step 2 to one under which nothing is finite."""
    session.advance(2)
    image, recipe = session.image, session.recipe
    with pytest.raises(DivergedError) as raised:
        session.branch(replace(recipe, **changes))
    assert (session.step, session.recipe) == (2, recipe)
    np.testing.assert_array_equal(session.image, image)
    return raised.value


def test_a_huge_weight_names_its_term_and_layer_and_the_recipe_stays(make_session):
    session = make_session()
    error = refuse(session, style_weight=1e60)
    assert (error.origin.stage, error.origin.layer) == ("weight", "block1_conv1")
    assert str(error) == (
        "The loss at step 2 is not a finite number (style/block1_conv1), so the recipe stays as it was: in "
        "block1_conv1 the weighted term is beyond float32's 3.4e38, likely since the whole weight of "
        "style/block1_conv1, 1e+60, is huge under the convention relative; lower the style weight."
    )
    session.advance()
    assert session.step == 3


def test_a_huge_variation_weight_is_named_though_it_is_of_no_layer(make_session):
    error = refuse(make_session(), variation_weight=1e60)
    assert (error.origin.stage, error.origin.term, error.origin.layer) == ("weight", "variation", "")
    assert "lower the variation weight" in str(error)


def test_a_weight_beyond_float32_is_named_also_where_the_term_itself_is_tiny(make_session):
    session = make_session(convention="mean")
    with pytest.raises(DivergedError) as raised:
        session.branch(replace(session.recipe, content_weight=1e39))  # of a loss of 0: the start is the content
    assert (raised.value.origin.stage, raised.value.origin.term) == ("weight", "content/block2_conv2")


def test_terms_that_are_finite_each_and_not_together(make_session):
    session = make_session(convention="mean", content_weight=0.0, variation_weight=1.0)
    raw = session.raw_losses
    layers = {layer: 3e38 / raw[f"style/{layer}"] for layer in STYLE_LAYERS}
    with pytest.raises(DivergedError) as raised:
        session.branch(replace(session.recipe, style_layers=layers))
    assert raised.value.origin.stage == "sum"
    assert "the sum of the terms is beyond float32's 3.4e38" in str(raised.value)


def test_a_gradient_that_overflows_while_the_loss_is_finite(style_image, slim_weights):
    dotted = np.full((48, 64, 3), 0.5, np.float32)
    dotted[20, 20] += 1e-3  # hardly any variation, but of each value's slope it is four times the weight
    session = Session(dotted, style_image, Recipe(weights=str(slim_weights), size=64, convention="mean"))
    with pytest.raises(DivergedError) as raised:
        session.branch(replace(session.recipe, variation_weight=3e38))
    assert (raised.value.origin.stage, raised.value.origin.term) == ("gradient", "variation")
    assert str(raised.value) == (
        "The gradient at step 0 is not a finite number (variation), so the recipe stays as it was: the gradient of "
        "variation holds infinite values, likely since the whole weight of variation, 3e+38, is huge under the "
        "convention mean; lower the variation weight."
    )


def test_what_the_optimizer_remembers_overflows_before_the_loss_does(make_session):
    session = make_session(convention="mean", variation_weight=0.0)
    session.advance(2)
    heavy = replace(session.recipe, style_weight=1e24)
    session.branch(heavy)
    assert np.isfinite(session.losses["total"])
    assert np.abs(session.gradient()).max() > 2e19  # its square is beyond float32
    with pytest.raises(DivergedError) as raised:
        session.advance(3)
    assert raised.value.origin.stage == "memory"
    assert str(raised.value).startswith(
        "The optimizer's memory at step 3 is not a finite number (total), so the run stays at its last good step, 2: "
        "the optimizer's memory (square) holds infinite values, likely since the gradient is so large"
    )
    assert session.stopped_by == str(raised.value)
    session.branch(replace(heavy, style_weight=1.0))
    session.advance(3)  # the state of the last good step is good
    assert session.step == 5


def test_a_learning_rate_without_bounds_blows_the_picture_up_and_the_first_layer_with_it(make_session):
    session = make_session(optimizer=Adam(learning_rate=1e37, bounds=None))
    with pytest.raises(DivergedError) as raised:
        session.advance(1)
    assert (raised.value.origin.stage, raised.value.origin.layer) == ("features", "block1_conv1")
    assert raised.value.origin.term == "style/block1_conv1"
    assert "since the learning rate of 1e+37 is far too large; lower the learning rate" in str(raised.value)
    assert session.step == 0


def test_where_there_is_no_rate_the_length_of_the_steps_is_blamed(make_session):
    session = make_session(optimizer=LBFGS(bounds=None, first_length=5.0))
    objective = session._problem.objective(session.recipe, session._walk.present.image)
    far = to_tensor(session.image - np.float32(1e37) * np.sign(session.gradient()))
    origin = find_origin(objective, session.recipe, far, None, objective.evaluate(far, session.recipe))
    assert "since the first step's length of 5 is far too large" in origin.cause
    assert origin.remedy == "lower it, to 0.01 say, or give the optimizer bounds"


def test_an_update_that_leaves_no_numbers_blames_the_rate(make_session):
    session = make_session(optimizer=Adam(learning_rate=1e39, bounds=None))
    with pytest.raises(DivergedError) as raised:
        session.advance(1)
    assert raised.value.origin.stage == "picture"
    assert "the picture itself holds" in str(raised.value)
    assert "the learning rate of 1e+39" in str(raised.value)


@pytest.mark.parametrize(
    ("factor", "stage", "words"),
    [
        (1e38, "features", "the feature maps hold infinite values, likely since the network's weights of block2_conv1"),
        (3e18, "target", "its target holds infinite values, likely since the feature maps of that image are too large"),
    ],
)
def test_a_network_that_overflows_is_told_before_the_first_step(make_session, factor, stage, words):
    with pytest.raises(DivergedError) as raised:
        make_session(factor)
    assert (raised.value.origin.stage, raised.value.origin.layer) == (stage, "block2_conv1")
    assert words in str(raised.value)
    assert "so the run cannot begin" in str(raised.value)


def test_a_gram_matrix_that_overflows_where_the_targets_do_not(make_session, content_image):
    session = make_session()
    problem, recipe = session._problem, session.recipe
    style = problem.objective(recipe, session._walk.present.image)
    bright = to_tensor(content_image * 1e18)
    evaluation = style.evaluate(bright, recipe)
    origin = find_origin(style, recipe, bright, None, evaluation)
    assert (origin.stage, origin.term) == ("statistics", "style/block1_conv1")
    assert "the Gram matrix overflows" in origin.what
    brighter = to_tensor(content_image * 1e15)
    origin = find_origin(style, recipe, brighter, None, style.evaluate(brighter, recipe))
    assert (origin.stage, origin.term) == ("distance", "style/block1_conv1")
    assert "the squared distance to the target overflows" in origin.what


def test_what_is_finite_has_no_origin(make_session):
    session = make_session()
    problem, present = session._problem, session._walk.present
    objective = problem.objective(session.recipe, session._walk.present.image)
    evaluation = objective.evaluate(present.image, session.recipe)
    with pytest.raises(LookupError):
        find_origin(objective, session.recipe, present.image, present.optimizer_state, evaluation)
