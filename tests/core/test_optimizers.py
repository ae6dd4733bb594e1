"""The table of optimizers: names, and what all of them promise."""

import numpy as np
import pytest
from keras import ops

from nst_explorer.core.adam import init_adam, update_adam
from nst_explorer.core.optimizers import OPTIMIZERS, STATE_CLASSES
from nst_explorer.core.tensors import Tensor, to_array, to_tensor
from nst_explorer.core.updates import Point
from nst_explorer.optimizer_settings import OPTIMIZER_LABELS, OPTIMIZER_SETTINGS, Adam


def evaluate(image: Tensor) -> Point:
    """A bowl whose lowest point, 0.3, is within the bounds for two thirds of the values."""
    lowest = np.array([0.3, 0.9, 1.5], np.float32)
    distance = image - lowest
    return Point(image, float(to_array(ops.sum(ops.square(distance)))), 2 * distance)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_changes_nothing_that_it_was_given_and_is_the_same_again(name):
    optimizer, settings = OPTIMIZERS[name], OPTIMIZER_SETTINGS[name]()
    point = evaluate(to_tensor([0.5, 0.5, 0.5]))
    state = optimizer.init(point.image)
    for _ in range(3):
        held = [to_array(point.image), to_array(point.gradient)]
        first, second = (optimizer.update(settings, state, point, evaluate) for _ in range(2))
        np.testing.assert_array_equal(to_array(first.image), to_array(second.image))
        np.testing.assert_array_equal(held, [to_array(point.image), to_array(point.gradient)])
        assert (first.evaluations, first.search) == (second.evaluations, second.search)
        state, point = first.state, first.point or evaluate(first.image)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_picture_is_within_the_bounds(name):
    optimizer, settings = OPTIMIZERS[name], OPTIMIZER_SETTINGS[name]()
    point = evaluate(to_tensor([0.5, 0.99, 0.99]))
    state = optimizer.init(point.image)
    for _ in range(12):
        move = optimizer.update(settings, state, point, evaluate)
        values = to_array(move.image)
        assert values.min() >= 0
        assert values.max() <= 1
        state, point = move.state, move.point or evaluate(move.image)


def test_adam_moves_as_it_does_by_itself():
    point = evaluate(to_tensor([0.5, 0.5, 0.5]))
    alone, state = update_adam(Adam(), init_adam(point.image), point.image, point.gradient)
    move = OPTIMIZERS["adam"].update(Adam(), init_adam(point.image), point, evaluate)
    np.testing.assert_array_equal(to_array(move.image), to_array(alone))
    assert (move.point, move.search, move.evaluations, move.state.step) == (None, None, 1, state.step)


def test_names_of_optimizers_agree():
    assert set(OPTIMIZERS) == set(OPTIMIZER_SETTINGS) == set(OPTIMIZER_LABELS)


def test_every_state_can_be_kept():
    for optimizer in OPTIMIZERS.values():
        assert type(optimizer.init(to_tensor([0.5]))).__name__ in STATE_CLASSES
