"""One step, taken apart: from the present picture through features, Gram matrices, losses and gradient to the next.

Everything is foretold, nothing is done: the update is computed by the very function that the step will call, so that
its picture is the same to the last bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nst_explorer.core.tensors import to_array
from nst_explorer.core.updates import Move, Search
from nst_explorer.session.inspection import Inspection
from nst_explorer.session.iterate import Iterate
from nst_explorer.session.optimizer_state import STATE_VIEWS, StateView
from nst_explorer.session.problem import Problem
from nst_explorer.session.standstill import describe_standstill


@dataclass(frozen=True, eq=False)
class Update:
    """What the next step does to the picture.

    Attributes:
        step: The step after it.
        before: `(H, W, 3) float32`, the present picture.
        after: The same, the next one, within the bounds.
        state: The optimizer's state after it, with the change before the bounds.
        bounds: The lowest and the highest value allowed, or None.
        search: How the length of the step was found, where it was searched.
        standstill: Why there is no such step, a sentence; empty where there is one.
    """

    step: int
    before: np.ndarray
    after: np.ndarray
    state: StateView
    bounds: tuple[float, float] | None
    search: Search | None = None
    standstill: str = ""

    @cached_property
    def change(self) -> np.ndarray:
        """What is added to the picture, `(H, W, 3) float32`."""
        return self.after - self.before

    @cached_property
    def clipped_count(self) -> int:
        """How many values would have left the bounds, and are put onto them."""
        if self.bounds is None:
            return 0
        wanted = self.before + self.state.move
        return int(((wanted < self.bounds[0]) | (wanted > self.bounds[1])).sum())


@dataclass(frozen=True, eq=False)
class OneStep:
    """The step under way.

    Attributes:
        inspection: The chosen layer at the present picture: features, Gram matrices, losses.
        gradient: Of the total at the present picture, `(H, W, 3) float32`.
        update: What the optimizer makes of it.
        outcome: The weighted terms and `total` of the next picture; None where they were not asked for.
    """

    inspection: Inspection
    gradient: np.ndarray
    update: Update
    outcome: Mapping[str, float] | None

    @cached_property
    def foretold_change(self) -> float:
        """How much the total would change if the loss were as flat as its gradient says: the sum of ∇L · change."""
        return float(np.vdot(self.gradient.astype(np.float64), self.update.change.astype(np.float64)))


def foretell_update(problem: Problem, iterate: Iterate) -> Update:
    """Computes what the step after an iterate will do; the iterate stays as it is. A search costs evaluations."""
    return _describe(iterate, problem.take_update(iterate))


def take_apart(problem: Problem, iterate: Iterate, inspection: Inspection, *, with_outcome: bool) -> OneStep:
    """Takes the step after an iterate apart; the losses of its outcome cost an evaluation, unless a search made it."""
    move = problem.take_update(iterate)
    outcome = None
    if with_outcome:
        # Of the optimizer's picture and not of the array, so that nothing is converted in between.
        made = problem.evaluate(move.image, iterate.record.recipe) if move.point is None else move.point.carried
        outcome = made.losses
    return OneStep(inspection, to_array(iterate.gradient), _describe(iterate, move), outcome)


def _describe(iterate: Iterate, move: Move) -> Update:
    record = iterate.record
    view = STATE_VIEWS[record.recipe.optimizer_name](record.recipe.optimizer, iterate, move)
    return Update(
        record.step + 1,
        to_array(iterate.image),
        to_array(move.image),
        view,
        record.recipe.optimizer.bounds,
        move.search,
        describe_standstill(record.recipe, record.step, move.standstill) if move.standstill else "",
    )
