"""The plain loop, as tutorials write it: a Keras model of features, einsum for Grams, Keras' Adam, a tf.function.

It minimizes the objective that it is given in the convention `relative`, times `LOSS_SCALE`: the tutorial's own losses
are in the millions, for which its Adam with ε = 0.1 is set. The smallest loss is at the same picture.
"""

import keras
import numpy as np
import tensorflow as tf

from nst_explorer import Recipe
from nst_explorer.core.weights import Weights
from nst_explorer.layers import LAYERS

LOSS_SCALE = 1e6
POOLINGS = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}


class TutorialLoop:
    """A run that takes a step with each call.

    Attributes:
        image: The picture, a variable `(1, H, W, 3) float32`, RGB in [0, 1].

    Args:
        weights: The network's.
        content: `(H, W, 3) float32`, RGB in [0, 1]; the start as well.
        style: The same.
        recipe: Of the convention `relative`; its layers, weights and pooling are used.
    """

    def __init__(self, weights: Weights, content: np.ndarray, style: np.ndarray, recipe: Recipe) -> None:
        names = recipe.layers
        model = _make_model(weights, names, recipe.pooling)

        def extract(image: tf.Tensor) -> dict[str, tf.Tensor]:
            found = model(keras.applications.vgg19.preprocess_input(image * 255.0))
            return dict(zip(names, found if isinstance(found, list) else [found], strict=True))

        content_features, style_features = extract(tf.constant(content[None])), extract(tf.constant(style[None]))
        content_targets = {name: content_features[name] for name in recipe.content_layers}
        style_targets = {name: _compute_gram(style_features[name]) for name in recipe.style_layers}
        optimizer = keras.optimizers.Adam(learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
        self.image = tf.Variable(tf.constant(content[None]))

        def measure_loss(image: tf.Variable) -> tf.Tensor:
            features = extract(image)
            content_loss = tf.add_n(
                [
                    weight * _compare(features[name], content_targets[name])
                    for name, weight in recipe.content_layers.items()
                ]
            )
            style_loss = tf.add_n(
                [
                    weight * _compare(_compute_gram(features[name]), style_targets[name])
                    for name, weight in recipe.style_layers.items()
                ]
            )
            variation = tf.reduce_sum(tf.image.total_variation(image)) / image.shape.num_elements()
            return (
                recipe.content_weight * content_loss / len(recipe.content_layers)
                + recipe.style_weight * style_loss / len(recipe.style_layers)
                + recipe.variation_weight * variation
            )

        @tf.function
        def train_step(image: tf.Variable) -> tf.Tensor:
            with tf.GradientTape() as tape:
                loss = measure_loss(image)
                scaled = LOSS_SCALE * loss
            optimizer.apply_gradients([(tape.gradient(scaled, image), image)])
            image.assign(tf.clip_by_value(image, 0.0, 1.0))
            return loss

        self._train_step = train_step

    def __call__(self) -> float:
        """Takes a step, and returns the loss before it, not scaled."""
        return float(self._train_step(self.image))


def _make_model(weights: Weights, names: tuple[str, ...], pooling: str) -> keras.Model:
    signal = image = keras.Input((None, None, 3))
    outputs = {}
    for layer in LAYERS:
        if layer.is_pool:
            signal = POOLINGS[pooling](2, name=layer.name)(signal)
        else:
            convolution = keras.layers.Conv2D(
                weights.widths[layer.name], 3, padding="same", activation="relu", name=layer.name
            )
            signal = convolution(signal)
            convolution.set_weights([weights.kernels[layer.name], weights.biases[layer.name]])
        outputs[layer.name] = signal
    model = keras.Model(image, [outputs[name] for name in names])
    model.trainable = False
    return model


def _compute_gram(features: tf.Tensor) -> tf.Tensor:
    shape = tf.shape(features)
    positions = tf.cast(shape[1] * shape[2], tf.float32)
    return tf.linalg.einsum("bijc,bijd->bcd", features, features) / positions


def _compare(values: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean((values - target) ** 2) / tf.reduce_mean(target**2)
