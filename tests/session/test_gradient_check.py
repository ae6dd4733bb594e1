"""The check of a gradient: it finds agreement where the gradient is known, and every kind of mistake."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.finite_differences import differentiate_along
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.errors import InputError
from nst_explorer.session.problem import Problem


@pytest.fixture(scope="module")
def session(content_image, style_image, slim_weights: Path) -> Session:
    recipe = Recipe(
        weights=str(slim_weights), size=64, content_layers={"block2_conv1": 1.0}, style_layers={"block1_conv2": 1.0}
    )
    session = Session(content_image, style_image, recipe)
    session.advance(2)
    return session


@pytest.fixture
def spoil(monkeypatch):
    """Has every gradient altered before it is checked."""

    def spoil(alter):
        compute = Problem.compute_gradient
        monkeypatch.setattr(
            Problem, "compute_gradient", lambda *arguments: to_tensor(alter(to_array(compute(*arguments))))
        )

    return spoil


def test_a_central_difference_of_a_parabola_is_its_derivative():
    point = np.array([[3.0, -1.0], [0.5, 2.0]])
    direction = np.array([[0.6, 0.0], [0.0, 0.8]])
    slope = differentiate_along(lambda x: float((x**2).sum()), point, direction)
    assert slope == pytest.approx(2 * 3 * 0.6 + 2 * 2 * 0.8, rel=1e-9)


def test_the_gradient_of_the_variation_is_the_known_one(session):
    check = session.check_gradient(pixels=20, seed=3, term="variation")
    image = session.image
    known = np.zeros_like(image)
    for axis in (0, 1):
        signs = np.sign(np.diff(image, axis=axis))
        widths = [[(0, 0)] * 3 for _ in range(2)]
        widths[0][axis], widths[1][axis] = (1, 0), (0, 1)
        known += np.pad(signs, widths[0]) - np.pad(signs, widths[1])
    known *= session.recipe.variation_weight / image.size
    pixels = [probe for probe in check.probes if probe.place is not None]
    assert len(pixels) == 20
    for probe in pixels:
        assert probe.place is not None
        assert probe.difference == pytest.approx(float(known[probe.place]), rel=1e-5, abs=1e-12)
    assert check.agrees


def test_a_right_gradient_agrees_to_many_digits(session):
    before = session.image, session.losses
    check = session.check_gradient(pixels=6, seed=1)
    assert check.is_done
    assert check.agrees
    assert check.largest_deviation < 1e-3
    assert (check.step, check.term, len(check.probes)) == (2, "total", 8)
    np.testing.assert_array_equal(session.image, before[0])
    assert session.losses == before[1]


@pytest.mark.parametrize("term", ["content/block2_conv1", "style/block1_conv2", "total"])
def test_each_term_can_be_checked_alone(session, term):
    check = session.check_gradient(pixels=3, term=term)
    assert check.term == term
    assert check.agrees


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize("style_loss", ["gram", "covariance"])
def test_it_agrees_under_every_pooling_and_style_loss(session, pooling, style_loss):
    fork = session.fork(replace(session.recipe, pooling=pooling, style_loss=style_loss, start="noise"))
    assert fork.check_gradient(pixels=3).agrees


@pytest.mark.parametrize(
    "alter",
    [
        lambda gradient: gradient * np.float32(1.01),
        lambda gradient: -gradient,
        lambda gradient: gradient[:, :, ::-1],
        lambda gradient: np.roll(gradient, 1, axis=1),
        lambda gradient: np.zeros_like(gradient),
        lambda gradient: np.full_like(gradient, np.nan),
    ],
    ids=["one percent too long", "wrong sign", "channels swapped", "moved by a pixel", "zero", "no numbers"],
)
def test_a_wrong_gradient_is_found(session, spoil, alter):
    spoil(alter)
    assert not session.check_gradient(pixels=4).agrees


def test_a_mistake_at_pixels_that_are_not_tried_is_found_by_the_directions(session, spoil):
    tried = {probe.place for probe in session.check_gradient(pixels=4).probes}

    def alter(gradient):
        wrong = gradient * 2
        for place in tried - {None}:
            wrong[place] = gradient[place]
        return wrong

    spoil(alter)
    check = session.check_gradient(pixels=4)
    assert not check.agrees
    assert all(probe.deviation < 1e-3 for probe in check.probes if probe.place is not None)


def test_where_a_term_has_its_minimum_there_is_no_slope_and_that_agrees(session):
    fork = session.fork(session.recipe)
    check = fork.check_gradient(pixels=4, term="content/block2_conv1")
    assert check.is_flat
    assert check.agrees


def test_the_same_seed_tries_the_same_pixels_and_another_seed_others(session):
    places = [[probe.place for probe in session.check_gradient(5, seed).probes] for seed in (7, 7, 8)]
    assert places[0] == places[1] != places[2]


def test_it_goes_on_with_the_picture_at_which_it_began(session):
    fork = session.fork(session.recipe)
    fork.advance()
    probing = fork.probe_gradient(pixels=3)
    first = next(probing)
    fork.advance(3)
    *_, last = probing
    assert (first.step, last.step) == (1, 1)
    assert last.probes[0] == first.probes[0]
    assert last.agrees


def test_what_cannot_be_checked_is_refused(session):
    with pytest.raises(InputError, match="The number of pixels is 0, but it must be a whole number from 1 to 1,000"):
        session.check_gradient(pixels=0)
    with pytest.raises(InputError, match="The seed is -1, but it must be"):
        session.check_gradient(seed=-1)
    with pytest.raises(InputError, match='The term is "style/block9", but this recipe has content/block2_conv1'):
        session.check_gradient(term="style/block9")
