"""VGG19 as arithmetic: the names of its layers and what follows from kernels of 3 × 3 and poolings of 2 × 2.

Nothing here computes with pixels, so that the network's map, the forms and the checks know the layers without
loading a neural network library.

Source: Simonyan and Zisserman, "Very Deep Convolutional Networks" (2015), table 1, column E.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nst_explorer.errors import InputError, suggest_name

CONVOLUTIONS_PER_BLOCK = (2, 2, 4, 4, 4)
FULL_WIDTHS = (64, 128, 256, 512, 512)
SLIM_WIDTHS = (16, 32, 64, 128, 128)
"""Channels of the built-in network's five blocks, a quarter of VGG19's own."""


@dataclass(frozen=True)
class Layer:
    """One layer of VGG19.

    Attributes:
        name: As Keras calls it, `block3_conv1` or `block3_pool`.
        block: 1 to 5.
        is_pool: Whether it is the pooling that ends its block.
        stride: Pixels of the input between two neighbors of its map.
        receptive_field: Side in pixels of the square of the input that one value sees.
    """

    name: str
    block: int
    is_pool: bool
    stride: int
    receptive_field: int


def _lay_out() -> tuple[Layer, ...]:
    layers, stride, field = [], 1, 1
    for block, convolutions in enumerate(CONVOLUTIONS_PER_BLOCK, 1):
        for convolution in range(1, convolutions + 1):
            field += 2 * stride
            layers.append(Layer(f"block{block}_conv{convolution}", block, False, stride, field))
        field += stride
        stride *= 2
        layers.append(Layer(f"block{block}_pool", block, True, stride, field))
    return tuple(layers)


LAYERS: tuple[Layer, ...] = _lay_out()
LAYER_NAMES: tuple[str, ...] = tuple(layer.name for layer in LAYERS)
CONVOLUTION_NAMES: tuple[str, ...] = tuple(layer.name for layer in LAYERS if not layer.is_pool)
_DEPTHS = {name: depth for depth, name in enumerate(LAYER_NAMES)}


def name_widths(widths: Sequence[int]) -> dict[str, int]:
    """Returns the channels of each convolution, given those of the five blocks.

    Example:
        >>> name_widths(SLIM_WIDTHS)["block3_conv4"]
        64
    """
    return {layer.name: widths[layer.block - 1] for layer in LAYERS if not layer.is_pool}


def find_layer(name: str) -> Layer:
    """Returns the layer of that name.

    Raises:
        InputError: VGG19 has no such layer.

    Example:
        >>> find_layer("block3_conv1").receptive_field
        24
    """
    if name not in _DEPTHS:
        given = str(name)
        raise InputError(
            f'The layer is "{given}", but it must be one of VGG19\'s, block1_conv1 to block5_pool'
            + suggest_name(given, LAYER_NAMES)
        )
    return LAYERS[_DEPTHS[name]]


def order_layers(names: Iterable[str]) -> tuple[str, ...]:
    """Sorts names from the input to the depth of the network, each once."""
    return tuple(sorted(set(names), key=lambda name: _DEPTHS[find_layer(name).name]))


def measure_map(layer: Layer, height: int, width: int) -> tuple[int, int]:
    """Returns the height and width of the layer's map for a picture of that size; every pooling rounds down."""
    for _ in range(layer.block if layer.is_pool else layer.block - 1):
        height, width = height // 2, width // 2
    return height, width


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; `bottom` and `right` are the first row and column beyond it, as in a slice.

    Attributes:
        top: First row.
        left: First column.
        bottom: The row after the last.
        right: The column after the last.
    """

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left


def locate_receptive_field(layer: Layer, row: int, column: int, height: int, width: int) -> Box:
    """Returns the pixels of the picture on which one value of a layer's map can depend.

    Args:
        layer: The map's layer.
        row: Row of the value, from 0.
        column: Its column.
        height: Height of the picture in pixels.
        width: Width of the picture.

    Returns:
        The field, cut where the picture ends: beyond it are zeros, which nothing depends on.

    Source: the definitions of convolution and pooling; sides and strides inside the picture are those of `Layer`.

    Example:
        >>> locate_receptive_field(find_layer("block2_conv1"), 0, 20, 64, 64)
        Box(top=0, left=36, bottom=6, right=46)
    """
    top, bottom = _find_span(layer, row, height)
    left, right = _find_span(layer, column, width)
    return Box(top, left, bottom, right)


def _find_span(layer: Layer, place: int, length: int) -> tuple[int, int]:
    """Goes back from one place of a map to the picture, along one axis; the end is the first place beyond."""
    start, end = place, place + 1
    above = LAYERS[: _DEPTHS[layer.name] + 1]
    for each in reversed(above):
        if each.is_pool:
            start, end = 2 * start, 2 * end
        else:
            start, end = max(0, start - 1), min(length >> (each.block - 1), end + 1)
    return start, end
