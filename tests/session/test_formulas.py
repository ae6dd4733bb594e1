"""A run computes with the formulas it is handed: in every view of it, in no other run, and in no file that hides it."""

from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.formulas import FORMULAS, Formulas, list_other_formulas
from nst_explorer.core.losses import measure_distance
from nst_explorer.errors import InputError
from nst_explorer.session.run_record import describe_run


def triple(values, target):
    return 3.0 * measure_distance(values, target)


def brighten(image):
    return image * 100.0


TRIPLED = Formulas(measure_distance=triple)


@pytest.fixture
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=64,
        start="style",
        content_layers={"block2_conv2": 1.0},
        style_layers={"block1_conv1": 1.0, "block2_conv1": 1.0},
    )


@pytest.fixture
def open_session(content_image, style_image, recipe):
    return lambda formulas=FORMULAS, **options: Session(
        content_image, style_image, recipe, formulas=formulas, **options
    )


def test_a_run_computes_with_the_formula_it_is_handed(open_session):
    usual, tripled = open_session(), open_session(TRIPLED)
    for term in ("content/block2_conv2", "style/block1_conv1"):
        assert tripled.raw_losses[term] == pytest.approx(3 * usual.raw_losses[term], rel=1e-5)
    assert tripled.raw_losses["variation"] == usual.raw_losses["variation"]
    np.testing.assert_allclose(
        tripled.gradient("content/block2_conv2"), 3 * usual.gradient("content/block2_conv2"), rtol=1e-3, atol=1e-7
    )


def test_runs_of_one_recipe_keep_to_their_own_formulas_side_by_side(open_session):
    usual, tripled = open_session(), open_session(TRIPLED)
    alone = usual.fork(usual.recipe)
    alone.advance(2)
    for session in (usual, tripled, usual, tripled):
        session.advance()
    assert usual.losses == alone.losses != tripled.losses


def test_a_forked_run_goes_on_with_the_formulas(open_session):
    tripled = open_session(TRIPLED)
    assert tripled.fork(tripled.recipe).losses == tripled.losses


def test_feature_maps_that_are_looked_at_are_those_that_the_run_computes(open_session):
    bright = open_session(Formulas(preprocess=brighten))
    seen, computed = bright.features("block1_conv1", of="content"), bright.features("block1_conv1")
    image, kernel = bright.content * 100, bright.weights.kernels["block1_conv1"]
    middle = np.tensordot(image[19:22, 29:32], kernel, axes=3) + bright.weights.biases["block1_conv1"]
    np.testing.assert_allclose(seen[20, 30], np.maximum(middle, 0), rtol=1e-4, atol=1e-3)
    distance = np.mean((bright.gram("block1_conv1") - bright.gram("block1_conv1", "style")) ** 2)
    relative = distance / np.mean(bright.gram("block1_conv1", "style") ** 2) / 2
    assert bright.raw_losses["style/block1_conv1"] == pytest.approx(relative, rel=1e-3)
    assert computed.shape == seen.shape


@pytest.mark.parametrize("formulas", [TRIPLED, Formulas(preprocess=brighten)])
def test_the_gradient_is_checked_against_the_runs_own_formulas(open_session, formulas):
    session = open_session(formulas)
    session.advance()
    assert session.check_gradient(pixels=2).agrees


def test_a_run_with_other_formulas_is_not_recorded(open_session, tmp_path):
    session = open_session(TRIPLED)
    with pytest.raises(
        InputError, match=r"formulas of its own, but only .* can be recorded, .*; leave the journal out"
    ):
        session.start_journal(tmp_path / "run.nst")
    with pytest.raises(InputError, match="leave the journal out"):
        open_session(TRIPLED, journal=tmp_path / "run.nst")
    assert not list(tmp_path.iterdir())


def test_the_record_of_a_run_names_its_other_formulas(open_session):
    assert describe_run(open_session(TRIPLED))["other_formulas"] == ["measure_distance"]
    assert describe_run(open_session())["other_formulas"] == []
    assert list_other_formulas(Formulas(preprocess=brighten)) == ["preprocess"]
