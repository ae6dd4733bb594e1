import keras
import numpy as np
import pytest

from nst_explorer.core.tensors import to_array
from nst_explorer.core.vgg19 import CHANNELS_LAST
from nst_explorer.procedural.smooth_convolution import PATTERNS, SmoothConvolution


@pytest.fixture
def kernel():
    return np.random.default_rng(0).standard_normal((3, 3, 5, 7)).astype(np.float32)


def make_layer(kernel, dtype="float32"):
    layer = SmoothConvolution(kernel.shape[-1], dtype=keras.DTypePolicy(dtype))
    layer.build((None, 16, 16, kernel.shape[-2]))
    layer.set_kernel(kernel)
    return layer


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_kernel_comes_back_as_it_was_set(kernel, dtype):
    np.testing.assert_allclose(make_layer(kernel, dtype).read_kernel(), kernel, atol=1e-6)


def test_it_convolves_as_keras_own_layer_does(kernel):
    images = np.random.default_rng(1).standard_normal((2, 16, 16, 5)).astype(np.float32)
    usual = keras.layers.Conv2D(7, 3, padding="same", use_bias=False, data_format=CHANNELS_LAST)
    usual.build(images.shape)
    usual.set_weights([kernel])
    np.testing.assert_allclose(to_array(make_layer(kernel)(images)), to_array(usual(images)), atol=1e-5)


def test_equal_steps_of_the_coefficients_change_a_kernel_most_along_the_slow_patterns(kernel):
    layer = make_layer(kernel)
    (before,) = layer.get_weights()
    layer.set_weights([before + 1])
    changes = np.einsum("uvyx,yxio->uvio", PATTERNS, layer.read_kernel() - kernel)[..., 0, 0]
    assert (np.diff(changes, axis=0) < 0).all()
    assert (np.diff(changes, axis=1) < 0).all()


def test_patterns_stand_at_right_angles_and_add_up_to_kernels_of_size_1():
    flat = PATTERNS.reshape(9, 9)
    products = flat @ flat.T
    np.testing.assert_allclose(products, np.diag(np.diag(products)), atol=1e-12)
    drawn = np.random.default_rng(0).standard_normal((10_000, 9)) @ flat
    assert np.sqrt(np.square(drawn).mean()) == pytest.approx(1, rel=0.01)
