"""The training's command on a tiny set of pictures: it must work in seconds what it does in an hour."""

import hashlib
import shutil
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from nst_explorer.core.builtin import read_provenance
from nst_explorer.core.mean_activations import measure_mean_activations
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import compute_features, place_network
from nst_explorer.core.weights import load_weights
from nst_explorer.errors import InputError
from nst_explorer.layers import CONVOLUTION_NAMES
from nst_explorer.procedural import train as train_module
from nst_explorer.procedural.families import FAMILIES
from nst_explorer.procedural.train import Training, train
from nst_explorer.procedural.training_batches import crop_centers, make_batch
from nst_explorer.procedural.training_checkpoint import count_steps, save_checkpoint
from nst_explorer.procedural.training_network import build_network, fold_blocks, fold_normalization, list_answers
from nst_explorer.procedural.training_pictures import PictureSet, open_pictures, split_pictures

pytestmark = pytest.mark.slow  # tracing a training step takes six seconds, however small the network
PICTURES = PictureSet(tuple(FAMILIES)[:2], looks=2, instances=5, held_back=1, side=40)
TRAINING = Training(
    steps=30, batch=8, side=32, precision="float32", widths=(4, 4, 6, 6, 8), checkpoint_every=20, pictures=PICTURES
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A work folder after a whole training: `slim.npz`, `checkpoint.npz`, and `step20.npz`, a checkpoint on the way."""
    folder = tmp_path_factory.mktemp("training")

    def save_and_keep(network, settings, path):
        save_checkpoint(network, settings, path)
        shutil.copy(path, folder / f"step{count_steps(network)}.npz")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "save_checkpoint", save_and_keep)
        train(TRAINING, folder, folder / "slim.npz")
    return folder


@pytest.fixture
def pictures(folder):
    return np.load(folder / "pictures.npy", mmap_mode="r")


def copy_pictures(folder, other):
    (other / "pictures.npy").hardlink_to(folder / "pictures.npy")
    return other


def test_the_file_holds_a_network_of_the_asked_widths_in_half_precision(folder):
    weights = load_weights(str(folder / "slim.npz"))
    assert list(weights.widths.values()) == [4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 8]
    with np.load(folder / "slim.npz", allow_pickle=False) as file:
        assert {file[name].dtype for name in file.files if name != "provenance"} == {np.dtype(np.float16)}


def test_the_file_says_how_it_was_made(folder, pictures):
    provenance = read_provenance(folder / "slim.npz")
    assert provenance["command"] == "python -m nst_explorer.procedural.train --seed 0 --steps 30 --precision float32"
    assert provenance["settings"]["steps"] == 30
    assert provenance["settings"]["seed"] == 0
    assert provenance["classes"] == 4
    assert provenance["pictures_sha256"] == hashlib.sha256(pictures[:, 0].tobytes()).hexdigest()
    assert provenance["validation_accuracy"] in (0, 0.25, 0.5, 0.75, 1)
    assert "designed filters: edges and color opponents" in provenance["start"]
    assert {"nst-explorer", "tensorflow", "keras", "numpy"} == set(provenance["versions"])


def test_every_layer_s_mean_activation_is_1_over_one_picture_of_each_class(folder, pictures):
    weights = load_weights(str(folder / "slim.npz"))
    means = measure_mean_activations(weights, crop_centers(pictures[:, 0], 32), "average")
    for name in CONVOLUTION_NAMES:
        np.testing.assert_allclose(means[name].mean(), 1, atol=0.02, err_msg=name)  # of float16


def test_a_training_that_was_interrupted_goes_on_at_its_checkpoint_and_ends_at_the_same_weights(
    folder, tmp_path, monkeypatch
):
    copy_pictures(folder, tmp_path)
    shutil.copy(folder / "step20.npz", tmp_path / "checkpoint.npz")
    numbers = []
    monkeypatch.setattr(train_module, "make_batch", lambda *given: numbers.append(given[2]) or make_batch(*given))
    train(TRAINING, tmp_path, tmp_path / "slim.npz")
    assert numbers[:10] == list(range(20, 30))
    whole, resumed = load_weights(str(folder / "slim.npz")), load_weights(str(tmp_path / "slim.npz"))
    for name in CONVOLUTION_NAMES:
        np.testing.assert_allclose(resumed.kernels[name], whole.kernels[name], rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(resumed.biases[name], whole.biases[name], rtol=1e-3, atol=1e-5)


def test_a_folder_with_another_training_is_refused(folder):
    with pytest.raises(InputError, match=r"holds a training with the settings .*give another folder, or remove it"):
        train(replace(TRAINING, seed=1), folder, folder / "other.npz")


def test_training_moves_every_kernel(folder):
    start = fold_normalization(build_network(4, 32, 0, "float32", TRAINING.widths), "start")
    trained = load_weights(str(folder / "slim.npz"))
    for name in CONVOLUTION_NAMES:
        before, after = start.kernels[name][..., 0].ravel(), trained.kernels[name][..., 0].ravel()
        assert not np.allclose(before / np.linalg.norm(before), after / np.linalg.norm(after), atol=1e-2), name


def test_folding_the_normalization_changes_no_feature():
    keras.utils.set_random_seed(0)
    network = build_network(4, 32, 0, "float32", TRAINING.widths)
    random = np.random.default_rng(0)
    for name in CONVOLUTION_NAMES:
        shape = (4, TRAINING.widths[int(name[5]) - 1])
        network.get_layer(f"{name}_normalized").set_weights(list(random.uniform(0.5, 1.5, shape)))
    image = random.random((32, 32, 3), dtype=np.float32)
    folded = place_network(fold_normalization(network, "folded"))
    features = compute_features(folded, to_tensor(image), CONVOLUTION_NAMES, "average")
    activations = [layer.output for layer in network.layers if isinstance(layer, keras.layers.ReLU)]
    expected = keras.Model(network.input, activations).predict_on_batch(image[None])
    for name, values in zip(CONVOLUTION_NAMES, expected, strict=True):
        np.testing.assert_allclose(to_array(features[name]), values[0], rtol=1e-4, atol=1e-5, err_msg=name)


def test_a_batch_follows_from_the_seed_and_its_number(pictures):
    once, again = (make_batch(pictures, 3, 7, 8, 32) for _ in range(2))
    np.testing.assert_array_equal(once.images, again.images)
    np.testing.assert_array_equal(once.shares, again.shares)
    assert not np.array_equal(once.images, make_batch(pictures, 3, 8, 8, 32).images)
    assert not np.array_equal(once.images, make_batch(pictures, 4, 7, 8, 32).images)


def test_every_place_of_a_batch_is_shared_out_among_the_classes(pictures):
    batch = make_batch(pictures, 0, 0, 8, 32)
    np.testing.assert_allclose(batch.shares.sum(axis=-1), 1, atol=1e-6)
    assert set(np.unique(batch.shares[4:])) == {0, 1}
    assert batch.targets.min() >= 0
    assert batch.targets.max() <= 1


class CountedPictures:
    """Three classes of four pictures that count how often each is asked for."""

    shape = (3, 4, 40, 40, 3)

    def __init__(self):
        self.counts = np.zeros(self.shape[:2], int)

    def __getitem__(self, place):
        self.counts[place] += 1
        return np.zeros(self.shape[2:], np.uint8)


def test_every_epoch_shows_each_picture_once():
    pictures: Any = CountedPictures()
    for number in range(6):
        make_batch(pictures, 0, number, 4, 16)
        if number == 2:
            np.testing.assert_array_equal(pictures.counts, 1)
    np.testing.assert_array_equal(pictures.counts, 2)


def test_blocks_are_folded_row_by_row():
    image = np.arange(4 * 4 * 3).reshape(1, 4, 4, 3)
    folded = fold_blocks(image, 2)
    assert folded.shape == (1, 2, 2, 12)
    np.testing.assert_array_equal(folded[0, 1, 0], image[0, 2:4, 0:2].ravel())


def test_what_is_rebuilt_at_a_quarter_is_the_mean_of_each_block(pictures):
    batch = make_batch(pictures, 0, 0, 8, 32)
    answers = list_answers(batch)
    assert {name: each.shape for name, each in answers.items()} == {
        "class": (8, 4),
        "places": (8, 2, 2, 4),
        "block3_conv1": (8, 8, 8, 12),
        "block4_conv2": (8, 4, 4, 12),
        "block5_conv2": (8, 2, 2, 12),
    }
    np.testing.assert_allclose(
        answers["block4_conv2"][0, 0, 0, :3], batch.targets[0, :4, :4].mean(axis=(0, 1)), rtol=1e-5
    )


def test_crops_are_turned_to_every_side_and_none_reaches_over_the_mirrored_edge():
    """A slope of brightness turns with its picture; black, which no picture has, would show from beyond the edge."""
    slope = np.broadcast_to(np.linspace(60, 200, 160).astype(np.uint8)[:, None], (160, 160))
    pictures = np.broadcast_to(slope[..., None], (1, 48, 160, 160, 3))
    batch = make_batch(pictures, 0, 0, 48, 128)
    images = batch.targets[24:].mean(axis=-1)  # the other half is blended
    assert images.min() > 0.05
    down, right = (np.diff(images, axis=axis).mean(axis=(1, 2)) for axis in (1, 2))
    octants = np.unique(np.floor(np.arctan2(down, right) / (np.pi / 4)))
    assert len(octants) == 8


def test_pictures_are_painted_once_and_again_when_the_painters_have_changed(folder, tmp_path):
    copy_pictures(folder, tmp_path)
    time = (tmp_path / "pictures.npy").stat().st_mtime_ns
    open_pictures(PICTURES, tmp_path)
    assert (tmp_path / "pictures.npy").stat().st_mtime_ns == time
    fewer = replace(PICTURES, instances=2)
    assert open_pictures(fewer, tmp_path).shape == (4, 2, 40, 40, 3)
    changed = np.array(open_pictures(fewer, tmp_path))
    changed[0, 0] = 255 - changed[0, 0]
    np.save(tmp_path / "pictures.npy", changed)
    assert not np.array_equal(open_pictures(fewer, tmp_path)[0, 0], changed[0, 0])


def test_no_picture_is_both_learned_from_and_held_back(pictures):
    known, held_back = split_pictures(pictures, PICTURES)
    assert known.shape[:2] == (4, 4)
    assert held_back.shape[:2] == (4, 1)
    np.testing.assert_array_equal(np.concatenate([known, held_back], axis=1), pictures)
