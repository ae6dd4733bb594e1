"""The problem of a run: what stays as it is from its first step to its last, and what follows from it.

Images, network and device are fixed here; under any recipe that fits them the problem evaluates a picture and computes
the iterate after another. It keeps one objective for each structure, so that returning to a set of layers costs
neither targets nor a trace.
"""

import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.enlarging import enlarge_picture
from nst_explorer.core.finiteness import are_finite
from nst_explorer.core.formulas import FORMULAS, Formulas
from nst_explorer.core.images import fill_shape
from nst_explorer.core.objective import Evaluation, Objective, Structure, build_objective
from nst_explorer.core.optimizers import OPTIMIZERS
from nst_explorer.core.tensors import Tensor, to_tensor
from nst_explorer.core.updates import Move, Point
from nst_explorer.core.vgg19 import Network, compute_features, convert_network, place_network
from nst_explorer.core.weights import Weights
from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe
from nst_explorer.session.divergence import DivergedError, find_origin, list_state_tensors
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.scales import ImagePyramid
from nst_explorer.session.standstill import StandstillError, describe_standstill


class Problem:
    """Images, weights and device of a run, with the objectives made of them so far.

    Attributes:
        images: Content and style, at full size and at those that lead to it.
        lock: Held by the sessions of this problem for one step at a time.

    Args:
        content: `(H, W, 3) float32`, RGB in [0, 1].
        style: `(h, w, 3) float32`, RGB in [0, 1].
        weights: The network's weights.
        device: TensorFlow's name of the device to compute on, such as `CPU:0`.
        formulas: What is computed.
    """

    def __init__(
        self, content: np.ndarray, style: np.ndarray, weights: Weights, device: str, formulas: Formulas = FORMULAS
    ) -> None:
        self.images = ImagePyramid(content, style)
        self.weights = weights
        self.device = device
        self.formulas = formulas
        self.lock = threading.RLock()
        self._objectives: dict[tuple[Structure, tuple[int, ...]], Objective] = {}
        self._network = _place_network(weights, device)

    @property
    def trace_count(self) -> int:
        """How often the functions in use were traced so far, in this run or others that share them."""
        return sum(compiled.trace_count for compiled in {each.compiled for each in self._objectives.values()})

    def objective(self, recipe: Recipe, image: Tensor) -> Objective:
        """Returns the objective of the recipe's structure for a picture's size, made when it is first asked for."""
        structure = Structure.of(recipe)
        key = structure, tuple(image.shape)
        if key not in self._objectives:
            pair = self.images.match(recipe, image)
            content, style = to_tensor(pair.content), to_tensor(pair.style)
            self._objectives[key] = build_objective(self._network, structure, content, style, formulas=self.formulas)
        return self._objectives[key]

    def begin(self, recipe: Recipe) -> Iterate:
        """Returns the iterate of step 0.

        Raises:
            InputError: The images are too small for the recipe's scales.
            DivergedError: Its loss or gradient is not finite.
        """
        self.images.require_sides(recipe)
        pair = self.images.get_scale(recipe, 0)
        image = to_tensor(_make_start(pair.content, pair.style, recipe))
        state = OPTIMIZERS[recipe.optimizer_name].init(image)
        evaluation = self._evaluate_finite(image, recipe, state, 0, "the run cannot begin")
        return _freeze(Record(0, recipe, evaluation.raw, evaluation.losses, None), image, state, evaluation)

    def step(self, before: Iterate) -> Iterate:
        """Returns the iterate after one update, under the same recipe.

        Raises:
            DivergedError: Its loss, gradient or optimizer's state is not finite.
            StandstillError: The optimizer finds no step that makes the loss fall.
        """
        recipe, step = before.record.recipe, before.record.step + 1
        move = self.take_update(before)
        if move.standstill:
            raise StandstillError(describe_standstill(recipe, step - 1, move.standstill))
        if move.point is None:
            outcome = f"the run stays at its last good step, {step - 1}"
            evaluation = self._evaluate_finite(move.image, recipe, move.state, step, outcome)
        else:
            evaluation = move.point.carried
        evaluations = before.record.evaluations + move.evaluations
        record = Record(step, recipe, evaluation.raw, evaluation.losses, before.record, evaluations)
        return _freeze(record, move.image, move.state, evaluation)

    def enlarge(self, before: Iterate) -> Iterate:
        """Returns the picture of an iterate that ends a scale at the next size, as an iterate of the same step.

        Raises:
            DivergedError: Its loss or gradient is not finite there.
        """
        recipe, step = before.record.recipe, before.record.step
        image, state = self._enlarge(before)
        outcome = f"the run stays at its last good step, {step - 1}"
        evaluation = self._evaluate_finite(image, recipe, state, step, outcome)
        record = Record(step, recipe, evaluation.raw, evaluation.losses, before.record, before.record.evaluations + 1)
        return _freeze(record, image, state, evaluation)

    def change(self, before: Iterate, recipe: Recipe, parent: Record | None) -> Iterate:
        """Returns the same picture under another recipe, as an iterate that follows `parent`.

        Raises:
            DivergedError: Its loss or gradient is not finite.
        """
        step, state = before.record.step, _carry_state(before, recipe)
        evaluation = self._evaluate_finite(before.image, recipe, state, step, "the recipe stays as it was")
        record = Record(step, recipe, evaluation.raw, evaluation.losses, parent)
        return _freeze(record, before.image, state, evaluation)

    def restore(self, record: Record, image: Tensor, optimizer_state: Any) -> Iterate:
        """Returns a recorded iterate from its picture and state; gradient and features are computed again."""
        return _freeze(record, image, optimizer_state, self.evaluate(image, record.recipe))

    def replay(self, before: Iterate, record: Record) -> Iterate:
        """Computes the iterate of a record that follows `before`; the losses stay as they were recorded.

        Raises:
            StandstillError: The optimizer finds no step here, though it did when the run was recorded.
        """
        if record.is_enlargement:
            return self.restore(record, *self._enlarge(before))
        if record.is_change:
            return self.restore(record, before.image, _carry_state(before, record.recipe))
        move = self.take_update(before)
        if move.standstill:
            reason = f"{move.standstill}, but a step was found when the run was recorded, by other versions or a device"
            raise StandstillError(describe_standstill(before.record.recipe, before.record.step, reason))
        if move.point is None:
            return self.restore(record, move.image, move.state)
        return _freeze(record, move.image, move.state, move.point.carried)

    def take_update(self, before: Iterate) -> Move:
        """Returns what the step that follows an iterate does; a search on the way costs evaluations."""
        recipe = before.record.recipe

        def evaluate(image: Tensor) -> Point:
            evaluation = self.evaluate(image, recipe)
            is_finite = evaluation.is_finite and are_finite((evaluation.gradient,))
            return Point(image, evaluation.losses["total"], evaluation.gradient, is_finite, evaluation)

        point = Point(before.image, before.record.losses["total"], before.gradient)
        update = OPTIMIZERS[recipe.optimizer_name].update
        return update(recipe.optimizer, before.optimizer_state, point, evaluate)

    def compute_gradient(self, iterate: Iterate, term: str | None) -> Tensor:
        """Returns one weighted term's gradient at an iterate, or the total's, `(H, W, 3) float32`.

        Raises:
            InputError: The recipe has no such term.
        """
        if term is None or term == "total":
            return iterate.gradient
        recipe = iterate.record.recipe
        if term not in recipe.term_weights:
            known = ", ".join((*recipe.term_weights, "total"))
            raise InputError(f'The term is "{term}", but this recipe has {known}; choose one of them.')
        return self.objective(recipe, iterate.image).evaluate(iterate.image, recipe, only=term).gradient

    def compute_features(self, image: Tensor, layers: Iterable[str], recipe: Recipe) -> dict[str, Tensor]:
        """Returns feature maps of any picture, `(h, w, C)` by layer name, in the recipe's pooling and precision."""
        network = convert_network(self._network, recipe.precision)
        return compute_features(network, to_tensor(image), layers, recipe.pooling, self.formulas.preprocess)

    def evaluate(self, image: Tensor, recipe: Recipe) -> Evaluation:
        """Returns losses, gradient and features of any picture of one of the run's sizes, which may be no numbers."""
        return self.objective(recipe, image).evaluate(image, recipe)

    def _enlarge(self, before: Iterate) -> tuple[Tensor, Any]:
        recipe = before.record.recipe
        content = self.images.get_scale(recipe, recipe.plan.find_scale(before.record.step)).content
        return take_enlargement(before, *content.shape[:2])

    def _evaluate_finite(self, image: Tensor, recipe: Recipe, state: Any, step: int, outcome: str) -> Evaluation:
        """Evaluates a picture that the run may go to; a state that is not finite would spoil the steps after it."""
        evaluation = self.evaluate(image, recipe)
        if evaluation.is_finite and are_finite((evaluation.gradient, *list_state_tensors(state).values())):
            return evaluation
        raise DivergedError(find_origin(self.objective(recipe, image), recipe, image, state, evaluation), step, outcome)


def _freeze(record: Record, image: Tensor, optimizer_state: Any, evaluation: Evaluation) -> Iterate:
    return Iterate(record, image, optimizer_state, evaluation.gradient, evaluation.features)


@lru_cache(maxsize=1)
def _place_network(weights: Weights, device: str) -> Network:
    """Runs with the same weights, one after the other or side by side, share one copy of them on the device."""
    with on_device(device):
        return place_network(weights)


def take_enlargement(before: Iterate, height: int, width: int) -> tuple[Tensor, Any]:
    """Returns the picture of an iterate at a larger size, and the optimizer's state that goes on with it there."""
    recipe = before.record.recipe
    optimizer = OPTIMIZERS[recipe.optimizer_name]
    image = enlarge_picture(before.image, height, width, recipe.optimizer.bounds)
    if optimizer.enlarge is None:
        return image, optimizer.init(image)
    return image, optimizer.enlarge(before.optimizer_state, height, width)


def _carry_state(before: Iterate, recipe: Recipe) -> Any:
    """Another optimizer begins with fresh state; other settings of the same one go on with it, as far as it lasts."""
    old = before.record.recipe
    optimizer = OPTIMIZERS[recipe.optimizer_name]
    if type(recipe.optimizer) is not type(old.optimizer):
        return optimizer.init(before.image)
    is_same_loss = replace(old, optimizer=recipe.optimizer) == recipe
    return before.optimizer_state if is_same_loss else optimizer.carry(before.optimizer_state)


def _make_start(content: np.ndarray, style: np.ndarray, recipe: Recipe) -> np.ndarray:
    if recipe.start == "content":
        return content
    if recipe.start == "style":
        return fill_shape(style, *content.shape[:2])
    return np.random.default_rng(recipe.seed).random(content.shape, dtype=np.float32)
