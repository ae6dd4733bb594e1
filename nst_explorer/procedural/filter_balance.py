"""The scale of the built-in network's filters, which decides how much each of them counts in a loss.

Gatys' scale, a mean of 1 for every filter, suits filters that answer to many pictures. A small network trained on
painted patterns has others too: one that answers to a saturated red, say, is silent nearly everywhere, so that its mean
is small, and divided by it, it answers a hundred times as strongly as the rest where there is an apple. Then losses see
the apple alone. So the filters of a layer are made equally strong where they answer, not on average.
"""

from collections.abc import Sequence

import numpy as np

from nst_explorer.core.mean_activations import SMALLEST_SHARE, divide_filters, measure_power_means
from nst_explorer.core.weights import Weights

STRENGTH_POWER = 4
"""Chosen on contact sheets: 1 is Gatys' scale; 2 leaves colored blotches; 8 and the maximum look like 4."""


def balance_filters(weights: Weights, images: Sequence[np.ndarray] | np.ndarray, pooling: str) -> Weights:
    """Scales the filters of each layer to one strength, and each layer to a mean activation of 1.

    Args:
        weights: The network.
        images: One or more of (H, W, 3) float32, RGB in [0, 1], all of one size, or one array of them.
        pooling: `max` or `average`.

    Returns:
        The same network but for the scale of each map. Filters that hardly ever answer stay weaker than the rest.
    """
    means, strengths = measure_power_means(weights, images, pooling, (1, STRENGTH_POWER))
    divisors = {}
    for name, measured in strengths.items():
        strength = np.maximum(measured, SMALLEST_SHARE * measured.mean())
        divisors[name] = strength * np.mean(means[name] / strength)
    return divide_filters(weights, divisors)
