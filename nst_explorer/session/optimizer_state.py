"""What can be seen of an optimizer's state: how far it would move every value, and what it remembers.

A new optimizer is a function from its settings, the iterate before an update and the move to a `StateView`, and a row
in `STATE_VIEWS`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nst_explorer.core.adam import AdamState
from nst_explorer.core.lbfgs import LBFGSState, find_direction
from nst_explorer.core.tensors import to_array
from nst_explorer.core.updates import Move, Point
from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.session.iterate import Iterate


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
        idea: How the optimizer goes about it, for people.
    """

    name: str
    rule: str
    move: np.ndarray
    memories: tuple[Memory, ...]
    facts: tuple[tuple[str, float], ...]
    idea: str


def view_adam(settings: Adam, _: Iterate, move: Move) -> StateView:
    """Returns Adam's moments without their bias toward 0, and the move −α · m̂ / (√v̂ + ε̂) that it makes of them.

    ε̂ is ε / √(1 − β₂ᵗ), as ε is added to the root before the bias is taken out, like in Keras.
    """
    state: AdamState = move.state
    mean, square = to_array(state.mean), to_array(state.square)
    mean_bias, square_bias = 1 - settings.beta_1**state.step, 1 - settings.beta_2**state.step
    length = np.float32(settings.learning_rate * math.sqrt(square_bias) / mean_bias)
    change = -(mean * length / (np.sqrt(square) + np.float32(settings.epsilon)))
    return StateView(
        name="Adam",
        rule="−α · m̂ / (√v̂ + ε̂)",
        move=change,
        memories=(
            Memory("mean of the gradient", "m̂", mean / np.float32(mean_bias), is_signed=True),
            Memory("root of the mean square", "√v̂", np.sqrt(square / np.float32(square_bias)), is_signed=False),
        ),
        facts=(
            ("update number t", float(state.step)),
            ("learning rate α", settings.learning_rate),
            ("ε̂", settings.epsilon / math.sqrt(square_bias)),
        ),
        idea="Adam does not follow the gradient itself: it divides its running mean by the root of its running mean "
        "square, pixel by pixel. So a pixel that is pushed weakly but always the same way moves as far as one that is "
        "pushed hard.",
    )


def view_lbfgs(settings: LBFGS, before: Iterate, move: Move) -> StateView:
    """Returns the newest pair, and the move α · d along the direction that was searched; 0 at a standstill."""
    state: LBFGSState = move.state
    search, newest = move.search, state.pairs[-1] if state.pairs else None
    if search is None:
        change = np.zeros_like(to_array(before.image))
    else:
        pairs = () if search.is_steepest else before.optimizer_state.pairs[-settings.history :]
        point = Point(before.image, before.record.losses["total"], before.gradient)
        change = np.float32(search.length) * to_array(find_direction(settings, pairs, point)[0])
    memories = ()
    if newest is not None:
        memories = (
            Memory("last change of the picture", "s", to_array(newest.change), is_signed=True),
            Memory("what it changed of the gradient", "y", to_array(newest.slope_change), is_signed=True),
        )
    searched = () if search is None else (("step length α", search.length), ("evaluations", float(search.evaluations)))
    known = () if newest is None else (("sᵀy of the newest", newest.curvature), ("γ = sᵀy / yᵀy", newest.scale))
    return StateView(
        name="L-BFGS",
        rule="−α · ∇L" if search is not None and search.is_steepest else "−α · H∇L",
        move=change,
        memories=memories,
        facts=(("update number", float(state.step)), *searched, ("pairs", float(len(state.pairs))), *known),
        idea="L-BFGS remembers what its last steps changed of the gradient, and estimates from that how the slope "
        "bends: its direction leads toward the bottom of a bowl, not just downhill. Along it, it tries lengths until "
        "the loss falls enough, so that there is no learning rate to choose.",
    )


STATE_VIEWS: dict[str, Callable[[Any, Iterate, Move], StateView]] = {"adam": view_adam, "lbfgs": view_lbfgs}
"""Name of an optimizer, as in `OPTIMIZERS`, to how its state is seen: `(settings, iterate before, the move)`."""
