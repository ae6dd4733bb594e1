import os
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from nst_explorer.core.weights_files import read_weights_file
from nst_explorer.errors import InputError
from nst_explorer.layers import CONVOLUTION_NAMES

VGG16_NAMES = [name for name in CONVOLUTION_NAMES if name not in ("block3_conv4", "block4_conv4", "block5_conv4")]


def refusal_of(path):
    """The one sentence with which the file is refused, without its beginning."""
    with pytest.raises(InputError) as error:
        read_weights_file(path)
    sentence = str(error.value)
    assert sentence.startswith(f'The weights file "{path}" ')
    assert sentence.endswith(".")
    assert "; " in sentence  # what to do
    assert "\n" not in sentence
    return sentence.removeprefix(f'The weights file "{path}" ')


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert refusal_of(tmp_path / "none.h5") == (
        "does not exist, but it must be a .h5, .weights.h5 or .npz file with the weights of a VGG19; check the path."
    )


def test_a_folder_is_said_to_be_one(tmp_path):
    assert refusal_of(tmp_path).startswith("is a folder, but it must be a .h5")


def test_a_path_that_no_disk_takes_is_said_to_be_unreadable():
    assert refusal_of(Path("x" * 300 + ".h5")).startswith("cannot be read (File name too long), but it must be")


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (tmp_path / "empty.h5").touch()
    assert refusal_of(tmp_path / "empty.h5").startswith("is empty, but it must be")


@pytest.mark.parametrize(
    "content", [b"<html>404</html>", b"version https://git-lfs", b"\x80\x04\x95", b"\x93NUMPY\x01"]
)
def test_another_format_is_said_to_be_neither(tmp_path, content):
    (tmp_path / "other.npz").write_bytes(content)
    assert refusal_of(tmp_path / "other.npz").startswith("is neither HDF5 nor npz, but it must be")


@pytest.mark.parametrize("kept", [0.001, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("suffix", [".npz", ".h5"])
def test_a_file_that_was_cut_off_is_said_to_be(tmp_path, slim_arrays, suffix, kept, write_npz, write_legacy_h5):
    path = tmp_path / f"cut{suffix}"
    (write_npz if suffix == ".npz" else write_legacy_h5)(path, slim_arrays)
    os.truncate(path, int(path.stat().st_size * kept))
    assert refusal_of(path).startswith("is cut off or damaged, but it must be")


def test_a_flipped_bit_in_an_npz_is_found(slim_file):
    content = bytearray(slim_file.read_bytes())
    content[len(content) // 2] ^= 1
    slim_file.write_bytes(content)
    assert refusal_of(slim_file).startswith("is cut off or damaged")


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


def test_pickles_are_refused_and_never_run(tmp_path, slim_arrays, monkeypatch, write_npz):
    monkeypatch.chdir(tmp_path)
    trap = np.empty((3, 3, 3, 4), object)
    trap[...] = Trap()
    path = write_npz(tmp_path / "trap.npz", slim_arrays | {"block1_conv1/kernel": trap})
    assert refusal_of(path) == (
        "holds Python objects as block1_conv1's kernel, but only floats are read; save it as float32."
    )
    assert not Path("sprung").exists()


def test_links_to_other_files_are_not_followed(tmp_path, slim_arrays, write_legacy_h5):
    true = write_legacy_h5(tmp_path / "true.h5", slim_arrays)
    with h5py.File(tmp_path / "links.h5", "w") as file:
        for name in CONVOLUTION_NAMES:
            file[name] = h5py.ExternalLink(true.name, name)
    assert refusal_of(tmp_path / "links.h5").startswith("holds 0 convolutions instead of VGG19's 16")


def test_numbers_that_lie_in_other_files_are_not_read(tmp_path, slim_arrays, write_legacy_h5):
    path = write_legacy_h5(tmp_path / "outside.h5", slim_arrays)
    (tmp_path / "secret").write_bytes(bytes(3 * 3 * 3 * 4 * 4))
    with h5py.File(path, "r+") as file:
        del file["block1_conv1/block1_conv1_W_1:0"]
        file.create_dataset(
            "block1_conv1/block1_conv1_W_1:0", (3, 3, 3, 4), "f4", external=[(str(tmp_path / "secret"), 0, 432)]
        )
    assert refusal_of(path).startswith("holds 15 of VGG19's 16 convolutions (without block1_conv1)")


def test_vgg16_with_names_is_told_by_the_layers_that_are_missing(tmp_path, slim_arrays, write_legacy_h5):
    path = write_legacy_h5(tmp_path / "vgg16.h5", slim_arrays, names=VGG16_NAMES)
    assert refusal_of(path) == (
        "holds 13 of VGG19's 16 convolutions (without block3_conv4, block4_conv4, block5_conv4); "
        "give the file of a VGG19."
    )


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # within Keras
def test_vgg16_without_names_is_told_by_its_number_of_convolutions(tmp_path, build_network):
    build_network([4] * 13).save_weights(tmp_path / "vgg16.weights.h5")
    assert refusal_of(tmp_path / "vgg16.weights.h5") == (
        "holds 13 convolutions instead of VGG19's 16 convolutions; give the file of a VGG19."
    )


def test_a_resnet_is_told_by_its_number_of_convolutions(tmp_path, write_npz):
    names = ["conv1_conv", *(f"conv{stage}_block1_{place}_conv" for stage in range(2, 6) for place in range(1, 4))]
    arrays = {f"{name}/kernel": np.ones((1, 1, 4, 4), np.float32) for name in names}
    path = write_npz(tmp_path / "resnet.npz", arrays)
    assert refusal_of(path).startswith("holds 13 convolutions instead of VGG19's 16 convolutions")


def test_a_zip_of_something_else_holds_no_convolutions(tmp_path):
    with zipfile.ZipFile(tmp_path / "model.npz", "w") as archive:
        archive.writestr("model.weights.h5", b"")
    assert refusal_of(tmp_path / "model.npz").startswith("holds 0 convolutions instead of VGG19's 16")


@pytest.mark.parametrize(
    ("key", "shape", "allowed"),
    [
        ("block1_conv1/kernel", (3, 3, 1, 4), (3, 3, 3, 4)),
        ("block3_conv1/kernel", (3, 3, 5, 6), (3, 3, 4, 6)),
        ("block5_conv4/kernel", (1, 1, 8, 8), (3, 3, 8, 8)),
        ("block5_conv4/kernel", (3, 3, 8, 0), (3, 3, 8, 1)),
        ("block2_conv2/bias", (5,), (4,)),
    ],
)
def test_a_wrong_shape_names_the_layer_and_both_shapes(tmp_path, slim_arrays, write_npz, key, shape, allowed):
    path = write_npz(tmp_path / "wrong.npz", slim_arrays | {key: np.ones(shape, np.float32)})
    what = key.replace("/", "'s ")
    assert refusal_of(path) == f"holds {what} of shape {shape}, but it must be {allowed}; give the file of a VGG19."


def test_a_layer_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path, slim_arrays, write_legacy_h5):
    path = write_legacy_h5(tmp_path / "wide.h5", slim_arrays)
    with h5py.File(path, "r+") as file:
        del file["block1_conv1/block1_conv1_W_1:0"]
        file.create_dataset("block1_conv1/block1_conv1_W_1:0", (3, 3, 3, 10**9), "f4", chunks=True)  # holds no bytes
    assert refusal_of(path) == (
        "gives block1_conv1 1,000,000,000 channels, but it may have 1 to 4,096; give a smaller network."
    )


def test_a_network_without_biases_is_refused(tmp_path, slim_arrays, write_npz):
    del slim_arrays["block4_conv2/bias"]
    path = write_npz(tmp_path / "unbiased.npz", slim_arrays)
    assert refusal_of(path) == "holds 0 biases beside block4_conv2's kernel, but it must be one; add it."


def test_arrays_without_layers_cannot_be_paired(tmp_path, slim_arrays):
    np.savez(tmp_path / "flat.npz", *slim_arrays.values())
    assert refusal_of(tmp_path / "flat.npz").startswith("holds 16 biases beside block1_conv1's kernel")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", ["kernel", "bias"])
def test_a_number_that_is_not_finite_names_its_layer(tmp_path, slim_arrays, kind, value, write_npz):
    slim_arrays[f"block2_conv1/{kind}"][..., 1] = value
    path = write_npz(tmp_path / "nan.npz", slim_arrays)
    assert refusal_of(path) == ("holds NaN or infinite values in block2_conv1, but all must be finite; train it again.")


def test_a_double_beyond_float32_is_refused_as_infinite(tmp_path, slim_arrays, write_npz):
    slim_arrays["block2_conv1/bias"] = np.full(4, 1e300)
    path = write_npz(tmp_path / "huge.npz", slim_arrays)
    assert refusal_of(path).startswith("holds NaN or infinite values in block2_conv1")


def test_integers_are_refused(tmp_path, slim_arrays, write_legacy_h5):
    slim_arrays["block2_conv1/kernel"] = slim_arrays["block2_conv1/kernel"].astype(np.int8)
    path = write_legacy_h5(tmp_path / "integers.h5", slim_arrays)
    assert refusal_of(path) == "holds block2_conv1's kernel as int8, but it must be floats; save it as float32."
