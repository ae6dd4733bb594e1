"""The network in training: a slim VGG19 with batch normalization, and heads that are thrown away afterwards.

It learns two things at once. A head on the deepest layer names the picture's class, as a whole and place by place; and
linear heads on three layers rebuild the picture, so that a layer keeps what is there as well as what it is called.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from nst_explorer.core.smooth import draw_smooth_kernels
from nst_explorer.core.vgg19 import CHANNELS_LAST, preprocess
from nst_explorer.core.weights import Weights
from nst_explorer.layers import CONVOLUTION_NAMES, LAYERS, find_layer, name_widths
from nst_explorer.procedural.smooth_convolution import SmoothConvolution
from nst_explorer.procedural.training_batches import Batch

REBUILDS = {"block3_conv1": 2, "block4_conv2": 4, "block5_conv2": 8}
"""Layers that rebuild the picture, and how many times smaller than it is: 2 × 2 pixels at each position of a layer.

More of them would ask a layer where in its cell of the grid a line runs, and so for filters along rows and columns.
"""
PRECISIONS = {"bfloat16": "mixed_bfloat16", "float32": "float32"}
"""Number formats of the convolutions in training, with Keras' names for them. The weights are float32 in both."""
_INPUT_SCALE = 63.75  # a quarter of 255: brings the input to about 1
_KERNEL_SIZE = 0.045
"""Root mean square of a kernel at the start: small beside Adam's steps, so that the shallow layers move, too."""
_EPSILON = 1e-5
_WARM_UP_STEPS = 150


def build_network(class_count: int, side: int, seed: int, precision: str, widths: Sequence[int]) -> keras.Model:
    """Builds the network with its heads, from smooth kernels and designed first filters.

    Args:
        class_count: Number of classes.
        side: Side of the pictures in pixels, a multiple of 16.
        seed: Of the kernels.
        precision: A key of `PRECISIONS`.
        widths: Channels of the five blocks.

    Returns:
        A model from (n, side, side, 3) RGB in [0, 1] to a dict: `class`, logits of the whole picture; `places`, logits
        of each place; and for each layer of `REBUILDS` the picture, folded as `fold_blocks` does.
    """
    policy = keras.DTypePolicy(PRECISIONS[precision])
    images = keras.Input((side, side, 3))
    signal = preprocess(images) / _INPUT_SCALE
    features = {}
    for layer in LAYERS[:-1]:
        if layer.is_pool:
            pool = keras.layers.AveragePooling2D(2, data_format=CHANNELS_LAST, dtype=policy, name=layer.name)
            signal = pool(signal)
            continue
        convolve = SmoothConvolution(widths[layer.block - 1], dtype=policy, name=layer.name)
        normalize = keras.layers.BatchNormalization(
            momentum=0.9, epsilon=_EPSILON, dtype=policy, name=f"{layer.name}_normalized"
        )
        signal = keras.layers.ReLU(dtype=policy)(normalize(convolve(signal)))
        features[layer.name] = signal
    outputs = {"places": _add_head("places", signal, class_count, seed)}
    outputs["class"] = keras.layers.GlobalAveragePooling2D(data_format=CHANNELS_LAST)(outputs["places"])
    for name in REBUILDS:
        outputs[name] = _add_head(f"{name}_rebuilt", features[name], 3 * _block_side(name) ** 2, seed)
    network = keras.Model(images, outputs)
    for name, kernel in draw_smooth_kernels(seed, name_widths(widths)).items():
        _find_convolution(network, name).set_kernel(_KERNEL_SIZE * kernel)
    return network


def prepare_training(network: keras.Model, steps: int) -> None:
    """Gives the network its losses and its optimizer: AdamW, warmed up, then slowed down along a cosine.

    Args:
        network: As built.
        steps: How many steps it will take.
    """
    name_classes, rebuild = keras.losses.CategoricalCrossentropy, keras.losses.MeanAbsoluteError
    losses = {"class": name_classes(from_logits=True, label_smoothing=0.05), "places": name_classes(from_logits=True)}
    warm_up = min(_WARM_UP_STEPS, steps // 4)
    rate: Any = keras.optimizers.schedules.CosineDecay(
        4e-5, steps - warm_up, alpha=0.003, warmup_target=2e-3, warmup_steps=warm_up
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=0.03, beta_1=0.9, beta_2=0.98, epsilon=1e-8, global_clipnorm=5.0
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    network.compile(
        optimizer,
        loss=losses | {name: rebuild() for name in REBUILDS},
        loss_weights={"class": 1.0, "places": 0.5} | dict.fromkeys(REBUILDS, 4.0),
        jit_compile=False,  # pyright: ignore[reportArgumentType] (Keras' signature says str; XLA is slower here)
    )
    optimizer.build(network.trainable_variables)


def list_answers(batch: Batch) -> dict[str, np.ndarray]:
    """Returns what the network's outputs should be for a batch, by their names."""
    answers = {"class": batch.shares.mean(axis=(1, 2)), "places": batch.shares}
    for name, reduction in REBUILDS.items():
        answers[name] = fold_blocks(_reduce(batch.targets, reduction), _block_side(name))
    return answers


def fold_blocks(images: np.ndarray, side: int) -> np.ndarray:
    """Folds every block of side × side pixels into one position: (n, H, W, 3) to (n, H / side, W / side, 3 · side²)."""
    count, height, width, channels = images.shape
    blocks = images.reshape(count, height // side, side, width // side, side, channels).swapaxes(2, 3)
    return blocks.reshape(count, height // side, width // side, side * side * channels)


def fold_normalization(network: keras.Model, name: str) -> Weights:
    """Returns the network without heads and batch normalization, which becomes part of its kernels and biases.

    Args:
        network: As built, trained or not.
        name: What the weights shall be called.

    Returns:
        Weights for BGR in [0, 255] with the mean subtracted.
    """
    kernels, biases = {}, {}
    for layer in CONVOLUTION_NAMES:
        kernel = _find_convolution(network, layer).read_kernel()
        gamma, beta, mean, variance = network.get_layer(f"{layer}_normalized").get_weights()
        factor = gamma / np.sqrt(variance + _EPSILON)
        kernels[layer], biases[layer] = kernel * factor, beta - mean * factor
    kernels[CONVOLUTION_NAMES[0]] /= _INPUT_SCALE
    return Weights(name, kernels, biases)


def _find_convolution(network: keras.Model, name: str) -> SmoothConvolution:
    layer = network.get_layer(name)
    assert isinstance(layer, SmoothConvolution)
    return layer


def _add_head(name: str, features: keras.KerasTensor, channels: int, seed: int) -> keras.KerasTensor:
    start: Any = keras.initializers.GlorotUniform(seed)
    head = keras.layers.Conv2D(
        channels, 1, kernel_initializer=start, data_format=CHANNELS_LAST, dtype="float32", name=name
    )
    return head(features)


def _block_side(name: str) -> int:
    """Pixels of the rebuilt picture beside each other in one position of the layer."""
    return find_layer(name).stride // REBUILDS[name]


def _reduce(images: np.ndarray, factor: int) -> np.ndarray:
    count, height, width, channels = images.shape
    return images.reshape(count, height // factor, factor, width // factor, factor, channels).mean(axis=(2, 4))
