"""What can be seen of an optimizer's state: how far it would move every value, and what it remembers.

A new optimizer is a function from its settings and the state after an update to a `StateView`, and a row in
`STATE_VIEWS`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nst_explorer.core.optimizers import AdamState
from nst_explorer.core.tensors import to_array
from nst_explorer.optimizer_settings import Adam


@dataclass(frozen=True, eq=False)
class Memory:
    """Something that an optimizer remembers, one number for each value of the picture or of the run.

    Attributes:
        name: What it is called.
        symbol: How a formula writes it.
        values: float32, of any shape.
        is_signed: Whether it may be below 0.
    """

    name: str
    symbol: str
    values: np.ndarray
    is_signed: bool


@dataclass(frozen=True, eq=False)
class StateView:
    """An optimizer's state after an update.

    Attributes:
        name: What the optimizer is called.
        rule: How it moves a value, as text with the symbols of the memories.
        move: `(H, W, 3) float32`, the change of each value before the projection onto the bounds.
        memories: What it remembers.
        facts: Further numbers by name.
    """

    name: str
    rule: str
    move: np.ndarray
    memories: tuple[Memory, ...]
    facts: tuple[tuple[str, float], ...]


def view_adam(settings: Adam, state: AdamState) -> StateView:
    """Returns Adam's moments without their bias toward 0, and the move −α · m̂ / (√v̂ + ε̂) that it makes of them.

    ε̂ is ε / √(1 − β₂ᵗ), as ε is added to the root before the bias is taken out, like in Keras.
    """
    mean, square = to_array(state.mean), to_array(state.square)
    mean_bias, square_bias = 1 - settings.beta_1**state.step, 1 - settings.beta_2**state.step
    length = np.float32(settings.learning_rate * math.sqrt(square_bias) / mean_bias)
    move = -(mean * length / (np.sqrt(square) + np.float32(settings.epsilon)))
    return StateView(
        name="Adam",
        rule="−α · m̂ / (√v̂ + ε̂)",
        move=move,
        memories=(
            Memory("mean of the gradient", "m̂", mean / np.float32(mean_bias), is_signed=True),
            Memory("root of the mean square", "√v̂", np.sqrt(square / np.float32(square_bias)), is_signed=False),
        ),
        facts=(
            ("update number t", float(state.step)),
            ("learning rate α", settings.learning_rate),
            ("ε̂", settings.epsilon / math.sqrt(square_bias)),
        ),
    )


STATE_VIEWS: dict[str, Callable[[Any, Any], StateView]] = {"adam": view_adam}
"""Name of an optimizer, as in `OPTIMIZERS`, to how its state is seen: `(settings, state after the update)`."""
