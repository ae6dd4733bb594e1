from dataclasses import replace

import numpy as np
import pytest

from nst_explorer.core.mean_activations import measure_power_means
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import CONVOLUTION_NAMES
from nst_explorer.procedural.filter_balance import STRENGTH_POWER, balance_filters


@pytest.fixture
def weights(slim_weights):
    return load_weights(str(slim_weights))


def test_filters_of_a_layer_become_equally_strong_and_the_layer_s_mean_1(weights, content_image):
    balanced = balance_filters(weights, [content_image], "average")
    means, strengths = measure_power_means(balanced, [content_image], "average", (1, STRENGTH_POWER))
    for name in CONVOLUTION_NAMES:
        assert means[name].mean() == pytest.approx(1, rel=1e-3)
        strong = strengths[name][strengths[name] > 0.5 * strengths[name].max()]
        np.testing.assert_allclose(strong, strengths[name].max(), rtol=1e-3, err_msg=name)
        assert len(strong) >= 0.5 * len(strengths[name]), name


def test_a_filter_that_is_silent_stays_so(weights, content_image):
    biases = dict(weights.biases)
    biases["block3_conv2"] = np.where(np.arange(len(biases["block3_conv2"])) == 0, -1e6, 0).astype(np.float32)
    balanced = balance_filters(replace(weights, biases=biases), [content_image], "average")
    (strengths,) = measure_power_means(balanced, [content_image], "average", (STRENGTH_POWER,))
    assert strengths["block3_conv2"][0] == 0
    assert all(np.isfinite(balanced.kernels[name]).all() for name in CONVOLUTION_NAMES)
