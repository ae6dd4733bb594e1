"""The memory of a step, before it is taken: what the arithmetic of the network says of its peak.

A gradient needs the maps of the forward pass again, from the last to the first, so that all of them are kept until
then; at 1024² that is 1.2 GB of VGG19. Two thirds of that are the first two blocks' maps, and those are computed in a
quarter of the forward pass: where memory is short, they are let go, and computed once more on the way back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nst_explorer.layers import LAYERS, find_layer, measure_map, order_layers

BYTES_PER_VALUE = {"float32": 4, "bfloat16": 2}
BASE_BYTES = 760_000_000
"""Python, TensorFlow and this package after a first step; measured as resident memory on Linux."""
WORKING_MAPS = 7.5
"""How many of the largest map, as float32, are held at once beside those that are kept. Measured, as the next one is,
by peaks of fresh processes at 256², 512² and 1024² with full VGG19: 1.22, 2.15 and, recomputing, 2.88 GB."""
WORKING_MAPS_RECOMPUTING = 5.5
MOST_KEPT_VALUES = 250_000_000
"""Maps of more values are not all kept for the way back, nor returned: 1 GB of float32, full VGG19 at 920². At 1024²
this halves the peak, from 5.8 GB, for a tenth more time (measured at 512²: 1.095 times the processor's)."""
RECOMPUTED_BLOCKS = (1, 2)
_FLOAT32 = 4


@dataclass(frozen=True)
class Route:
    """How a step uses memory.

    Attributes:
        returns_maps: Whether it returns the feature maps that it has computed, to be looked at.
        recomputes: Whether it computes those of `RECOMPUTED_BLOCKS` again on the way back; then it returns none.
    """

    returns_maps: bool = True
    recomputes: bool = False


def choose_route(widths: Mapping[str, int], deepest: str, height: int, width: int) -> Route:
    """Chooses the fastest route whose maps are not too large.

    Args:
        widths: Channels of each convolution by name.
        deepest: The last layer of the loss.
        height: Of the picture in pixels.
        width: Of the picture.
    """
    is_large = sum(count_map_values(widths, deepest, height, width).values()) > MOST_KEPT_VALUES
    return Route(returns_maps=not is_large, recomputes=is_large)


def estimate_peak_bytes(
    widths: Mapping[str, int],
    layers: Iterable[str],
    height: int,
    width: int,
    precision: str = "float32",
    *,
    is_recomputing: bool = False,
) -> int:
    """Estimates the peak of a process's resident memory while it takes steps on a CPU.

    Args:
        widths: Channels of each of the 16 convolutions by name.
        layers: The layers of the loss, one or more.
        height: Of the picture in pixels.
        width: Of the picture.
        precision: Of the convolutions, a key of `BYTES_PER_VALUE`.
        is_recomputing: Whether maps are computed again on the way back.

    Returns:
        Bytes, Python and TensorFlow (`BASE_BYTES`) and two copies of the network included.
    """
    values = count_map_values(widths, order_layers(layers)[-1], height, width)
    size = BYTES_PER_VALUE[precision]
    network = _count_network_bytes(widths)
    networks = 2 * network + (0 if precision == "float32" else network * size // _FLOAT32)
    if is_recomputing:
        freed = {name for name in values if find_layer(name).block in RECOMPUTED_BLOCKS}
        kept = sum(count for name, count in values.items() if name not in freed or name.endswith("_pool"))
        working = WORKING_MAPS_RECOMPUTING
    else:
        # Those of the step before can be looked at until the next ones are there.
        kept, working = 2 * sum(values.values()), WORKING_MAPS
    # Losses are measured in float32, whatever the maps are kept in.
    return BASE_BYTES + networks + kept * size + int(working * max(values.values()) * _FLOAT32)


def count_map_values(widths: Mapping[str, int], deepest: str, height: int, width: int) -> dict[str, int]:
    """Counts the values of every layer's maps from the first to the deepest one in use.

    Args:
        widths: Channels of each convolution by name.
        deepest: The last layer that counts.
        height: Of the picture in pixels.
        width: Of the picture.

    Example:
        >>> from nst_explorer.layers import FULL_WIDTHS, name_widths
        >>> count_map_values(name_widths(FULL_WIDTHS), "block1_conv2", 10, 10)
        {'block1_conv1': 6400, 'block1_conv2': 6400}
    """
    counts, channels = {}, 3
    for layer in LAYERS[: LAYERS.index(find_layer(deepest)) + 1]:
        channels = widths.get(layer.name, channels)
        rows, columns = measure_map(layer, height, width)
        counts[layer.name] = rows * columns * channels
    return counts


def _count_network_bytes(widths: Mapping[str, int]) -> int:
    total, before = 0, 3
    for channels in widths.values():
        total += (9 * before + 1) * channels
        before = channels
    return _FLOAT32 * total
