"""The preset `tensorflow-tutorial` against a plain statement of the tutorial's loop, with Keras' own layers and Adam."""

import keras
import numpy as np
import tensorflow as tf

from nst_explorer import Recipe, Session
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import LAYERS

CONTENT_LAYERS = ["block5_conv2"]
STYLE_LAYERS = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]
STEPS = 10


def build_tutorial_network() -> keras.Model:
    weights = load_weights("random:0")
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


def run_tutorial(content: np.ndarray, style: np.ndarray) -> tuple[list[float], np.ndarray]:
    """The loop of the TensorFlow tutorial: losses at every step before its update, and the last image."""
    network = build_tutorial_network()

    def extract(image):
        outputs = network(keras.applications.vgg19.preprocess_input(image * 255.0))
        grams = []
        for features in outputs[:5]:
            count = tf.cast(tf.shape(features)[1] * tf.shape(features)[2], tf.float32)
            grams.append(tf.linalg.einsum("bijc,bijd->bcd", features, features) / count)
        return grams, outputs[5:]

    style_targets = extract(tf.constant(style[None]))[0]
    content_targets = extract(tf.constant(content[None]))[1]
    image = tf.Variable(content[None])
    optimizer = keras.optimizers.Adam(learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
    totals = []
    for step in range(STEPS + 1):
        with tf.GradientTape() as tape:
            grams, features = extract(image)
            style_loss = tf.add_n([tf.reduce_mean((a - b) ** 2) for a, b in zip(grams, style_targets, strict=True)])
            content_loss = tf.add_n(
                [tf.reduce_mean((a - b) ** 2) for a, b in zip(features, content_targets, strict=True)]
            )
            total = 1e-2 * style_loss / 5 + 1e4 * content_loss / 1 + 30 * tf.image.total_variation(image)[0]
        totals.append(float(total))
        if step < STEPS:
            optimizer.apply_gradients([(tape.gradient(total, image), image)])
            image.assign(tf.clip_by_value(image, 0.0, 1.0))
    return totals, image.numpy()[0]


def test_the_preset_follows_the_tutorials_loop():
    random = np.random.default_rng(0)
    content = random.random((64, 64, 3), dtype=np.float32)
    style = random.random((64, 64, 3), dtype=np.float32) ** 2
    totals, image = run_tutorial(content, style)
    preset = Recipe.preset("tensorflow-tutorial")
    recipe = Recipe.from_json(preset.to_json().replace('"auto"', '"random:0"'))
    session = Session(content, style, recipe)
    session.advance(STEPS)
    np.testing.assert_allclose([record.losses["total"] for record in session.line], totals, rtol=1e-4)
    np.testing.assert_allclose(session.image, image, atol=1e-3)
