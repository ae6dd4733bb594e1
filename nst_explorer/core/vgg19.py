"""VGG19's features as a function of a picture.

The one place where a picture is in the network's own units: BGR in [0, 255] with the mean of ImageNet subtracted.
Layers are taken after the ReLU. The network ends at its last pooling; only the layers that are asked for, and those
before them, are computed.

Source: Simonyan and Zisserman (2015), configuration E; average pooling as in Gatys, Ecker and Bethge (2016), section 2.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from keras import ops

from nst_explorer.core.tensors import Tensor, to_tensor
from nst_explorer.core.weights import Weights
from nst_explorer.layers import LAYERS, order_layers

MEAN_BGR = np.array([103.939, 116.779, 123.68], np.float32)
CHANNELS_LAST = "channels_last"  # said everywhere: a user's keras.json may hold another default


@dataclass(frozen=True, eq=False)
class Network:
    """The weights as tensors on the device on which they were made.

    Attributes:
        kernels: Layer name to `(3, 3, in, out) float32`.
        biases: Layer name to `(out,) float32`.
    """

    kernels: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]


def place_network(weights: Weights) -> Network:
    """Copies weights to the present device."""
    return Network(
        {name: to_tensor(kernel) for name, kernel in weights.kernels.items()},
        {name: to_tensor(bias) for name, bias in weights.biases.items()},
    )


def preprocess(image: Tensor) -> Tensor:
    """Turns `(H, W, 3)` RGB in [0, 1] into `(H, W, 3)` BGR with the mean subtracted, the network's input."""
    bgr: Tensor = ops.flip(image, axis=-1)
    return bgr * 255.0 - MEAN_BGR


def compute_features(network: Network, image: Tensor, layers: Iterable[str], pooling: str) -> dict[str, Tensor]:
    """Computes the layers' feature maps, in one forward pass down to the deepest of them.

    Args:
        network: The network's weights.
        image: `(H, W, 3) float32`, RGB in [0, 1].
        layers: Names such as `block3_conv1` or `block3_pool`.
        pooling: `max` or `average`.

    Returns:
        Layer name to `(h, w, C) float32`, 0 or more, in the order of the network.
    """
    wanted = order_layers(layers)
    pool = POOLINGS[pooling]
    features: dict[str, Tensor] = {}
    signal = ops.expand_dims(preprocess(image), 0)
    for layer in LAYERS:
        if len(features) == len(wanted):
            break
        if layer.is_pool:
            signal = pool(signal, 2, 2, padding="valid", data_format=CHANNELS_LAST)
        else:
            convolved = ops.conv(signal, network.kernels[layer.name], padding="same", data_format=CHANNELS_LAST)
            signal = ops.relu(convolved + network.biases[layer.name])
        if layer.name in wanted:
            features[layer.name] = ops.squeeze(signal, 0)
    return features


POOLINGS: dict[str, Callable[..., Tensor]] = {"max": ops.max_pool, "average": ops.average_pool}
