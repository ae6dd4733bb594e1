import hashlib

import h5py
import numpy as np
import pytest

from nst_explorer.core import imagenet
from nst_explorer.core.smooth import draw_smooth_kernels
from nst_explorer.core.weights import WEIGHTS, Weights, load_weights, resolve_auto
from nst_explorer.errors import InputError
from nst_explorer.layers import CONVOLUTION_NAMES
from nst_explorer.recipe import WEIGHTS_LABELS


@pytest.fixture(scope="module")
def random_weights():
    return load_weights("random")


def write_as_keras_does(path, weights):
    path.parent.mkdir(parents=True)
    with h5py.File(path, "w") as file:
        for name in CONVOLUTION_NAMES:
            file[f"{name}/{name}_W_1:0"] = weights.kernels[name]
            file[f"{name}/{name}_b_1:0"] = weights.biases[name]


def test_every_source_that_the_forms_offer_has_a_loader():
    assert WEIGHTS.keys() == WEIGHTS_LABELS.keys()


def test_vgg19_has_as_many_parameters_as_the_paper_says(random_weights):
    assert random_weights.parameter_count == 20_024_384
    assert random_weights.count_parameters("block5_conv1") == 12_944_960
    assert random_weights.count_parameters("block1_conv1") == 1_792


def test_a_pooling_adds_no_parameters(random_weights):
    assert random_weights.count_parameters("block2_pool") == random_weights.count_parameters("block2_conv2")


def test_counting_up_to_an_unknown_layer_names_the_nearest(random_weights):
    with pytest.raises(InputError, match='did you mean "block5_conv1"'):
        random_weights.count_parameters("block5_cnv1")


def test_random_weights_are_he_normal_with_zero_biases(random_weights):
    for name, kernel in random_weights.kernels.items():
        assert kernel.dtype == np.float32
        expected = np.sqrt(2 / (9 * kernel.shape[2]))
        # The spread of a sample of n normal numbers is known to a part in √(2 n); six of those never happen.
        assert abs(kernel.std() / expected - 1) < 6 / np.sqrt(2 * kernel.size), name
        assert abs(kernel.mean()) < 6 * expected / np.sqrt(kernel.size), name
        assert not random_weights.biases[name].any()


def test_random_weights_start_with_the_first_normal_numbers_of_the_seed():
    first = np.random.default_rng(7).standard_normal(3 * 3 * 3 * 64, dtype=np.float32)
    kernel = load_weights("random:7").kernels["block1_conv1"]
    np.testing.assert_allclose(kernel.ravel(), first * np.sqrt(2 / 27), rtol=1e-6)


def test_the_same_seed_gives_the_same_weights_and_no_seed_is_seed_0(random_weights):
    again = load_weights("random:0")
    assert again.name == random_weights.name == "random:0"
    assert again.sha256 == random_weights.sha256
    assert load_weights("random:1").sha256 != random_weights.sha256


def test_the_digest_covers_names_shapes_and_numbers_in_order(slim_file, slim_arrays):
    text = b"".join(
        f"{key} {array.shape}\n".encode() + array.astype("<f4").tobytes() for key, array in slim_arrays.items()
    )
    assert load_weights(str(slim_file)).sha256 == hashlib.sha256(text).hexdigest()


def test_the_digest_changes_with_a_single_bias(slim_file):
    weights = load_weights(str(slim_file))
    biases = dict(weights.biases)
    biases["block3_conv2"] = biases["block3_conv2"] + np.array([0, 0, 1e-3, 0, 0, 0], np.float32)
    assert Weights(weights.name, weights.kernels, biases).sha256 != weights.sha256


def test_weights_cannot_be_changed(slim_file):
    weights = load_weights(str(slim_file))
    with pytest.raises(ValueError, match="read-only"):
        weights.kernels["block1_conv1"][0] = 0
    with pytest.raises(TypeError):
        weights.kernels["block1_conv1"] = np.zeros(1)  # pyright: ignore[reportIndexIssue]


def test_a_file_gives_its_name_and_its_widths(slim_file):
    weights = load_weights(str(slim_file))
    assert weights.name == "slim.npz"
    assert list(weights.widths) == list(CONVOLUTION_NAMES)
    assert list(weights.widths.values()) == [4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 8]
    assert weights.count_parameters("block1_conv2") == (27 * 4 + 4) + (36 * 4 + 4)


def test_a_path_may_begin_at_the_home_folder(slim_file, monkeypatch):
    monkeypatch.setenv("HOME", str(slim_file.parent))
    assert load_weights("~/slim.npz").name == "slim.npz"


def test_a_file_named_like_a_source_is_a_file(slim_file, monkeypatch):
    monkeypatch.chdir(slim_file.parent)
    slim_file.rename("random:1.npz")
    assert load_weights("random:1.npz").name == "random:1.npz"


def test_smooth_weights_are_the_built_in_network_s_before_its_training():
    weights = load_weights("smooth")
    assert weights.name == "smooth:0"
    assert weights.widths == load_weights("builtin").widths
    assert load_weights("smooth:0").sha256 == weights.sha256
    assert load_weights("smooth:1").sha256 != weights.sha256
    kernels = draw_smooth_kernels(0, weights.widths)
    for name, kernel in weights.kernels.items():  # but for each filter's scale
        ratio = kernel / kernels[name]
        np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0, 0, 0], ratio.shape), rtol=1e-3, err_msg=name)


@pytest.mark.parametrize(
    "spec", ["imagnet", "smooth:", "smooth:x", "builtin:1", "random:", "random:-1", "random:x", "file", ""]
)
def test_an_unknown_source_is_refused_in_the_recipe_s_words(spec):
    with pytest.raises(InputError, match=f'^The weights are "{spec}", but they must be auto, imagenet'):
        load_weights(spec)


def test_imagenet_missing_says_how_to_get_it_and_fetches_nothing(keras_home):
    with pytest.raises(InputError) as error:
        load_weights("imagenet")
    assert "not on this machine" in str(error.value)
    assert "nst-explorer weights fetch (80 MB), or choose the built-in network" in str(error.value)
    assert not keras_home.exists()


def test_auto_is_imagenet_where_it_is_cached_and_the_built_in_network_elsewhere(
    keras_home, random_weights, monkeypatch
):
    assert resolve_auto() == "builtin"
    assert load_weights("auto").name == "builtin"
    # Random numbers in the place and layout of the true file, which cannot be had offline.
    path = keras_home / "models" / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    write_as_keras_does(path, random_weights)
    monkeypatch.setattr(imagenet, "IMAGENET_MD5", hashlib.md5(path.read_bytes()).hexdigest())
    assert resolve_auto() == "imagenet"
    weights = load_weights("auto")
    assert weights.name == "imagenet"
    assert weights.sha256 == random_weights.sha256


def test_a_cached_file_that_is_not_imagenet_s_is_not_loaded(keras_home, slim_file):
    path = keras_home / "models" / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    path.parent.mkdir(parents=True)
    slim_file.rename(path)
    with pytest.raises(InputError, match="but ImageNet's weights have 253f8cb515780f3b799900260a226db6"):
        load_weights("imagenet")
