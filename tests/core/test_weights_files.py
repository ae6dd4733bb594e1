import h5py
import keras
import numpy as np
import pytest

from nst_explorer.core.weights_files import read_weights_file
from nst_explorer.layers import CONVOLUTION_NAMES, LAYER_NAMES

# Keras' own way of turning a variable into an array.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network(build_network):
    keras.utils.set_random_seed(0)
    keras.utils.clear_session()  # counts layers from conv2d again, so that conv2d_2 and conv2d_10 exist
    network = build_network([4] * 12 + [5] * 4)
    network.compile(keras.optimizers.Adam())
    network.optimizer.build(network.trainable_variables)
    return network


def check_against_network(read, network):
    kernels, biases = read
    expected = iter(network.get_weights())
    for name in CONVOLUTION_NAMES:
        np.testing.assert_array_equal(kernels[name], next(expected))
        np.testing.assert_array_equal(biases[name], next(expected))


def check_against_arrays(read, arrays):
    kernels, biases = read
    assert list(kernels) == list(biases) == list(CONVOLUTION_NAMES)
    for name in CONVOLUTION_NAMES:
        assert kernels[name].dtype == biases[name].dtype == np.float32
        np.testing.assert_array_equal(kernels[name], arrays[f"{name}/kernel"])
        np.testing.assert_array_equal(biases[name], arrays[f"{name}/bias"])


def test_npz_gives_the_arrays_that_were_saved(slim_file, slim_arrays):
    check_against_arrays(read_weights_file(slim_file), slim_arrays)


def test_compressed_half_precision_is_read_as_float32(tmp_path, slim_arrays):
    halves = {key: array.astype(np.float16) for key, array in slim_arrays.items()}
    np.savez_compressed(tmp_path / "halves.npz", **halves)
    check_against_arrays(read_weights_file(tmp_path / "halves.npz"), halves)


def test_a_text_beside_the_weights_is_no_weight(tmp_path, slim_arrays, write_npz):
    path = write_npz(tmp_path / "described.npz", slim_arrays | {"provenance": np.array('{"seed": 0}')})
    check_against_arrays(read_weights_file(path), slim_arrays)


def test_big_endian_doubles_are_read_as_float32(tmp_path, slim_arrays, write_npz):
    path = write_npz(tmp_path / "doubles.npz", {key: array.astype(">f8") for key, array in slim_arrays.items()})
    check_against_arrays(read_weights_file(path), slim_arrays)


@pytest.mark.parametrize("top", [False, True])
def test_keras_own_layout_is_read_with_and_without_dense_layers(tmp_path, slim_arrays, top, write_legacy_h5):
    path = write_legacy_h5(tmp_path / "vgg19.h5", slim_arrays, top=top)
    check_against_arrays(read_weights_file(path), slim_arrays)


def test_vgg19_s_names_count_more_than_the_order_in_the_file(tmp_path, slim_arrays, write_legacy_h5):
    path = write_legacy_h5(tmp_path / "backwards.h5", slim_arrays, names=LAYER_NAMES[::-1])
    check_against_arrays(read_weights_file(path), slim_arrays)


def test_other_names_are_taken_in_the_order_that_the_file_lists(tmp_path, slim_arrays, write_legacy_h5):
    letters = [f"{letter}_layer" for letter in "qwertyuiopasdfgh"]
    renamed = {}
    for letter, name in zip(letters, CONVOLUTION_NAMES, strict=True):
        renamed |= {f"{letter}/{kind}": slim_arrays[f"{name}/{kind}"] for kind in ("kernel", "bias")}
    path = write_legacy_h5(tmp_path / "renamed.h5", renamed, names=letters)
    check_against_arrays(read_weights_file(path), slim_arrays)


def test_keras_weights_file_is_read(tmp_path, network):
    network.save_weights(tmp_path / "network.weights.h5")
    check_against_network(read_weights_file(tmp_path / "network.weights.h5"), network)


def test_keras_weights_file_without_any_names_is_read_in_its_numbers_order(tmp_path, network):
    path = tmp_path / "network.weights.h5"
    network.save_weights(path)
    with h5py.File(path, "r+") as file:  # Keras before 3.10 noted no names
        file.visititems(lambda _, node: node.attrs.pop("name", None) and None)
    check_against_network(read_weights_file(path), network)


def test_keras_weights_file_is_matched_by_the_names_that_it_notes(tmp_path):
    names = [*CONVOLUTION_NAMES[1:3], "extra", CONVOLUTION_NAMES[0], *CONVOLUTION_NAMES[3:]]
    layers = [keras.layers.Conv2D(4, 3, name=name) for name in names]
    inputs = keras.Input((40, 40, 3))
    outputs = layers[3](inputs)
    for layer in (*layers[:2], *layers[4:], layers[2]):
        outputs = layer(outputs)
    network = keras.Model(inputs, outputs)
    network.save_weights(tmp_path / "network.weights.h5")
    kernels, _ = read_weights_file(tmp_path / "network.weights.h5")
    for name in CONVOLUTION_NAMES:
        np.testing.assert_array_equal(kernels[name], network.get_layer(name).get_weights()[0])


@pytest.mark.filterwarnings("ignore")
def test_a_whole_saved_model_is_read_without_its_optimizer(tmp_path, network):
    network.save(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5") as file:
        assert "optimizer_weights" in file
    check_against_network(read_weights_file(tmp_path / "model.h5"), network)


def test_the_content_counts_and_not_the_suffix(slim_file, slim_arrays):
    check_against_arrays(read_weights_file(slim_file.rename(slim_file.with_suffix(".h5"))), slim_arrays)
