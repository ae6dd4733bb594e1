"""What is compared: features for the content, statistics of features for the style, neighbors for the variation.

Every function returns the plain distance, before any scaling or weight; `conventions` scales it. A new style loss is
a function from features to statistics here, and a row in `LOSSES`.
"""

from collections.abc import Callable

from keras import ops

from nst_explorer.core.tensors import Tensor


def compute_gram(features: Tensor) -> Tensor:
    """Computes the Gram matrix G = FᵀF / M of the M positions of a layer.

    Args:
        features: `(h, w, C) float32`.

    Returns:
        `(C, C) float32`, symmetric: how strongly channels i and j answer at the same places, on average.

    Source: Gatys, Ecker and Bethge (2016), equation 3, here divided by M as in the TensorFlow tutorial.
    """
    height, width, channels = features.shape
    flat = ops.reshape(features, (height * width, channels))
    return ops.matmul(ops.transpose(flat), flat) / (height * width)


def measure_distance(values: Tensor, target: Tensor) -> Tensor:
    """Returns mean((values − target)²) over all values, a scalar float32."""
    return ops.mean(ops.square(values - target))


def measure_variation(image: Tensor) -> Tensor:
    """Returns the anisotropic total variation Σ|Δx| + Σ|Δy| over all channels, a scalar float32.

    Args:
        image: `(H, W, C) float32`.

    Source: Rudin, Osher and Fatemi (1992) in its anisotropic form; the values of `tf.image.total_variation`.
    """
    down: Tensor = ops.sum(ops.abs(image[1:] - image[:-1]))
    across: Tensor = ops.sum(ops.abs(image[:, 1:] - image[:, :-1]))
    return down + across


LOSSES: dict[str, Callable[[Tensor], Tensor]] = {"gram": compute_gram}
"""Style losses: what is computed of a layer's features and compared with the style's."""
