"""What a step costs in work: operations and values, counted from the network's arithmetic alone.

A step's time is that of its products (convolutions forward and back to the picture, Gram matrices) and that of moving
its values through memory (biases, ReLUs, poolings, gradients). The first goes with a machine's rate of products, the
second with its rate of values; a slim network has few products for its values and so reaches a smaller share of the
matrix peak. Two short runs whose mixes differ tell both rates. Handing a layer's work out takes a moment however small
it is; a third run, of next to nothing, tells that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nst_explorer.layers import LAYER_NAMES, LAYERS, measure_map, order_layers

COLORS = 3
KERNEL_VALUES = 9
PER_PRODUCT = 2
"""Operations of a multiplication with its addition."""
PASSES = 2
"""Forward, and the gradient of the input; kernels are not trained."""


@dataclass(frozen=True)
class StepWork:
    """The work of one evaluation: a forward and a backward pass.

    Attributes:
        convolutions: Floating-point operations of the convolutions.
        grams: Floating-point operations of the Gram matrices.
        values: Numbers in all feature maps on the way, each of which is written, read and has a gradient.
        layers: Number of layers on the way.
    """

    convolutions: float
    grams: float
    values: float
    layers: int

    @property
    def operations(self) -> float:
        """Floating-point operations of all matrix products."""
        return self.convolutions + self.grams


@dataclass(frozen=True)
class Rates:
    """How quickly a machine works.

    Attributes:
        operation_seconds: Seconds of one floating-point operation in a product.
        value_seconds: Seconds that each value of a feature map takes beside the products.
        layer_seconds: Seconds that any layer takes, however small.
    """

    operation_seconds: float
    value_seconds: float
    layer_seconds: float


def count_work(
    widths: Mapping[str, int], layers: Iterable[str], style_layers: Iterable[str], height: int, width: int
) -> StepWork:
    """Counts the work of one evaluation.

    Args:
        widths: Channels of each convolution by name.
        layers: Layers in use, content and style; the pass goes down to the deepest.
        style_layers: Those of them whose Gram matrices are compared.
        height: Of the picture in pixels.
        width: Of the picture in pixels.

    Example:
        >>> from nst_explorer.layers import FULL_WIDTHS, name_widths
        >>> layers = ["block1_conv1", "block5_conv1"]
        >>> round(count_work(name_widths(FULL_WIDTHS), layers, layers, 256, 256).convolutions / 1e9, 1)
        94.7
    """
    deepest, compared = order_layers(layers)[-1], set(style_layers)
    convolutions = grams = values = 0.0
    channels = COLORS
    passed = LAYERS[: LAYER_NAMES.index(deepest) + 1]
    for layer in passed:
        rows, columns = measure_map(layer, height, width)
        positions = rows * columns
        if not layer.is_pool:
            convolutions += PASSES * PER_PRODUCT * KERNEL_VALUES * channels * widths[layer.name] * positions
            channels = widths[layer.name]
        values += channels * positions
        if layer.name in compared:
            grams += PASSES * PER_PRODUCT * channels**2 * positions
    return StepWork(convolutions, grams, values, len(passed))


def estimate_seconds(work: StepWork, rates: Rates) -> float:
    """Returns the seconds that the work takes at those rates."""
    return (
        work.operations * rates.operation_seconds
        + work.values * rates.value_seconds
        + work.layers * rates.layer_seconds
    )


def solve_rates(first: tuple[StepWork, float], second: tuple[StepWork, float], layer_seconds: float) -> Rates:
    """Returns the rates under which two pieces of work take the seconds that they took.

    Noise can make one rate come out below 0; it is 0 then, and the other explains the longer of the two alone.

    Args:
        first: Work and its seconds.
        second: Another, with another share of operations among its values.
        layer_seconds: What each of their layers took besides.
    """
    (a, a_seconds), (b, b_seconds) = first, second
    a_seconds, b_seconds = (max(taken - work.layers * layer_seconds, 0.0) for work, taken in (first, second))
    determinant = a.operations * b.values - b.operations * a.values
    operation = (a_seconds * b.values - b_seconds * a.values) / determinant
    value = (a.operations * b_seconds - b.operations * a_seconds) / determinant
    if operation <= 0:
        return Rates(0.0, max(a_seconds / a.values, b_seconds / b.values), layer_seconds)
    if value <= 0:
        return Rates(max(a_seconds / a.operations, b_seconds / b.operations), 0.0, layer_seconds)
    return Rates(operation, value, layer_seconds)
