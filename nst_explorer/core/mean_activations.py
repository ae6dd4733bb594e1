"""Mean activations: how strongly each filter of a network answers on average, and a network scaled to make that 1.

A ReLU lets a positive factor pass. So a filter can be divided by its mean, and the next layer's kernel multiplied by
it, without any change of what the network computes but for the scale of that one map.

Source: Gatys, Ecker and Bethge (2016), section 2: "normalized the network by scaling the weights such that the mean
activation of each convolutional filter over images and positions is equal to one".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import compute_features, place_network
from nst_explorer.core.weights import Weights
from nst_explorer.layers import CONVOLUTION_NAMES

SMALLEST_SHARE = 0.01
"""A filter that hardly answers counts as this share of its layer's mean, so that its noise is not blown up."""


def measure_mean_activations(weights: Weights, images: Iterable[np.ndarray], pooling: str) -> dict[str, np.ndarray]:
    """Measures every filter's mean over images and positions, after the ReLU.

    Args:
        weights: The network.
        images: One or more of (H, W, 3) float32, RGB in [0, 1], all of one size.
        pooling: `max` or `average`.

    Returns:
        Layer name to (channels,) float32, 0 or more.
    """
    (means,) = measure_power_means(weights, images, pooling, (1,))
    return means


def measure_power_means(
    weights: Weights, images: Iterable[np.ndarray], pooling: str, powers: Sequence[int]
) -> tuple[dict[str, np.ndarray], ...]:
    """Measures means of every filter as `measure_mean_activations` does, of several powers in one pass.

    Args:
        weights: The network.
        images: One or more of (H, W, 3) float32, RGB in [0, 1], all of one size.
        pooling: `max` or `average`.
        powers: Of the means, 1 for the usual one. The higher, the more it is the strong answers that count, though they
            be rare: the mean of all values to that power, and its root.

    Returns:
        For each power, layer name to (channels,) float32, 0 or more.
    """
    network = place_network(weights)
    found: list[list[dict[str, np.ndarray]]] = [[] for _ in powers]
    for image in images:
        features = compute_features(network, to_tensor(image), CONVOLUTION_NAMES, pooling)
        arrays = {name: to_array(values) for name, values in features.items()}
        for power, means in zip(powers, found, strict=True):
            means.append({name: (values**power).mean(axis=(0, 1)) for name, values in arrays.items()})
    return tuple(
        {name: np.mean([each[name] for each in means], axis=0) ** (1 / power) for name in CONVOLUTION_NAMES}
        for power, means in zip(powers, found, strict=True)
    )


def divide_filters(weights: Weights, divisors: Mapping[str, np.ndarray]) -> Weights:
    """Divides the answer of every filter by a number of its own: by its mean, it becomes 1 on average.

    Args:
        weights: The network.
        divisors: Layer name to (channels,) float32, 0 or more, such as means measured with these weights.

    Returns:
        The same network but for the scale of each map. Filters that hardly ever answer are divided by more than that.
    """
    kernels, biases = {}, {}
    before = np.ones(3, np.float32)
    for name in CONVOLUTION_NAMES:
        divisor = np.maximum(divisors[name], max(SMALLEST_SHARE * float(divisors[name].mean()), 1e-8))
        kernels[name] = weights.kernels[name] * before[:, None] / divisor
        biases[name] = weights.biases[name] / divisor
        before = divisor
    return replace(weights, kernels=kernels, biases=biases)
