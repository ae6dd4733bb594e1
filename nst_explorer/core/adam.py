"""Adam as pure functions: a state and a gradient in, the next picture and the next state out.

Source: Kingma and Ba, "Adam" (2015), algorithm 1.
"""

import math
from dataclasses import dataclass

from keras import ops

from nst_explorer.core.differentiate import Compiled
from nst_explorer.core.enlarging import enlarge_map
from nst_explorer.core.tensors import Tensor, to_tensor
from nst_explorer.optimizer_settings import Adam


@dataclass(frozen=True, eq=False)
class AdamState:
    """Adam's memory.

    Attributes:
        step: Number of updates made.
        mean: Running mean of the gradient, of the picture's shape.
        square: Running mean of its square, of the picture's shape.
    """

    step: int
    mean: Tensor
    square: Tensor


def init_adam(image: Tensor) -> AdamState:
    """Returns Adam's state before the first update."""
    return AdamState(0, ops.zeros_like(image), ops.zeros_like(image))


def update_adam(settings: Adam, state: AdamState, image: Tensor, gradient: Tensor) -> tuple[Tensor, AdamState]:
    """Takes one step of Adam.

    Args:
        settings: Learning rate, decays, epsilon and bounds.
        state: The state after the last update.
        image: The picture, any shape.
        gradient: Of the loss at that picture, of the same shape.

    Returns:
        The next picture, within the bounds, and the next state.

    Source: Kingma and Ba (2015), section 2, in the order that saves work: the bias corrections go into the step
        length, α√(1 − β₂ᵗ)/(1 − β₁ᵗ), and ε is added to the uncorrected root. Keras does the same.
    """
    step = state.step + 1
    length = settings.learning_rate * math.sqrt(1 - settings.beta_2**step) / (1 - settings.beta_1**step)
    # 1 − β is taken here, in double precision: of float32's 0.999 it would be wrong in the fifth digit.
    rates = (length, 1 - settings.beta_1, 1 - settings.beta_2, settings.epsilon)
    numbers = (*rates, *(settings.bounds or (-math.inf, math.inf)))
    # As one tensor, not as Python numbers: those would be traced anew at every step.
    image, mean, square = _move(image, gradient, state.mean, state.square, to_tensor(numbers))
    return image, AdamState(step, mean, square)


def enlarge_adam(state: AdamState, height: int, width: int) -> AdamState:
    """Returns Adam's memory for a picture that was enlarged from the state's size to that one.

    The loss is made of averages over the picture, so that a value's part in it, and its gradient, falls as their number
    grows: the mean is divided by how many times more there are, the mean square by its square. With fresh memory every
    value would first move by a whole learning rate, and the total rise with the first step (measured at 256 px: from
    0.070 to 0.156, with the memory carried over it falls to 0.047, and is as far after 28 steps as otherwise after 40);
    unscaled, the mean square would hold the steps short for as long as it remembers.
    """
    old_height, old_width, _ = state.mean.shape
    share = old_height * old_width / (height * width)
    mean, square = (enlarge_map(each, height, width) for each in (state.mean, state.square))
    return AdamState(state.step, mean * share, square * share**2)


def _compute_move(
    image: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, numbers: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    length, mean_rate, square_rate, epsilon, low, high = (numbers[index] for index in range(6))
    mean = mean + (gradient - mean) * mean_rate
    square = square + (ops.square(gradient) - square) * square_rate
    image = image - mean * length / (ops.sqrt(square) + epsilon)
    return ops.minimum(ops.maximum(image, low), high), mean, square


_move = Compiled(_compute_move)
