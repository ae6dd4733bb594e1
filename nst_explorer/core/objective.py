"""The objective: from a picture to the terms of its loss and the gradient, compiled.

What the compiled function depends on is a `Structure`: which layers, which style loss, which pooling. Everything else,
weights, conventions and targets, are its arguments, so that a change of them costs no trace. Targets are computed once
for each structure.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from nst_explorer.core.conventions import CONVENTIONS, Target
from nst_explorer.core.differentiate import Compiled, compile_value_and_gradient
from nst_explorer.core.losses import LOSSES, measure_distance, measure_variation
from nst_explorer.core.tensors import Tensor, to_array, to_number, to_tensor
from nst_explorer.core.vgg19 import Network, compute_features
from nst_explorer.layers import LAYER_NAMES
from nst_explorer.recipe import Recipe


@dataclass(frozen=True)
class Structure:
    """What the compiled function is made for; two recipes of one structure share it.

    Attributes:
        content_layers: Names, from shallow to deep.
        style_layers: Names, from shallow to deep.
        style_loss: A key of `LOSSES`.
        pooling: `max` or `average`.
    """

    content_layers: tuple[str, ...]
    style_layers: tuple[str, ...]
    style_loss: str
    pooling: str

    @classmethod
    def of(cls, recipe: Recipe) -> "Structure":
        """Returns the structure of a recipe."""
        return cls(tuple(recipe.content_layers), tuple(recipe.style_layers), recipe.style_loss, recipe.pooling)

    @property
    def computed_layers(self) -> tuple[str, ...]:
        """Every layer from the first to the deepest one in use."""
        used = (*self.content_layers, *self.style_layers)
        return LAYER_NAMES[: 1 + max(LAYER_NAMES.index(name) for name in used)]

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms: `content/LAYER` …, `style/LAYER` …, `variation`."""
        content = tuple(f"content/{name}" for name in self.content_layers)
        style = tuple(f"style/{name}" for name in self.style_layers)
        return (*content, *style, "variation")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The loss at one picture under one recipe.

    Attributes:
        raw: Term to its value before the weights, scaled by the recipe's convention.
        losses: Term to its weighted value; `total` is their sum and stands last.
        gradient: `(H, W, 3) float32`, of the total with respect to the picture.
        features: The picture's feature maps in every layer that was computed for it, `(h, w, C) float32` by name.
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
        compiled: The compiled function, `(picture, targets, factors) -> (value, (distances, features), gradient)`.
    """

    structure: Structure
    targets: Mapping[str, Tensor]
    target_facts: Mapping[str, Target]
    compiled: Compiled

    @property
    def flat_terms(self) -> tuple[str, ...]:
        """Terms whose target is 0 everywhere, so that `relative` cannot divide by it and leaves them as `mean`."""
        return tuple(term for term, facts in self.target_facts.items() if facts.is_flat)

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
        value, (distances, features), gradient = self.compiled(image, self.targets, to_tensor(factors))
        values = dict(zip(self.structure.terms, to_array(distances).tolist(), strict=True))
        raw = {term: scales[term] * value for term, value in values.items()}
        losses = {term: weights[term] * value for term, value in raw.items()}
        is_finite = math.isfinite(to_number(value))
        return Evaluation(raw, losses | {"total": sum(losses.values())}, gradient, features, is_finite)


def build_objective(network: Network, structure: Structure, content: Tensor, style: Tensor) -> Objective:
    """Computes the targets, one forward pass for each image, and prepares the compiled function.

    Args:
        network: The network's weights.
        structure: Which layers, style loss and pooling.
        content: `(H, W, 3) float32`, RGB in [0, 1].
        style: The same, of any other height and width.
    """
    summarize = LOSSES[structure.style_loss]
    content_features = compute_features(network, content, structure.content_layers, structure.pooling)
    style_features = compute_features(network, style, structure.style_layers, structure.pooling)
    targets = {f"content/{name}": features for name, features in content_features.items()}
    targets |= {f"style/{name}": summarize(features) for name, features in style_features.items()}
    counts = {"content": len(content_features), "style": len(style_features)}
    facts = {
        term: Target(
            value_count=int(np.prod(target.shape)),
            mean_square=to_number(ops.mean(ops.square(target))),
            layer_count=counts[term.partition("/")[0]],
        )
        for term, target in targets.items()
    }

    def measure(image: Tensor, targets: Mapping[str, Tensor], factors: Tensor) -> tuple[Tensor, Any]:
        distances, features = measure_terms(network, structure, image, targets)
        stacked = ops.stack(distances)
        return ops.sum(stacked * factors), (stacked, features)

    return Objective(structure, targets, facts, compile_value_and_gradient(measure))


def measure_terms(
    network: Network, structure: Structure, image: Tensor, targets: Mapping[str, Tensor]
) -> tuple[list[Tensor], dict[str, Tensor]]:
    """Computes every term before scaling and weights, in the order of `structure.terms`, and all features on the way.

    Args:
        network: The network's weights, of the picture's precision.
        structure: Which terms.
        image: `(H, W, 3)`, RGB in [0, 1].
        targets: Term to its target, of the same precision.
    """
    # Layers on the way are computed anyhow; returned as well, they can be looked at without another pass.
    features = compute_features(network, image, structure.computed_layers, structure.pooling)
    values = {f"content/{name}": features[name] for name in structure.content_layers}
    summarize = LOSSES[structure.style_loss]
    values |= {f"style/{name}": summarize(features[name]) for name in structure.style_layers}
    distances = [measure_distance(values[term], targets[term]) for term in structure.terms[:-1]]
    return [*distances, measure_variation(image)], features
