"""A session in bfloat16, and one whose steps let their maps go: everything that looks at a step still works."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core import hardware, objective
from nst_explorer.core.hardware import Bfloat16Support
from nst_explorer.core.step_memory import Route
from nst_explorer.core.tensors import to_tensor
from nst_explorer.session import advice
from nst_explorer.session.divergence import DivergedError
from nst_explorer.showing_gradient import SHARPER, write_verdict


@pytest.fixture
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=64,
        content_layers={"block2_conv2": 1.0},
        style_layers={"block1_conv1": 1.0, "block2_conv1": 1.0},
    )


@pytest.fixture
def half(content_image, style_image, recipe) -> Session:
    session = Session(content_image, style_image, replace(recipe, precision="bfloat16"))
    session.advance(2)
    return session


@pytest.fixture
def spare_memory(monkeypatch):
    monkeypatch.setattr(objective, "choose_route", lambda *_: Route(returns_maps=False, recomputes=True))


def test_a_run_in_bfloat16_reaches_the_loss_of_one_in_float32(content_image, style_image, recipe):
    full = Session(content_image, style_image, recipe)
    half = full.fork(replace(recipe, precision="bfloat16"))
    for session in (full, half):
        session.advance(80)
    evaluate = full._problem.evaluate
    reached, expected = (evaluate(to_tensor(each.image), recipe).losses["total"] for each in (half, full))
    assert reached == pytest.approx(expected, rel=0.05)
    assert expected < 0.5 * full.line[0].losses["total"]


def test_in_bfloat16_rewinding_and_replaying_gives_the_same_image(half):
    image, losses = half.image, half.losses
    half.rewind(0)
    half.advance(2)
    np.testing.assert_array_equal(half.image, image)
    assert half.losses == losses


def test_the_precision_changes_within_a_run_and_returning_costs_no_trace(content_image, style_image, recipe):
    session = Session(content_image, style_image, recipe)
    session.advance()
    before = session.losses["total"]
    session.branch(replace(recipe, precision="bfloat16"))
    assert session.losses["total"] == pytest.approx(before, rel=0.02)
    session.advance()
    traces = session.trace_count
    deeper = replace(recipe, style_layers={"block3_conv1": 1.0})
    session.branch(deeper)
    assert session.trace_count == traces + 1
    for each in (recipe, replace(recipe, precision="bfloat16"), replace(recipe, style_weight=2.0), deeper, recipe):
        session.branch(each)
        session.advance()
    assert session.trace_count == traces + 1


def test_views_of_a_run_in_bfloat16_are_of_float32(half):
    for layer in ("block1_conv1", "block2_conv2", "block3_conv1"):  # the last is not computed by the step
        for of in ("generated", "content", "style"):
            assert half.features(layer, of).dtype == np.float32
            assert half.gram(layer, of).dtype == np.float32
    step = half.take_apart("block2_conv1")
    assert step.gradient.dtype == np.float32
    half.advance()
    assert step.outcome == half.losses
    assert half.measure_pushes().total.dtype == np.float32


def test_maps_of_another_precision_are_not_taken_for_those_of_this_one(half, recipe):
    rounded = half.features("block1_conv1", "content")
    half.branch(recipe)
    exact = half.features("block1_conv1", "content")
    assert (exact != rounded).any()
    np.testing.assert_allclose(exact, rounded, atol=0.02 * exact.max())


def test_the_gradients_check_knows_the_precision(half):
    check = half.check_gradient(pixels=4)
    assert check.precision == "bfloat16"
    assert check.tolerance == 0.3
    assert check.agrees
    assert "rounding in bfloat16" in write_verdict(check)
    assert write_verdict(check).endswith(SHARPER)
    worse = replace(check, probes=(replace(check.probes[0], deviation=0.4), *check.probes[1:]))
    assert "They differ" in write_verdict(worse)
    assert write_verdict(worse).endswith(SHARPER)
    assert SHARPER not in write_verdict(replace(worse, precision="float32"))


def test_a_run_in_bfloat16_that_diverges_says_where(half):
    recipe = half.recipe
    with pytest.raises(DivergedError, match="block1_conv1 the weighted term is beyond"):
        half.branch(replace(recipe, style_weight=1e60))
    assert (half.step, half.recipe) == (2, recipe)


def test_useless_hardware_is_told_of_bfloat16_alone(half, recipe, monkeypatch):
    monkeypatch.setattr(advice, "find_bfloat16_support", lambda _: Bfloat16Support(True, "helps"))
    assert not {"useless precision"} & {each.name for each in half.diagnose()}
    monkeypatch.setattr(advice, "find_bfloat16_support", lambda _: hardware.judge_cpu("flags : sse2"))
    assert any(sentence.startswith("bfloat16 will not help here") for sentence in half.advise())
    half.branch(recipe)
    assert not any("bfloat16" in sentence for sentence in half.advise())


def test_maps_that_a_step_lets_go_are_computed_where_somebody_looks(
    content_image, style_image, recipe, spare_memory, monkeypatch
):
    sparing = Session(content_image, style_image, recipe)
    monkeypatch.undo()
    plain = Session(content_image, style_image, recipe)
    for session in (sparing, plain):
        session.advance(3)
    np.testing.assert_array_equal(sparing.image, plain.image)
    assert not sparing.glance("block1_conv1").has("generated")
    assert plain.glance("block1_conv1").has("generated")
    expected = plain.features("block1_conv1")
    np.testing.assert_allclose(sparing.features("block1_conv1"), expected, atol=1e-5)
    assert sparing.glance("block1_conv1").has("generated")
    assert sparing.take_apart("block2_conv1").outcome == plain.take_apart("block2_conv1").outcome


def test_where_maps_are_let_go_a_divergence_still_names_its_layer(
    content_image, style_image, slim_weights, tmp_path, recipe, spare_memory
):
    arrays = dict(np.load(slim_weights))
    arrays["block2_conv1/kernel"] = arrays["block2_conv1/kernel"] * np.float32(1e38)
    np.savez(tmp_path / "huge.npz", **arrays)
    with pytest.raises(DivergedError, match="in block2_conv1 the feature maps hold"):
        Session(content_image, style_image, replace(recipe, weights=str(tmp_path / "huge.npz")))
