"""A session: stepping, going back, replaying, changing the recipe, and branches, on a small network."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import Adam
from nst_explorer.recipe_changes import with_role
from nst_explorer.session.divergence import DivergedError


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    return Session(content_image, style_image, recipe)


def test_a_run_starts_at_the_content_and_lowers_the_loss(session, content_image):
    np.testing.assert_array_equal(session.image, content_image)
    before = session.losses["total"]
    session.advance(20)
    assert session.step == 20
    assert session.losses["total"] < 0.7 * before
    assert session.image.dtype == np.float32
    assert session.image.min() >= 0
    assert session.image.max() <= 1


def test_all_content_and_style_losses_are_zero_where_style_is_content(content_image, recipe):
    losses = Session(content_image, content_image, recipe).losses
    assert all(value < 1e-9 for term, value in losses.items() if "/" in term)


def test_the_other_starts(content_image, style_image, recipe):
    noise = Session(content_image, style_image, replace(recipe, start="noise", seed=3)).image
    expected = np.random.default_rng(3).random(content_image.shape, dtype=np.float32)
    np.testing.assert_array_equal(noise, expected)
    assert Session(content_image, style_image, replace(recipe, start="style")).image.shape == content_image.shape


def test_rewinding_then_replaying_gives_the_same_image_and_losses(session):
    session.advance(9)
    image, losses = session.image, session.losses
    session.rewind(4)
    assert session.step == 4
    session.advance(5)
    np.testing.assert_array_equal(session.image, image)
    assert session.losses == losses


def test_a_rewound_step_has_the_image_that_it_had(session):
    images = {0: session.image}
    for _ in range(6):
        session.advance()
        images[session.step] = session.image
    for step in (3, 0, 6, 5, 1):
        session.rewind(step)
        np.testing.assert_array_equal(session.image, images[step])


def test_every_step_can_be_returned_to_within_a_small_budget(content_image, style_image, recipe):
    # Ten checkpoints of 48 × 64 × 3 float32, three tensors each: the other thirty steps are computed again.
    roomy = Session(content_image, style_image, recipe)
    tight = Session(content_image, style_image, recipe, history_mb=10 * 48 * 64 * 3 * 4 * 3 / 1e6)
    for session in (roomy, tight):
        session.advance(40)
    assert len(tight._walk.history.checkpoints) <= 10
    for step in (0, 1, 17, 23, 39, 40):
        roomy.rewind(step)
        tight.rewind(step)
        np.testing.assert_array_equal(tight.image, roomy.image)
        assert tight.losses == roomy.losses


def test_a_change_evaluates_the_same_image_anew_and_is_recorded_with_its_step(session, recipe):
    session.advance(3)
    image, before = session.image, session.losses
    session.branch(replace(recipe, style_weight=5.0))
    np.testing.assert_array_equal(session.image, image)
    assert session.step == 3
    assert session.losses["style/block1_conv1"] == pytest.approx(5 * before["style/block1_conv1"], rel=1e-6)
    session.advance(2)
    changes = [record.step for record in session.line if record.is_change]
    assert changes == [3]
    assert [record.step for record in session.line] == [0, 1, 2, 3, 3, 4, 5]


def test_several_changes_at_one_step_are_one_and_one_taken_back_is_none(session, recipe):
    session.advance(2)
    for weight in (2.0, 3.0, 4.0):
        session.branch(replace(recipe, style_weight=weight))
    assert [record.step for record in session.line] == [0, 1, 2, 2]
    session.branch(recipe)
    assert [record.step for record in session.line] == [0, 1, 2]
    session.advance()
    assert session.step == 3


def test_a_change_before_the_first_step_is_not_marked(session, recipe):
    session.branch(replace(recipe, style_weight=2.0))
    assert [record.step for record in session.line] == [0]
    assert session.recipe.style_weight == 2.0


def test_replaying_follows_the_changes_of_the_line(session, recipe):
    session.advance(3)
    session.branch(replace(recipe, style_weight=5.0))
    session.advance(3)
    image, losses = session.image, session.losses
    session.rewind(1)
    assert session.recipe == recipe
    session.advance(5)
    assert session.recipe.style_weight == 5.0
    np.testing.assert_array_equal(session.image, image)
    assert session.losses == losses


def test_a_change_further_back_begins_a_branch_and_the_old_line_is_kept(session, recipe):
    session.advance(6)
    total = session.losses["total"]
    session.rewind(2)
    session.branch(replace(recipe, style_weight=5.0))
    session.advance(1)
    assert [record.step for record in session.line] == [0, 1, 2, 2, 3]
    (left,) = session.left_branches
    assert (left.step, left.losses["total"]) == (6, total)


def test_a_layer_can_come_and_go_while_it_runs(session, recipe):
    session.advance(2)
    session.branch(with_role(recipe, "block2_conv2", "style"))
    session.advance(2)
    table = session.loss_table()
    assert list(table.index) == [0, 1, 2, 3, 4]
    assert table["style/block2_conv2"].isna().tolist() == [True, True, False, False, False]
    np.testing.assert_allclose(table["total"], table.drop(columns="total").sum(axis=1), rtol=1e-12)


def test_returning_to_a_set_of_layers_traces_nothing(session, recipe):
    session.advance(1)
    session.branch(with_role(recipe, "block2_conv2", "style"))
    session.advance(1)
    traces = session.trace_count
    session.branch(replace(recipe, content_weight=3.0))
    session.branch(replace(recipe, convention="mean", optimizer=Adam(learning_rate=0.5)))
    session.advance(2)
    assert session.trace_count == traces


def test_another_run_of_pictures_of_the_same_shapes_traces_nothing(paint_image, style_image, recipe):
    def open_run(seed: int, width: int) -> Session:
        return Session(paint_image(seed, 44, width), style_image, recipe)

    first = open_run(1, 60)
    traces = first.trace_count
    second = open_run(2, 60)
    assert second.trace_count == traces
    assert second.losses != first.losses
    assert open_run(2, 56).trace_count == traces + 1


def test_pooling_may_change_while_it_runs(session, recipe):
    session.advance(1)
    before = session.losses
    session.branch(replace(recipe, pooling="max"))
    assert session.losses["style/block2_conv1"] != before["style/block2_conv1"]
    assert session.losses["style/block1_conv1"] == pytest.approx(before["style/block1_conv1"], rel=1e-6)


@pytest.mark.parametrize("change", [{"size": 48}, {"weights": "random:1"}, {"start": "noise"}, {"seed": 4}])
def test_what_needs_a_new_run_is_refused(session, recipe, change):
    with pytest.raises(InputError, match=f"cannot change its {next(iter(change))}.*make a new Session"):
        session.branch(replace(recipe, **change))


def test_a_loss_that_is_not_a_number_leaves_the_last_good_step(session, recipe):
    session.advance(2)
    image = session.image
    with pytest.raises(DivergedError, match=r"The loss at step 2 is not a finite number \(style/block1_conv1\)"):
        session.branch(replace(recipe, style_weight=1e60))
    assert (session.step, session.recipe) == (2, recipe)
    np.testing.assert_array_equal(session.image, image)
    session.advance(1)
    assert session.step == 3


@pytest.mark.parametrize("step", [-1, 4, 1.5, "1"])
def test_a_step_that_the_run_does_not_have_is_refused(session, step):
    session.advance(3)
    with pytest.raises(InputError, match="this run has the steps 0 to 3"):
        session.rewind(step)
    assert session.step == 3


def test_features_and_gram_are_those_of_the_asked_image(session, content_image):
    features = session.features("block3_conv1", of="style")
    assert features.shape == (14, 10, 8)
    gram = session.gram("block3_conv1", of="style")
    flat = features.reshape(-1, 8).astype(float)
    np.testing.assert_allclose(gram, flat.T @ flat / len(flat), rtol=1e-4)
    np.testing.assert_array_equal(session.features("block1_pool"), session.features("block1_pool", of="content"))
    with pytest.raises(InputError, match='The image is "result", but it must be one of generated, content, style'):
        session.features("block1_conv1", of="result")
    with pytest.raises(InputError, match='did you mean "block1_conv1"'):
        session.gram("block1_con1")


def test_gradients_of_terms_add_up_to_the_total(session):
    session.advance(2)
    parts = sum(session.gradient(term) for term in session.recipe.term_weights)
    total = session.gradient()
    np.testing.assert_allclose(parts, total, atol=1e-4 * np.abs(total).max())
    with pytest.raises(InputError, match='The term is "style/block5_conv4", but this recipe has content/block1_conv2'):
        session.gradient("style/block5_conv4")


def test_what_is_returned_cannot_change_the_session(session):
    image = session.image
    session.image[:] = 0
    session.content[:] = 0
    session.losses["total"] = -1
    np.testing.assert_array_equal(session.image, image)
    np.testing.assert_array_equal(session.content, image)
    assert session.losses["total"] > 0


def test_a_gpu_that_is_not_there_is_refused(content_image, style_image, recipe, monkeypatch):
    monkeypatch.setattr("nst_explorer.core.differentiate.prepare_devices", lambda: ())
    with pytest.raises(InputError, match='The device is "gpu", but TensorFlow sees none; use "cpu"'):
        Session(content_image, style_image, recipe, device="gpu")


def test_an_unknown_device_is_refused(content_image, style_image, recipe):
    with pytest.raises(InputError, match='The device is "tpu", but it must be one of auto, cpu, gpu'):
        Session(content_image, style_image, recipe, device="tpu")


def test_advice_names_an_epsilon_above_the_gradient(session, recipe):
    assert session.advise() == ()
    session.branch(replace(recipe, optimizer=Adam(epsilon=0.1)))
    (sentence,) = session.advise()
    assert "ε of 0.1 is far above the gradient's" in sentence


def test_advice_names_weights_that_are_meant_for_another_network(content_image, style_image, recipe):
    tutorial = replace(Recipe.preset("tensorflow-tutorial"), weights=recipe.weights, size=64)
    sentence = Session(content_image, style_image, tutorial).advise()[0]
    assert "meant for ImageNet's VGG19, not for slim.npz" in sentence
    assert "explorer" in sentence


def test_a_black_style_image_does_not_break_the_relative_convention(content_image, recipe):
    session = Session(content_image, np.zeros((40, 40, 3), np.float32), recipe)
    session.advance(3)
    assert np.isfinite(session.losses["total"])


def test_another_keras_backend_is_refused_before_it_is_loaded(monkeypatch):
    import importlib

    import nst_explorer.core

    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(InputError, match='the backend "jax", but NST Explorer runs on TensorFlow only'):
        importlib.reload(nst_explorer.core)
