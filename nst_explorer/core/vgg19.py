"""VGG19's features as a function of a picture.

The one place where a picture is in the network's own units: BGR in [0, 255] with the mean of ImageNet subtracted.
Layers are taken after the ReLU. The network ends at its last pooling; only the layers that are asked for, and those
before them, are computed.

Source: Simonyan and Zisserman (2015), configuration E; average pooling as in Gatys, Ecker and Bethge (2016), section 2.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from keras import ops

from nst_explorer.core.tensors import Tensor, to_tensor
from nst_explorer.core.weights import Weights
from nst_explorer.layers import LAYER_NAMES, find_layer, order_layers

MEAN_BGR = np.array([103.939, 116.779, 123.68], np.float32)
CHANNELS_LAST = "channels_last"  # said everywhere: a user's keras.json may hold another default


@dataclass(frozen=True, eq=False)
class Network:
    """The weights as tensors on the device on which they were made.

    Attributes:
        kernels: Layer name to `(3, 3, in, out)`.
        biases: Layer name to `(out,)`.
        precision: Of all of them, and of what is computed with them: `float32`, `bfloat16`, or `float64` for checks.
    """

    kernels: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]
    precision: str = "float32"


def place_network(weights: Weights) -> Network:
    """Copies weights to the present device."""
    return Network(
        {name: to_tensor(kernel) for name, kernel in weights.kernels.items()},
        {name: to_tensor(bias) for name, bias in weights.biases.items()},
    )


def convert_network(network: Network, precision: str) -> Network:
    """Returns the network in another precision, or itself where it is in that one already."""
    return network if precision == network.precision else _cast_network(network, precision)


@lru_cache(maxsize=1)
def _cast_network(network: Network, precision: str) -> Network:
    """All objectives of a run share one copy."""
    return Network(
        {name: ops.cast(kernel, precision) for name, kernel in network.kernels.items()},
        {name: ops.cast(bias, precision) for name, bias in network.biases.items()},
        precision,
    )


def preprocess(image: Tensor) -> Tensor:
    """Turns `(H, W, 3)` RGB in [0, 1] into `(H, W, 3)` BGR with the mean subtracted, the network's input."""
    bgr: Tensor = ops.flip(image, axis=-1)
    return bgr * 255.0 - MEAN_BGR


def enter_network(network: Network, image: Tensor, prepare: Callable[[Tensor], Tensor] = preprocess) -> Tensor:
    """Returns the network's first signal for a picture, `(1, H, W, 3)` in the precision of its weights."""
    return ops.cast(ops.expand_dims(prepare(image), 0), network.precision)


def compute_maps(
    network: Network, signal: Tensor, layers: Iterable[str], pooling: str
) -> tuple[dict[str, Tensor], Tensor]:
    """Computes layers that follow each other.

    Args:
        network: The network's weights.
        signal: `(1, h, w, C)`, what enters the first of them.
        layers: Their names, in the order of the network and without a gap.
        pooling: `max` or `average`.

    Returns:
        Layer name to `(h, w, C)` in the weights' precision, 0 or more; and what leaves the last layer.
    """
    pool = POOLINGS[pooling]
    maps: dict[str, Tensor] = {}
    for name in layers:
        if find_layer(name).is_pool:
            signal = pool(signal, 2, 2, padding="valid", data_format=CHANNELS_LAST)
        else:
            convolved = ops.conv(signal, network.kernels[name], padding="same", data_format=CHANNELS_LAST)
            signal = ops.relu(convolved + network.biases[name])
        maps[name] = ops.squeeze(signal, 0)
    return maps, signal


def compute_features(
    network: Network,
    image: Tensor,
    layers: Iterable[str],
    pooling: str,
    prepare: Callable[[Tensor], Tensor] = preprocess,
) -> dict[str, Tensor]:
    """Computes the layers' feature maps, in one forward pass down to the deepest of them.

    Args:
        network: The network's weights.
        image: `(H, W, 3) float32`, RGB in [0, 1].
        layers: Names such as `block3_conv1` or `block3_pool`.
        pooling: `max` or `average`.
        prepare: Turns the picture into the network's input.

    Returns:
        Layer name to `(h, w, C)` in the weights' precision, 0 or more, in the order of the network.
    """
    features: dict[str, Tensor] = {}
    signal, first = enter_network(network, image, prepare), 0
    for name in order_layers(layers):
        end = LAYER_NAMES.index(name) + 1
        # What nobody asked for is let go at once: at 1024² a single map takes a quarter of a gigabyte.
        for each in LAYER_NAMES[first:end]:
            _, signal = compute_maps(network, signal, [each], pooling)
        features[name], first = ops.squeeze(signal, 0), end
    return features


POOLINGS: dict[str, Callable[..., Tensor]] = {"max": ops.max_pool, "average": ops.average_pool}
