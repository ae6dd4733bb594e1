"""Adam against numbers computed by hand and against Keras' own."""

import keras
import numpy as np
import pytest

from nst_explorer.core.adam import init_adam, update_adam
from nst_explorer.core.tensors import to_array, to_number, to_tensor
from nst_explorer.optimizer_settings import Adam

TUTORIAL = Adam(learning_rate=0.02, beta_1=0.99, beta_2=0.999, epsilon=0.1, bounds=None)


@pytest.mark.parametrize(("gradient", "length"), [(1.0, 0.0048050), (1e3, 0.0199368), (1e-3, 6.3225e-6)])
def test_the_first_step_of_the_tutorials_adam(gradient, length):
    image = to_tensor(0.5)
    moved, _ = update_adam(TUTORIAL, init_adam(image), image, to_tensor(gradient))
    assert 0.5 - to_number(moved) == pytest.approx(length, rel=1e-3, abs=6e-8)


@pytest.mark.parametrize("settings", [TUTORIAL, Adam(bounds=None)])
def test_fifty_steps_agree_with_keras(settings):
    random = np.random.default_rng(0)
    start = random.random((6, 5, 3), dtype=np.float32)
    gradients = random.standard_normal((50, 6, 5, 3)).astype(np.float32) * random.choice(
        [1e-3, 1.0, 1e3], (50, 1, 1, 1)
    )
    variable = keras.Variable(start)
    oracle = keras.optimizers.Adam(settings.learning_rate, settings.beta_1, settings.beta_2, settings.epsilon)
    image, state = to_tensor(start), init_adam(to_tensor(start))
    for gradient in gradients:
        oracle.apply([to_tensor(gradient)], [variable])
        image, state = update_adam(settings, state, image, to_tensor(gradient))
    # Keras takes 1 − βᵗ in float32, which moves a path of length 1 by a few millionths.
    np.testing.assert_allclose(to_array(image), to_array(variable), atol=5e-6)


def test_the_projection_is_the_last_act():
    image = to_tensor([0.001, 0.999, 0.5])
    moved, _ = update_adam(Adam(learning_rate=0.1), init_adam(image), image, to_tensor([1.0, -1.0, 0.0]))
    np.testing.assert_allclose(to_array(moved), [0.0, 1.0, 0.5])


def test_an_update_leaves_its_arguments_as_they_were():
    image, gradient = to_tensor([0.5, 0.5]), to_tensor([1.0, -1.0])
    first = init_adam(image)
    once = update_adam(Adam(), first, image, gradient)
    again = update_adam(Adam(), first, image, gradient)
    np.testing.assert_array_equal(to_array(once[0]), to_array(again[0]))
    np.testing.assert_array_equal(to_array(image), [0.5, 0.5])
    assert (first.step, once[1].step) == (0, 1)


def test_a_zero_gradient_moves_nothing():
    image = to_tensor([0.25, 0.75])
    moved, _ = update_adam(Adam(), init_adam(image), image, to_tensor([0.0, 0.0]))
    np.testing.assert_array_equal(to_array(moved), [0.25, 0.75])
