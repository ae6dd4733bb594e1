"""The preset `tensorflow-tutorial` against a plain statement of the tutorial's loop, with Keras' layers and Adam."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from nst_explorer import Recipe, Session
from nst_explorer.core.weights import Weights, load_weights
from nst_explorer.layers import CONVOLUTION_NAMES, LAYERS, find_layer

pytestmark = pytest.mark.slow  # whole runs: seconds each

CONTENT_LAYERS = ["block5_conv2"]
STYLE_LAYERS = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]


@pytest.fixture(scope="module")
def gentle_weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A weights file whose signals fade with depth, as Keras' default initialization lets them."""
    widths, random, values, width = (16, 32, 64, 64, 64), np.random.default_rng(5), {}, 3
    for name in CONVOLUTION_NAMES:
        wider = widths[find_layer(name).block - 1]
        kernel = random.standard_normal((3, 3, width, wider)) * np.sqrt(0.5 / (9 * width))
        values |= {f"{name}/kernel": kernel.astype(np.float32), f"{name}/bias": np.zeros(wider, np.float32)}
        width = wider
    path = tmp_path_factory.mktemp("gentle") / "gentle.npz"
    np.savez(path, **values)
    return str(path)


@pytest.fixture(scope="module")
def tutorial_images(paint_image) -> tuple[np.ndarray, np.ndarray]:
    """Two pictures of 64 × 64."""
    return paint_image(1, 64, 64), paint_image(2, 64, 64)


def build_tutorial_network(weights: Weights) -> keras.Model:
    signal = inputs = keras.Input((None, None, 3))
    for layer in LAYERS:
        if layer.is_pool:
            signal = keras.layers.MaxPooling2D(2, name=layer.name)(signal)
        else:
            convolution = keras.layers.Conv2D(
                weights.widths[layer.name], 3, padding="same", activation="relu", name=layer.name
            )
            signal = convolution(signal)
            convolution.set_weights([weights.kernels[layer.name], weights.biases[layer.name]])
        if layer.name == "block5_conv2":
            break
    model = keras.Model(inputs, signal)
    outputs = [model.get_layer(name).output for name in STYLE_LAYERS + CONTENT_LAYERS]
    return keras.Model(inputs, outputs)


def run_tutorial(
    weights: Weights, content: np.ndarray, style: np.ndarray, steps: int
) -> tuple[list[float], np.ndarray]:
    """The loop of the TensorFlow tutorial: losses at every step before its update, and the last image."""
    network = build_tutorial_network(weights)

    def extract(image):
        outputs = network(keras.applications.vgg19.preprocess_input(image * 255.0))
        grams = []
        for features in outputs[:5]:
            count = tf.cast(tf.shape(features)[1] * tf.shape(features)[2], tf.float32)
            grams.append(tf.linalg.einsum("bijc,bijd->bcd", features, features) / count)
        return grams, outputs[5:]

    style_targets = extract(tf.constant(style[None]))[0]
    content_targets = extract(tf.constant(content[None]))[1]
    image = tf.Variable(tf.constant(content[None]))
    optimizer = keras.optimizers.Adam(learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
    totals = []
    for step in range(steps + 1):
        with tf.GradientTape() as tape:
            grams, features = extract(image)
            style_loss = tf.add_n([tf.reduce_mean((a - b) ** 2) for a, b in zip(grams, style_targets, strict=True)])
            content_loss = tf.add_n(
                [tf.reduce_mean((a - b) ** 2) for a, b in zip(features, content_targets, strict=True)]
            )
            total = 1e-2 * style_loss / 5 + 1e4 * content_loss / 1 + 30 * tf.image.total_variation(image)[0]
        totals.append(float(total))
        if step < steps:
            optimizer.apply_gradients([(tape.gradient(total, image), image)])
            image.assign(tf.clip_by_value(image, 0.0, 1.0))
    return totals, image.numpy()[0]


def run_preset(weights: str, content: np.ndarray, style: np.ndarray, steps: int) -> tuple[list[float], np.ndarray]:
    session = Session(content, style, replace(Recipe.preset("tensorflow-tutorial"), weights=weights))
    session.advance(steps)
    return [record.losses["total"] for record in session.line], session.image


def test_the_preset_follows_the_tutorials_loop(gentle_weights, tutorial_images):
    content, style = tutorial_images
    expected_totals, expected_image = run_tutorial(load_weights(gentle_weights), content, style, 10)
    totals, image = run_preset(gentle_weights, content, style, 10)
    np.testing.assert_allclose(totals, expected_totals, rtol=1e-4)
    np.testing.assert_allclose(image, expected_image, atol=1e-3)


def test_the_preset_begins_as_the_tutorial_with_the_full_network(tutorial_images):
    # With He-normal weights the loop itself is chaotic, 1e-7 in the picture becomes 4e-2 of the loss in ten steps;
    # before that has grown, all terms have their say here.
    content, style = tutorial_images
    expected_totals, expected_image = run_tutorial(load_weights("random:0"), content, style, 2)
    totals, image = run_preset("random:0", content, style, 2)
    np.testing.assert_allclose(totals, expected_totals, rtol=1e-4)
    np.testing.assert_allclose(image, expected_image, atol=1e-3)
