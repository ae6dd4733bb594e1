"""Looking at a layer while a run goes on: what is there is shared, what is not is computed once, nothing disturbs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.step_memory import Route
from nst_explorer.errors import InputError
from nst_explorer.session import problem as problem_module
from nst_explorer.session.feature_shelf import FeatureShelf
from nst_explorer.session.inspection import SOURCES


@pytest.fixture
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(
        weights=str(slim_weights), size=64, content_layers={"block3_conv1": 1.0}, style_layers={"block2_conv1": 1.0}
    )


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    return Session(content_image, style_image, recipe)


@pytest.fixture
def passes(monkeypatch):
    """The layers of every forward pass that is run for looking."""
    asked = []
    compute = problem_module.compute_features

    def count(network, image, layers, *how):
        asked.append(tuple(layers))
        return compute(network, image, layers, *how)

    monkeypatch.setattr(problem_module, "compute_features", count)
    return asked


@pytest.mark.parametrize("layer", ["block1_conv1", "block1_conv2", "block2_pool", "block3_conv1"])
def test_what_the_step_has_computed_is_there_without_another_pass(session, passes, layer):
    session.advance(2)
    inspection = session.glance(layer)
    assert inspection.step == 2
    assert inspection.has("generated")
    np.testing.assert_array_equal(inspection.features("generated"), session.features(layer))
    assert passes == []
    expected = Session(session.image, session.style, session.recipe).features(layer)
    np.testing.assert_allclose(inspection.features("generated"), expected, rtol=1e-4, atol=1e-4)


def test_what_is_deeper_is_not_there_until_it_is_asked_for_and_then_once_a_step(session, passes):
    assert not session.glance("block5_conv1").has("generated")
    with pytest.raises(LookupError, match="not computed"):
        session.glance("block5_conv1").features("generated")
    session.inspect("block5_conv1", "generated")
    assert session.glance("block5_conv1").has("generated")
    session.inspect("block5_conv1", "generated")
    assert passes == [("block5_conv1",)]
    session.advance()
    assert not session.glance("block5_conv1").has("generated")


def test_content_and_style_are_computed_once(session, passes):
    assert not session.glance("block1_conv1").has("content")
    for _ in range(3):
        session.inspect("block1_conv1", "content", "style")
        session.advance()
    assert passes == [("block1_conv1",), ("block1_conv1",)]
    assert session.glance("block1_conv1").has(*SOURCES)


def test_another_pooling_has_maps_of_its_own(session):
    before = session.features("block2_conv1", "style")
    session.branch(replace(session.recipe, pooling="max"))
    assert not session.glance("block2_conv1").has("style")
    assert np.abs(session.features("block2_conv1", "style") - before).max() > 0


def test_an_inspection_stays_what_it_was_while_the_run_goes_on(session):
    inspection = session.inspect("block2_conv1", *SOURCES)
    before = session.features("block2_conv1")
    losses = session.losses
    session.advance(3)
    np.testing.assert_array_equal(inspection.features("generated"), before)
    assert inspection.losses == losses
    assert inspection.step == 0
    with pytest.raises(ValueError, match="read-only"):
        inspection.features("generated")[0] = 0


def test_the_gram_matrices_of_an_inspection_give_the_loss_of_that_step(session):
    session.advance(5)
    inspection = session.inspect("block2_conv1", *SOURCES)
    gram, target = inspection.gram("generated").astype(float), inspection.gram("style").astype(float)
    relative = ((gram - target) ** 2).mean() / (target**2).mean()
    assert relative == pytest.approx(inspection.raw["style/block2_conv1"], rel=1e-4)
    assert inspection.raw == session.raw_losses


def test_the_matrices_of_content_and_style_are_computed_once_for_all_steps_and_never_the_generated_one(session):
    layer = "block2_conv1"
    first = session.inspect(layer, "generated", "style")
    style, generated = first.gram("style"), first.gram("generated")
    session.advance(1)
    later = session.inspect(layer, "generated", "style")
    assert later.gram("style") is style
    assert not np.array_equal(later.gram("generated"), generated)
    session.branch(replace(session.recipe, pooling="max" if session.recipe.pooling == "average" else "average"))
    session.advance(1)
    other = session.inspect(layer, "generated", "style")
    flat = other.features("style").reshape(-1, style.shape[0])
    np.testing.assert_allclose(other.gram("style"), flat.T @ flat / len(flat), rtol=1e-5)


def test_looking_changes_no_bit_of_a_run(content_image, style_image, recipe):
    runs = [Session(content_image, style_image, recipe) for _ in range(2)]
    for _ in range(3):
        for session in runs:
            session.advance()
        for layer in ("block1_conv2", "block3_conv1", "block5_conv4"):
            runs[0].inspect(layer, *SOURCES)
    np.testing.assert_array_equal(runs[0].image, runs[1].image)
    assert runs[0].losses == runs[1].losses


def test_the_shelf_keeps_within_its_limit_and_lets_go_of_what_was_looked_at_longest_ago(session, monkeypatch):
    one = session.features("block1_conv1", "content").nbytes / 1e6
    shelf = FeatureShelf(session._problem, limit_mb=2.5 * one)
    present = session._walk.present
    for layer in ("block1_conv1", "block1_conv2"):
        shelf.get(present, layer, "content")
    shelf.get(present, "block1_conv1", "content")
    shelf.get(present, "block1_conv1", "style")
    assert shelf.megabytes <= 2.5 * one
    assert "content" in shelf.find(present, "block1_conv1")
    assert "content" not in shelf.find(present, "block1_conv2")


def test_what_is_larger_than_the_shelf_is_computed_each_time(session):
    shelf = FeatureShelf(session._problem, limit_mb=1e-6)
    assert shelf.get(session._walk.present, "block1_conv1", "content").shape == (48, 64, 4)
    assert shelf.megabytes == 0


def test_an_unknown_layer_or_image_is_refused(session):
    with pytest.raises(InputError, match='did you mean "block2_conv1"'):
        session.inspect("block2_cnv1", "style")
    with pytest.raises(InputError, match='The image is "painting", but it must be one of generated, content, style'):
        session.inspect("block2_conv1", "painting")
    with pytest.raises(InputError, match='did you mean "block2_conv1"'):
        session.glance("block2_cnv1")


def test_returning_the_features_changes_no_bit_of_losses_and_gradient(session, monkeypatch):
    image = session._walk.present.image
    with_features = session._walk.present
    monkeypatch.setattr("nst_explorer.core.objective.choose_route", lambda *_: Route(returns_maps=False))
    without = Session(session.content, session.style, session.recipe)._walk.present
    np.testing.assert_array_equal(without.image, image)
    assert without.features == {}
    assert len(with_features.features) > 5
    assert without.record.losses == with_features.record.losses
    np.testing.assert_array_equal(without.gradient, with_features.gradient)
