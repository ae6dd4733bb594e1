"""Finite differences: what a gradient must agree with, found by trying.

The picture is moved a little both ways, and the loss is computed for both: `(L(x + h·d) − L(x − h·d)) / 2h`. In
float32 the two losses share nearly all of their seven digits, and their difference is mostly rounding; so they are
computed in double precision, with the same network and targets, where a step of 1e-5 leaves ten digits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from keras import ops

from nst_explorer.core.objective import Objective
from nst_explorer.core.tensors import Tensor, to_number
from nst_explorer.core.terms import measure_terms
from nst_explorer.core.vgg19 import Network
from nst_explorer.core.weights import Weights
from nst_explorer.recipe import Recipe

REACH = 1e-5
"""How far the picture is moved; small beside 1/255, so that hardly any ReLU changes sides on the way."""


@dataclass(frozen=True, eq=False)
class PreciseLoss:
    """A loss in double precision, forward only; made by `place_precisely`.

    Attributes:
        network: Weights as float64.
        targets: Term to its target, float64.
        factors: Term to its factor, scale times weight; a term that is left out has 0.
        objective: Whose loss it is.
    """

    network: Network
    targets: Mapping[str, Tensor]
    factors: Mapping[str, float]
    objective: Objective

    def __call__(self, image: np.ndarray) -> float:
        """Computes the loss of `(H, W, 3) float64`, RGB in [0, 1]."""
        structure = self.objective.structure
        distances, _ = measure_terms(self.network, structure, _to_double(image), self.targets, self.objective.formulas)
        return sum(
            self.factors[term] * to_number(distance)
            for term, distance in zip(structure.terms, distances, strict=True)
            if self.factors[term]
        )


def place_precisely(
    weights: Weights, objective: Objective, recipe: Recipe, shape: tuple[int, ...], term: str | None
) -> PreciseLoss:
    """Returns the loss of an objective in double precision.

    Args:
        weights: The network's.
        objective: Of the recipe's structure.
        recipe: Its weights and convention are used.
        shape: Of the picture, `(H, W, 3)`.
        term: The one weighted term to be computed; None for the total.
    """
    scales, weighted = objective.scale_terms(recipe, int(np.prod(shape))), recipe.term_weights
    return PreciseLoss(
        Network(
            {name: _to_double(kernel) for name, kernel in weights.kernels.items()},
            {name: _to_double(bias) for name, bias in weights.biases.items()},
            "float64",
        ),
        {name: _to_double(target) for name, target in objective.targets.items()},
        {name: scales[name] * weighted[name] * (term in (None, name)) for name in objective.structure.terms},
        objective,
    )


def differentiate_along(
    measure: Callable[[np.ndarray], float], point: np.ndarray, direction: np.ndarray, reach: float = REACH
) -> float:
    """Computes a central difference.

    Args:
        measure: The function.
        point: float64, where.
        direction: Of the same shape; not 0 everywhere.
        reach: How far the point is moved, as a Euclidean length: a single value all of it, many values a little each.

    Returns:
        The derivative along the direction, which for one of length 1 is the slope.

    Example:
        >>> round(differentiate_along(lambda x: float((x**2).sum()), np.array([3.0, 1.0]), np.array([1.0, 0.0])), 6)
        6.0
    """
    length = reach / float(np.linalg.norm(direction))
    ahead, behind = measure(point + length * direction), measure(point - length * direction)
    return (ahead - behind) / (2 * length)


def _to_double(values: Tensor) -> Tensor:
    return ops.cast(ops.convert_to_tensor(values), "float64")
