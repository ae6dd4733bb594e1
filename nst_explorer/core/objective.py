"""The objective: from a picture to the terms of its loss and the gradient, compiled.

What the compiled function depends on is a `Structure`: which layers, which style loss, which pooling, which precision.
Everything else, network, weights, conventions and targets, are its arguments, so that neither a change of them nor a
new run of pictures of the same shapes costs a trace. Targets are computed once for each structure.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from keras import ops

from nst_explorer.core.conventions import CONVENTIONS, Target
from nst_explorer.core.differentiate import Compiled, compile_value_and_gradient
from nst_explorer.core.formulas import FORMULAS, Formulas
from nst_explorer.core.step_memory import Route, choose_route
from nst_explorer.core.structure import Structure
from nst_explorer.core.tensors import Tensor, to_array, to_number, to_tensor
from nst_explorer.core.terms import measure_terms, measure_terms_sparingly
from nst_explorer.core.vgg19 import Network, compute_features, convert_network
from nst_explorer.recipe import Recipe

MOST_COMPILED = 32
"""Structures whose compiled functions are kept; of others they are made anew."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The loss at one picture under one recipe.

    Attributes:
        raw: Term to its value before the weights, scaled by the recipe's convention.
        losses: Term to its weighted value; `total` is their sum and stands last.
        gradient: `(H, W, 3) float32`, of the total with respect to the picture.
        features: The picture's feature maps in every layer that was computed for it, `(h, w, C)` by name, in the
            precision of the convolutions; none where the objective's `route` spares memory.
        is_finite: Whether the value that the gradient was taken of is a number; if not, nothing here can be used.
    """

    raw: Mapping[str, float]
    losses: Mapping[str, float]
    gradient: Tensor
    features: Mapping[str, Tensor]
    is_finite: bool


@dataclass(frozen=True, eq=False)
class Objective:
    """The loss of one structure, between one content and one style image; made by `build_objective`.

    Attributes:
        structure: What it was made for.
        targets: Term to its target: features of the content, statistics of the style.
        target_facts: Term to what a convention needs to know of its target.
        network: The network in the structure's precision.
        route: How the step uses memory.
        compiled: What `compile_structure` returned.
        formulas: What it computes.
    """

    structure: Structure
    targets: Mapping[str, Tensor]
    target_facts: Mapping[str, Target]
    network: Network
    route: Route
    compiled: Compiled
    formulas: Formulas = FORMULAS

    @property
    def flat_terms(self) -> tuple[str, ...]:
        """Terms whose target is 0 everywhere, so that `relative` cannot divide by it and leaves them as `mean`."""
        return tuple(term for term, facts in self.target_facts.items() if facts.is_flat)

    def compute_features(self, image: Tensor) -> dict[str, Tensor]:
        """Computes a picture's feature maps in every layer that the loss needs, as an evaluation may return them."""
        layers, pooling = self.structure.computed_layers, self.structure.pooling
        return compute_features(self.network, image, layers, pooling, self.formulas.preprocess)

    def scale_terms(self, recipe: Recipe, value_count: int) -> dict[str, float]:
        """Returns each term's factor under the recipe's convention, before the weights."""
        convention = CONVENTIONS[recipe.convention]
        scales = {"content": convention.scale_content, "style": convention.scale_style}
        factors = {term: scales[term.partition("/")[0]](facts) for term, facts in self.target_facts.items()}
        return factors | {"variation": convention.scale_variation(value_count)}

    def evaluate(self, image: Tensor, recipe: Recipe, *, only: str | None = None) -> Evaluation:
        """Computes losses and gradient in one forward and one backward pass.

        Args:
            image: `(H, W, 3) float32`, RGB in [0, 1].
            recipe: Of this objective's structure; its weights and convention are used.
            only: A term; the gradient is then that term's alone, weighted. The losses are all there.
        """
        scales = self.scale_terms(recipe, int(np.prod(image.shape)))
        weights = recipe.term_weights
        factors = [scales[term] * weights[term] * (only in (None, term)) for term in self.structure.terms]
        # Beyond float32's range a factor becomes infinite, the loss with it, and the session says so.
        with np.errstate(over="ignore"):
            factors = np.array(factors, np.float64).astype(np.float32)
        network = self.network.kernels, self.network.biases
        _, (numbers, features), gradient = self.compiled(image, *network, self.targets, to_tensor(factors))
        *distances, value = to_array(numbers).tolist()
        values = dict(zip(self.structure.terms, distances, strict=True))
        raw = {term: scales[term] * value for term, value in values.items()}
        losses = {term: weights[term] * value for term, value in raw.items()}
        return Evaluation(raw, losses | {"total": sum(losses.values())}, gradient, features, math.isfinite(value))


def build_objective(
    network: Network,
    structure: Structure,
    content: Tensor,
    style: Tensor,
    route: Route | None = None,
    formulas: Formulas = FORMULAS,
) -> Objective:
    """Computes the targets, one forward pass for each image, and prepares the compiled function.

    The targets are computed in the run's own precision: what bfloat16 rounds alike on both sides cancels.

    Args:
        network: The network's weights, as float32.
        structure: Which layers, style loss, pooling and precision.
        content: `(H, W, 3) float32`, RGB in [0, 1].
        style: The same, of any other height and width.
        route: How the step uses memory; chosen by the size of what it would keep if left out.
        formulas: What is computed.
    """
    network = convert_network(network, structure.precision)
    summarize = formulas.statistics[structure.style_loss]
    pooling, prepare = structure.pooling, formulas.preprocess
    content_features = compute_features(network, content, structure.content_layers, pooling, prepare)
    style_features = compute_features(network, style, structure.style_layers, pooling, prepare)
    targets = {f"content/{name}": to_tensor(features) for name, features in content_features.items()}
    targets |= {f"style/{name}": summarize(features) for name, features in style_features.items()}
    facts = {
        term: Target(
            value_count=int(np.prod(target.shape)),
            mean_square=to_number(ops.mean(ops.square(target))),
            layer_count=formulas.count_layers(structure, term.partition("/")[0]),
        )
        for term, target in targets.items()
    }
    if route is None:
        widths = {name: bias.shape[0] for name, bias in network.biases.items()}
        route = choose_route(widths, structure.computed_layers[-1], *content.shape[:2])
    return Objective(structure, targets, facts, network, route, compile_structure(structure, route, formulas), formulas)


@lru_cache(maxsize=MOST_COMPILED)
def compile_structure(structure: Structure, route: Route, formulas: Formulas) -> Compiled:
    """Compiles what all objectives of a structure and its formulas share, in this run or another.

    Returns:
        `(picture, kernels, biases, targets, factors) -> (value, (numbers, features), gradient)`; the numbers are the
        distances and, last, the value again, so that one transfer brings them all.
    """
    measure_all = measure_terms_sparingly if route.recomputes else measure_terms

    def measure(
        image: Tensor,
        kernels: Mapping[str, Tensor],
        biases: Mapping[str, Tensor],
        targets: Mapping[str, Tensor],
        factors: Tensor,
    ) -> tuple[Tensor, Any]:
        network = Network(kernels, biases, structure.precision)
        distances, features = measure_all(network, structure, image, targets, formulas)
        stacked = ops.stack(distances)
        value = ops.sum(stacked * factors)
        return value, (ops.append(stacked, value), features if route.returns_maps else {})

    return compile_value_and_gradient(measure)
