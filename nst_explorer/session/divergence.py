"""Divergence: where in an evaluation a value first was not finite, why that is likely, and what to try.

The parts are walked in the order in which they are computed: the optimizer's memory, the picture, the feature maps from
shallow to deep, their statistics, the terms of the loss, their sum, and last the gradient. What follows from a flaw
is flawed as well, so that only the first one says anything.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from nst_explorer.core.finiteness import NOT_A_NUMBER, name_first_flaw
from nst_explorer.core.objective import Evaluation, Objective
from nst_explorer.core.tensors import Tensor, to_array, to_number, to_tensor
from nst_explorer.errors import InputError
from nst_explorer.layers import LAYER_NAMES, order_layers
from nst_explorer.optimizer_settings import Adam
from nst_explorer.recipe import Recipe

LIMIT = float(np.finfo(np.float32).max)
LIMIT_WORDS = "float32's 3.4e38"


SUBJECTS = {"memory": "The optimizer's memory", "gradient": "The gradient"}
"""What is not finite where it is not the loss."""


@dataclass(frozen=True)
class Origin:
    """Where a value first was not finite.

    Attributes:
        stage: `memory`, `picture`, `target`, `features`, `statistics`, `distance`, `weight`, `sum` or `gradient`.
        term: The first term of the loss that it reaches, or `total`.
        layer: The layer in which it arose, or empty where it arose in none.
        what: What is flawed, as a clause.
        cause: The likely cause, as a clause.
        remedy: What to try, as a clause.
    """

    stage: str
    term: str
    layer: str
    what: str
    cause: str
    remedy: str


class DivergedError(InputError):
    """A step's loss, gradient or optimizer's state is no longer finite. The session stays at its last good step.

    Attributes:
        origin: Where that began.

    Args:
        origin: Where that began.
        step: Which step could not be taken.
        outcome: What follows for the run, as a clause.
    """

    def __init__(self, origin: Origin, step: int, outcome: str) -> None:
        self.origin = origin
        subject = SUBJECTS.get(origin.stage, "The loss")
        place = f"in {origin.layer} " if origin.layer else ""
        super().__init__(
            f"{subject} at step {step} is not a finite number ({origin.term}), so {outcome}: {place}{origin.what}, "
            f"likely since {origin.cause}; {origin.remedy}."
        )


def find_origin(objective: Objective, recipe: Recipe, image: Tensor, state: Any, evaluation: Evaluation) -> Origin:
    """Walks an evaluation that is not finite, or whose gradient or optimizer's state is not.

    Args:
        objective: Whose evaluation it is.
        recipe: Under which it was made.
        image: The picture that was evaluated, `(H, W, 3) float32`.
        state: The optimizer's state that belongs to it, or None where there is none yet.
        evaluation: What came out.

    Raises:
        LookupError: Everything is finite.
    """
    walk = _Walk(objective, recipe, image, evaluation)
    origins = (each for part in (_walk_update(recipe, image, state), walk.features(), walk.terms()) for each in part)
    first = next(origins, None)
    if first is None:
        raise LookupError("every value of this evaluation is finite")
    return first


def _walk_update(recipe: Recipe, image: Tensor, state: Any) -> Iterator[Origin]:
    for name, tensor in list_state_tensors(state).items():
        if flaw := name_first_flaw(tensor):
            yield Origin(
                "memory",
                "total",
                "",
                f"the optimizer's memory ({name}) holds {flaw}",
                "it was given a gradient that is not a number"
                if flaw == NOT_A_NUMBER
                else f"the gradient is so large that its square is beyond {LIMIT_WORDS}",
                "lower the weights of the terms by many powers of ten",
            )
    if flaw := name_first_flaw(image):
        subject, remedy = _judge_length(recipe)
        yield Origin(
            "picture",
            "total",
            "",
            f"the picture itself holds {flaw} after the update",
            f"{subject} or what the optimizer remembers is far too large",
            remedy,
        )


def _judge_length(recipe: Recipe) -> tuple[str, str]:
    """Returns what sets the length of the steps, and how to make them shorter."""
    settings = recipe.optimizer
    if isinstance(settings, Adam):
        return f"the learning rate of {settings.learning_rate:g}", "lower the learning rate, to 0.02 say"
    return f"the first step's length of {settings.first_length:g}", "lower it, to 0.01 say"


@dataclass(frozen=True)
class _Walk:
    objective: Objective
    recipe: Recipe
    image: Tensor
    evaluation: Evaluation

    @cached_property
    def _maps(self) -> Mapping[str, Tensor]:
        return self.evaluation.features or self.objective.compute_features(self.image)

    def features(self) -> Iterator[Origin]:
        for layer in order_layers(self._maps):
            if flaw := name_first_flaw(self._maps[layer]):
                cause, remedy = self._judge_features(layer)
                yield Origin(
                    "features", self._find_term_from(layer), layer, f"the feature maps hold {flaw}", cause, remedy
                )

    def terms(self) -> Iterator[Origin]:
        terms = sorted(self.objective.targets, key=self._place)
        for walk in (self._target, self._statistics, self._distance, self._weight):
            for term in (*terms, "variation") if walk == self._weight else terms:
                yield from walk(term)
        losses = {term: value for term, value in self.evaluation.losses.items() if term != "total"}
        largest = max(losses, key=lambda term: losses[term])
        if not self.evaluation.is_finite:  # though each of them is finite
            yield self._of_weight("sum", largest, f"the sum of the terms is beyond {LIMIT_WORDS}")
        for term in (*terms, "variation"):
            gradient = self.objective.evaluate(self.image, self.recipe, only=term).gradient
            if flaw := name_first_flaw(gradient):
                yield self._of_weight("gradient", term, f"the gradient of {term} holds {flaw}")
        if flaw := name_first_flaw(self.evaluation.gradient):
            yield self._of_weight("gradient", largest, f"the sum of the terms' gradients holds {flaw}")

    def _target(self, term: str) -> Iterator[Origin]:
        if flaw := name_first_flaw(self.objective.targets[term]):
            cause = "the feature maps of that image are too large to be squared, by the network's weights there"
            yield self._of_network("target", term, f"its target holds {flaw}", cause)

    def _statistics(self, term: str) -> Iterator[Origin]:
        if term.startswith("style/"):
            name = "Gram matrix" if self.recipe.style_loss == "gram" else "covariance"
            if name_first_flaw(self._summarize(term)):
                largest = _find_largest(self._maps[_layer_of(term)])
                cause = f"its feature maps go up to {largest:.1e}, and their products are beyond {LIMIT_WORDS}"
                yield self._of_network("statistics", term, f"the {name} overflows", cause)

    def _distance(self, term: str) -> Iterator[Origin]:
        values = self._summarize(term)
        if not np.isfinite(to_number(self.objective.formulas.measure_distance(values, self.objective.targets[term]))):
            cause = f"its values go up to {_find_largest(values):.1e}, and their squares are beyond {LIMIT_WORDS}"
            yield self._of_network("distance", term, "the squared distance to the target overflows", cause)

    def _weight(self, term: str) -> Iterator[Origin]:
        factor = (
            self.objective.scale_terms(self.recipe, math.prod(self.image.shape))[term] * self.recipe.term_weights[term]
        )
        for name, value in (("weighted term", self.evaluation.losses[term]), ("term's factor", factor)):
            if not abs(value) < LIMIT:
                yield self._of_weight("weight", term, f"the {name} is beyond {LIMIT_WORDS}")

    def _summarize(self, term: str) -> Tensor:
        features = to_tensor(self._maps[_layer_of(term)])
        if term.startswith("content/"):
            return features
        return self.objective.formulas.statistics[self.recipe.style_loss](features)

    def _judge_features(self, layer: str) -> tuple[str, str]:
        largest = _find_largest(self.image)
        if largest > 2:  # a picture has values from 0 to 1
            subject, remedy = _judge_length(self.recipe)
            return (
                f"the picture's values go up to {largest:.1e}, since {subject} is far too large",
                f"{remedy}, or give the optimizer bounds",
            )
        return (
            f"the network's weights of {layer}, or of the layers before it, are far too large",
            "check where the weights come from, or take another network",
        )

    def _find_term_from(self, layer: str) -> str:
        """The first term that the layer's values reach."""
        reached = [term for term in self.objective.targets if self._place(term) >= _find_place(layer)]
        return min(reached, key=self._place, default="total")

    def _place(self, term: str) -> int:
        return _find_place(_layer_of(term))

    def _of_network(self, stage: str, term: str, what: str, cause: str) -> Origin:
        remedy = "take the layer out of the loss, or take another network"
        return Origin(stage, term, _layer_of(term), what, cause, remedy)

    def _of_weight(self, stage: str, term: str, what: str) -> Origin:
        weight = self.recipe.term_weights[term]
        role = term.partition("/")[0]
        return Origin(
            stage,
            term,
            _layer_of(term),
            what,
            f"the whole weight of {term}, {weight:.3g}, is huge under the convention {self.recipe.convention}",
            f"lower the {role} weight",
        )


def list_state_tensors(state: Any) -> Mapping[str, Tensor]:
    """Returns the tensors that are fields of an optimizer's state, by name; none where there is no state."""
    if state is None:
        return {}
    values = {each.name: getattr(state, each.name) for each in fields(state)}
    return {name: value for name, value in values.items() if hasattr(value, "shape")}


def _find_place(layer: str) -> int:
    """Returns a layer's place in the network."""
    return LAYER_NAMES.index(layer)


def _layer_of(term: str) -> str:
    return term.partition("/")[2]


def _find_largest(tensor: Tensor) -> float:
    values = np.abs(to_array(tensor))
    return float(values[np.isfinite(values)].max(initial=0.0))
