"""The three conventions: how a plain distance becomes a term of the loss.

A term is a mean squared distance (or the total variation) times a number that depends on the convention, on the
layer's size and on its target, but not on the picture. That number is computed here, once for each set of targets,
so that a change of convention or weight never needs another network pass or trace.

Source: `mean` is the TensorFlow tutorial "Neural style transfer"; `gatys` is Gatys, Ecker and Bethge (2016), equations
1 and 4, whose Gram matrix is not divided by M; `relative` is ours: weight 1 means the same on every layer and network.
"""

from collections.abc import Callable
from dataclasses import dataclass

SMALLEST_TARGET = 1e-30
"""A target whose mean square is below this is flat: its reciprocal would leave the range of float32."""


@dataclass(frozen=True)
class Target:
    """What a convention needs to know of a target.

    Attributes:
        value_count: Number of values in it.
        mean_square: Their mean square.
        layer_count: Number of layers in the same role.
    """

    value_count: int
    mean_square: float
    layer_count: int

    @property
    def is_flat(self) -> bool:
        """Whether the target is 0 everywhere, so that nothing can be relative to it."""
        return self.mean_square < SMALLEST_TARGET


@dataclass(frozen=True)
class Convention:
    """The factors of the three kinds of terms: content, style, and variation by the number of the picture's values."""

    scale_content: Callable[[Target], float]
    scale_style: Callable[[Target], float]
    scale_variation: Callable[[int], float]


def _average(target: Target) -> float:
    return 1 / target.layer_count


def _relate(target: Target) -> float:
    return 1 / target.layer_count / (1.0 if target.is_flat else target.mean_square)


CONVENTIONS: dict[str, Convention] = {
    "mean": Convention(_average, _average, lambda value_count: 1.0),
    "gatys": Convention(lambda target: target.value_count / 2, lambda target: 1 / 4, lambda value_count: 1.0),
    "relative": Convention(_relate, _relate, lambda value_count: 1 / value_count),
}
