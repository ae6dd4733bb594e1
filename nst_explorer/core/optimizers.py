"""Optimizers as pure functions: a state and an evaluated picture in, the next picture and the next state out.

`init` makes the state of step 0; `update` returns new values and never changes what it was given, so that any state
that was kept can be continued from, as often as one likes. The last act of every update is the projection onto the
settings' bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nst_explorer.core.adam import AdamState, enlarge_adam, init_adam, update_adam
from nst_explorer.core.lbfgs import CurvaturePair, LBFGSState, forget_pairs, init_lbfgs, update_lbfgs
from nst_explorer.core.tensors import Tensor
from nst_explorer.core.updates import Evaluate, Move, Point
from nst_explorer.optimizer_settings import Adam


@dataclass(frozen=True)
class Optimizer:
    """An optimizer's functions.

    Attributes:
        init: From a picture to the state before the first update.
        update: `(settings, state, point, evaluate)` to the move that follows.
        carry: From a state to the one that goes on where what is minimized has changed.
        enlarge: `(state, height, width)` to the state for a picture that was enlarged to that size; None where nothing
            of a state is worth keeping then, and a fresh one begins.
    """

    init: Callable[[Tensor], Any]
    update: Callable[[Any, Any, Point, Evaluate], Move]
    carry: Callable[[Any], Any]
    enlarge: Callable[[Any, int, int], Any] | None = None


def _move_by_adam(settings: Adam, state: AdamState, point: Point, _: Evaluate) -> Move:
    return Move(*update_adam(settings, state, point.image, point.gradient))


def _keep_state(state: Any) -> Any:
    return state


OPTIMIZERS: dict[str, Optimizer] = {
    "adam": Optimizer(init_adam, _move_by_adam, _keep_state, enlarge_adam),
    "lbfgs": Optimizer(init_lbfgs, update_lbfgs, forget_pairs),
}
STATE_CLASSES = {kind.__name__: kind for kind in (AdamState, LBFGSState, CurvaturePair)}
"""What states are made of, by name: a run's file holds nothing else."""
