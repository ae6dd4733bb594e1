import numpy as np
import pytest

from nst_explorer.core.mean_activations import divide_filters, measure_mean_activations, measure_power_means
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import compute_features, place_network
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import CONVOLUTION_NAMES


@pytest.fixture
def weights(slim_weights):
    return load_weights(str(slim_weights))


def test_scaled_filters_have_a_mean_activation_of_1(weights, content_image):
    scaled = divide_filters(weights, measure_mean_activations(weights, [content_image], "average"))
    for name, means in measure_mean_activations(scaled, [content_image], "average").items():
        np.testing.assert_allclose(means[means > 0.5], 1, rtol=1e-4, err_msg=name)
        assert (means > 0.5).mean() >= 0.5, name


def test_scaling_changes_each_map_by_one_factor_only(weights, content_image):
    means = measure_mean_activations(weights, [content_image], "max")
    scaled = divide_filters(weights, means)
    before, after = (
        compute_features(place_network(each), to_tensor(content_image), CONVOLUTION_NAMES, "max")
        for each in (weights, scaled)
    )
    for name in CONVOLUTION_NAMES:
        divisor = np.maximum(means[name], 0.01 * means[name].mean())
        np.testing.assert_allclose(to_array(after[name]), to_array(before[name]) / divisor, rtol=1e-3, atol=1e-4)


def test_means_are_taken_over_images_and_positions(weights, content_image):
    flipped = content_image[:, ::-1]
    both = measure_mean_activations(weights, [content_image, flipped], "average")
    single = [measure_mean_activations(weights, [image], "average") for image in (content_image, flipped)]
    for name in CONVOLUTION_NAMES:
        np.testing.assert_allclose(both[name], (single[0][name] + single[1][name]) / 2, rtol=1e-5)


def test_a_higher_power_counts_what_answers_rarely_but_strongly(weights, content_image):
    features = compute_features(place_network(weights), to_tensor(content_image), CONVOLUTION_NAMES, "average")
    means, measured = measure_power_means(weights, [content_image], "average", (1, 4))
    for name in CONVOLUTION_NAMES:
        expected = (to_array(features[name]).astype(np.float64) ** 4).mean(axis=(0, 1)) ** 0.25
        np.testing.assert_allclose(measured[name], expected, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(means[name], to_array(features[name]).mean(axis=(0, 1)), rtol=1e-4, atol=1e-6)
