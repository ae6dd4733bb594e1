"""The network of a run: the weights that its recipe names, and scaled, where it asks for that, as Gatys et al. did.

What is measured for it are fixed pictures made by code, so that a weights file is always scaled alike. That takes a
forward pass for each of them: about two seconds for VGG19's own widths on two cores, once for each file.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from nst_explorer.core.mean_activations import divide_filters, measure_mean_activations
from nst_explorer.core.weights import Weights, load_weights
from nst_explorer.procedural.families import FAMILIES, paint
from nst_explorer.recipe import Recipe

SIDE = 128
POOLING = "average"
"""As with the paper's normalized network; a run may change its own pooling as it goes."""


def load_network(recipe: Recipe) -> Weights:
    """Loads the weights that a recipe names, normalized if it says so.

    Raises:
        InputError: There are no such weights, or not on this machine.
    """
    weights = load_weights(recipe.weights)
    return _normalize(_Loaded(weights.sha256, weights)) if recipe.normalize_network else weights


@dataclass(frozen=True)
class _Loaded:
    """Weights that are the same if their numbers are, however often they were loaded."""

    sha256: str
    weights: Weights = field(compare=False)


@lru_cache(maxsize=1)
def _normalize(loaded: _Loaded) -> Weights:
    pictures = [paint(family, look=0, seed=0, size=SIDE) for family in FAMILIES]
    return divide_filters(loaded.weights, measure_mean_activations(loaded.weights, pictures, POOLING))
