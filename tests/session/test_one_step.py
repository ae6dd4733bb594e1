"""One step taken apart: what the stages foretell is what the step then does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Adam, Recipe, Session
from nst_explorer.core.optimizers import OPTIMIZERS
from nst_explorer.errors import InputError
from nst_explorer.session.optimizer_state import STATE_VIEWS
from nst_explorer.session.pushes import compute_cosines


@pytest.fixture
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=64,
        content_layers={"block2_conv2": 1.0},
        style_layers={"block1_conv1": 1.0, "block3_conv1": 0.5},
    )


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    session = Session(content_image, style_image, recipe)
    session.advance(3)
    return session


def test_the_step_does_to_the_last_bit_what_was_foretold(session):
    for _ in range(3):
        step = session.take_apart("block1_conv1")
        assert step.inspection.step == session.step
        assert step.inspection.losses == session.losses
        np.testing.assert_array_equal(step.update.before, session.image)
        session.advance()
        assert step.update.step == session.step
        np.testing.assert_array_equal(step.update.after, session.image)
        assert step.outcome == session.losses


def test_the_numbers_of_the_stages_add_up(session):
    step = session.take_apart("block3_conv1")
    inspection = step.inspection
    features = inspection.features("generated").astype(float)
    flat = features.reshape(-1, features.shape[-1])
    gram = flat.T @ flat / len(flat)
    np.testing.assert_allclose(inspection.gram("generated"), gram, rtol=1e-4, atol=1e-6)
    target = inspection.gram("style").astype(float)
    raw = ((gram - target) ** 2).mean() / (target**2).mean() / 2  # of two style layers
    assert raw == pytest.approx(inspection.raw["style/block3_conv1"], rel=1e-4)
    terms = {term: value for term, value in inspection.losses.items() if term != "total"}
    for term, weight in session.recipe.term_weights.items():
        assert terms[term] == pytest.approx(weight * inspection.raw[term], rel=1e-12)
    assert sum(terms.values()) == inspection.losses["total"]
    pushes = session.measure_pushes()
    np.testing.assert_allclose(sum(pushes.gradients.values()), step.gradient, rtol=1e-3, atol=1e-7)
    wanted = step.update.before + step.update.state.move
    np.testing.assert_allclose(wanted.clip(0, 1), step.update.after, atol=1e-6)
    np.testing.assert_array_equal(step.update.before + step.update.change, step.update.after)
    assert step.update.clipped_count == ((wanted < 0) | (wanted > 1)).sum()


def test_foretelling_changes_no_bit_of_a_run(content_image, style_image, recipe):
    runs = [Session(content_image, style_image, recipe) for _ in range(2)]
    for _ in range(3):
        runs[0].take_apart("block5_conv1")
        runs[0].foretell_update()
        runs[0].measure_pushes()
        for session in runs:
            session.advance()
    np.testing.assert_array_equal(runs[0].image, runs[1].image)
    assert runs[0].losses == runs[1].losses


def test_after_going_back_it_foretells_the_step_that_is_replayed(session):
    after = session.image
    session.rewind(2)
    np.testing.assert_array_equal(session.foretell_update().after, after)


def test_a_short_step_changes_the_loss_as_its_gradient_foretells(content_image, style_image, recipe):
    session = Session(content_image, style_image, replace(recipe, optimizer=Adam(learning_rate=1e-5)))
    step = session.take_apart("block1_conv1")
    assert step.outcome is not None
    assert step.outcome["total"] - session.losses["total"] == pytest.approx(step.foretold_change, rel=0.02)


def test_the_outcome_is_left_out_where_it_is_not_asked_for(session):
    assert session.take_apart("block1_conv1", with_outcome=False).outcome is None


def test_values_that_would_leave_the_bounds_are_counted(content_image, style_image, recipe):
    wide = replace(recipe, optimizer=Adam(learning_rate=0.5))
    update = Session(content_image, style_image, wide).foretell_update()
    at_border = int(((update.after == 0) | (update.after == 1)).sum())
    assert update.clipped_count == at_border > 100
    free = replace(recipe, optimizer=Adam(learning_rate=0.5, bounds=None))
    update = Session(content_image, style_image, free).foretell_update()
    assert update.clipped_count == 0
    assert update.after.max() > 1


def test_adams_first_move_is_the_known_one(content_image, style_image, recipe):
    session = Session(content_image, style_image, recipe)
    state = session.foretell_update().state
    gradient = session.gradient().astype(float)
    settings = recipe.optimizer
    epsilon = settings.epsilon / np.sqrt(1 - settings.beta_2)
    known = -settings.learning_rate * gradient / (np.abs(gradient) + epsilon)
    np.testing.assert_allclose(state.move, known, rtol=1e-3, atol=1e-7)
    assert dict(state.facts)["ε̂"] == pytest.approx(epsilon)
    assert dict(state.facts)["update number t"] == 1
    mean, root = state.memories
    np.testing.assert_allclose(mean.values, gradient, rtol=1e-4, atol=1e-12)
    np.testing.assert_allclose(root.values, np.abs(gradient), rtol=1e-4, atol=1e-12)
    assert (mean.is_signed, root.is_signed) == (True, False)


def test_every_optimizers_state_can_be_seen():
    assert STATE_VIEWS.keys() == OPTIMIZERS.keys()


def test_cosines_know_agreement_opposition_and_right_angles():
    one = np.array([[[1.0, 2.0, 2.0]]], np.float32)
    across = np.array([[[2.0, -1.0, 0.0]]], np.float32)
    cosines = compute_cosines((one, 3 * one, -1e-30 * one, across, 0 * one))
    np.testing.assert_allclose(cosines[0], [1, 1, -1, 0, np.nan], atol=1e-6)
    assert np.isnan(cosines[4]).all()
    np.testing.assert_array_equal(cosines, cosines.T)


def test_terms_of_no_weight_have_no_direction(session):
    session.branch(replace(session.recipe, variation_weight=0.0))
    cosines = session.gradient_cosines()
    assert cosines["variation"].isna().all()
    assert cosines.loc["style/block1_conv1", "style/block1_conv1"] == 1
    pushes = session.measure_pushes()
    assert pushes.norms["variation"] == 0
    np.testing.assert_array_equal(pushes.cosines, cosines.to_numpy())


def test_an_unknown_layer_is_refused(session):
    with pytest.raises(InputError, match='did you mean "block2_conv1"'):
        session.take_apart("block2_cnv1")
