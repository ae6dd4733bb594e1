import numpy as np
import pytest

from nst_explorer.core.smooth import design_filters, draw_smooth_kernels, make_noise_pictures, standardize_filters
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import Network, compute_features
from nst_explorer.layers import CONVOLUTION_NAMES, CONVOLUTIONS_PER_BLOCK

WIDTHS = dict(zip(CONVOLUTION_NAMES, np.repeat((20, 8, 12, 16, 16), CONVOLUTIONS_PER_BLOCK).tolist(), strict=True))


@pytest.fixture(scope="module")
def kernels():
    return draw_smooth_kernels(0, WIDTHS)


def answer(filters, patch):
    """Returns each filter's answer to one (3, 3, 3) patch in BGR."""
    return np.einsum("yxc,yxco->o", patch, filters)


def test_designed_filters_come_in_opposite_pairs_of_equal_size():
    filters = design_filters()
    assert filters.shape == (3, 3, 3, 16)
    np.testing.assert_array_equal(filters[..., ::2], -filters[..., 1::2])
    np.testing.assert_allclose(np.square(filters).mean(axis=(0, 1, 2)), 1, rtol=1e-6)


def test_the_color_filters_answer_to_their_color_in_bgr():
    filters = design_filters()
    red, green, blue = (np.zeros((3, 3, 3)) + color for color in ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
    brightness, red_green, blue_yellow = 0, 2, 4
    assert answer(filters, red)[red_green] == pytest.approx(-answer(filters, green)[red_green])
    assert answer(filters, red)[red_green] > 0
    assert answer(filters, blue)[red_green] == pytest.approx(0, abs=1e-6)
    assert answer(filters, blue)[blue_yellow] > 0 > answer(filters, red)[blue_yellow]
    gray = answer(filters, red + green + blue)
    assert gray[brightness] > 0
    np.testing.assert_allclose(gray[2:], 0, atol=1e-5)


def test_the_edge_filters_answer_most_to_an_edge_of_their_direction():
    filters = design_filters()[..., 6:14:2]
    y, x = np.mgrid[-1:2, -1:2]
    for direction, ramp in enumerate((x, y, (x + y) / 2**0.5, (x - y) / 2**0.5)):
        answers = np.abs(answer(filters, np.repeat(ramp[..., None], 3, axis=-1)))
        assert answers.argmax() == direction


def test_the_first_layer_begins_with_the_designed_filters(kernels):
    first, designed = kernels["block1_conv1"], design_filters()
    cosines = np.einsum("yxco,yxco->o", first[..., :16], designed) / designed[..., 0].size
    assert cosines.min() > 0.95
    assert first.shape[-1] == 20


def test_smooth_kernels_have_most_of_their_energy_in_low_frequencies(kernels):
    kernel = kernels["block4_conv2"]
    mean = kernel.mean(axis=(0, 1), keepdims=True)
    low = 9 * np.square(mean).sum()  # of white noise, a ninth of the energy
    assert low / np.square(kernel).sum() > 0.35


def test_every_filter_has_the_same_size(kernels):
    for name, kernel in kernels.items():
        assert kernel.dtype == np.float32
        np.testing.assert_allclose(np.square(kernel).mean(axis=(0, 1, 2)), 1, rtol=1e-5, err_msg=name)


def test_standardized_filters_have_mean_0_and_deviation_1_before_the_relu(kernels):
    noise = make_noise_pictures()[:4, :48, :48]
    scaled, biases = standardize_filters(kernels, noise)
    padded = np.pad(noise, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    before_relu = np.einsum("nhwcyx,yxco->nhwo", windows, scaled["block1_conv1"]) + biases["block1_conv1"]
    np.testing.assert_allclose(before_relu.mean(axis=(0, 1, 2)), 0, atol=1e-3)
    np.testing.assert_allclose(before_relu.std(axis=(0, 1, 2)), 1, rtol=1e-3)


def test_a_smooth_network_is_alive_in_every_layer(kernels):
    noise = make_noise_pictures()
    filters, biases = ({name: to_tensor(each[name]) for name in each} for each in standardize_filters(kernels, noise))
    network = Network(filters, biases)
    image = np.clip(noise[0, ..., ::-1] / 255 + 0.45, 0, 1)
    for name, features in compute_features(network, to_tensor(image), CONVOLUTION_NAMES, "average").items():
        assert 0.1 < to_array(features).mean() < 1, name


def test_noise_pictures_are_the_same_each_time_and_mostly_gray():
    noise = make_noise_pictures()
    np.testing.assert_array_equal(noise, make_noise_pictures())
    assert noise.shape == (12, 64, 64, 3)
    assert noise.mean(axis=-1).std() > 2 * (noise - noise.mean(axis=-1, keepdims=True)).std()
