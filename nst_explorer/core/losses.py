"""What is compared: features for the content, statistics of features for the style, neighbors for the variation.

Every function returns the plain distance, before any scaling or weight; `conventions` scales it. A new style loss is
a function from features to statistics here, and a row in `LOSSES`.
"""

from collections.abc import Callable

from keras import ops

from nst_explorer.core.tensors import Tensor, widen


def compute_gram(features: Tensor) -> Tensor:
    """Computes the Gram matrix G = FᵀF / M of the M positions of a layer.

    Args:
        features: `(h, w, C)`, float32 or bfloat16.

    Returns:
        `(C, C) float32`, symmetric: how strongly channels i and j answer at the same places, on average.

    Source: Gatys, Ecker and Bethge (2016), equation 3, here divided by M as in the TensorFlow tutorial.
    """
    return _multiply_channels(_flatten(features))


def compute_covariance_and_mean(features: Tensor) -> Tensor:
    """Takes the Gram matrix apart, G = Σ + μμᵀ, so that each part has to agree and cannot make up for the other.

    Of a deep layer's Gram matrix most is μμᵀ: that its channels answer at all. Σ is how they differ from place to
    place, around their means μ.

    Args:
        features: `(h, w, C)`, float32 or bfloat16.

    Returns:
        `(2 · C, C) float32`: the covariance Σ, and below it μμᵀ. Their sum is the Gram matrix.

    Source: that statistics other than the Gram matrix describe a style as well is in Li et al., "Demystifying Neural
        Style Transfer" (2017); the form with μμᵀ, which keeps both parts in one unit, is ours.
    """
    flat = widen(_flatten(features))
    mean = ops.mean(flat, axis=0, keepdims=True)
    return ops.concatenate([_multiply_channels(flat - mean), ops.matmul(ops.transpose(mean), mean)], axis=0)


def measure_distance(values: Tensor, target: Tensor) -> Tensor:
    """Returns mean((values − target)²) over all values, a scalar float32."""
    return ops.mean(ops.square(values - target))


def measure_variation(image: Tensor) -> Tensor:
    """Returns the anisotropic total variation Σ|Δx| + Σ|Δy| over all channels, a scalar float32.

    Args:
        image: `(H, W, C) float32`.

    Source: Rudin, Osher and Fatemi (1992) in its anisotropic form; the values of `tf.image.total_variation`.
    """
    variation: Tensor = _sum_jumps(image)
    return variation


@ops.custom_gradient
def _sum_jumps(image: Tensor) -> tuple[Tensor, Callable[..., Tensor]]:
    down, across = image[1:] - image[:-1], image[:, 1:] - image[:, :-1]

    def differentiate(upstream: Tensor) -> Tensor:
        # As sums of shifted signs; the gradients of four slices cost a tenth of the slim network's step.
        down_signs: Tensor = ops.pad(ops.sign(down), ((1, 1), (0, 0), (0, 0)))
        across_signs: Tensor = ops.pad(ops.sign(across), ((0, 0), (1, 1), (0, 0)))
        signs = down_signs[:-1] - down_signs[1:] + across_signs[:, :-1] - across_signs[:, 1:]
        return signs * upstream

    downwards: Tensor = ops.sum(ops.abs(down))
    return downwards + ops.sum(ops.abs(across)), differentiate


def _flatten(features: Tensor) -> Tensor:
    height, width, channels = features.shape
    return ops.reshape(features, (height * width, channels))


@ops.custom_gradient
def _multiply_channels(flat: Tensor) -> tuple[Tensor, Callable[..., Tensor]]:
    count = flat.shape[0]

    def differentiate(upstream: Tensor) -> Tensor:
        # F occurs twice in FᵀF, which on its own would cost two products of this size, one of them transposed.
        # In the maps' own precision, to which it would be rounded anyway.
        return ops.matmul(flat, ops.cast((upstream + ops.transpose(upstream)) / count, flat.dtype))

    wide = widen(flat)
    return ops.matmul(ops.transpose(wide), wide) / count, differentiate


LOSSES: dict[str, Callable[[Tensor], Tensor]] = {
    "gram": compute_gram,
    "covariance": compute_covariance_and_mean,
}
"""Style losses: what is computed of a layer's features and compared with the style's."""
