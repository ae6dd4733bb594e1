"""The built-in network as it is shipped: what the command wrote must be what the package says of it."""

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.builtin import locate_builtin, read_provenance
from nst_explorer.core.mean_activations import measure_mean_activations, measure_power_means
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import compute_features, place_network
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import SLIM_WIDTHS, name_widths
from nst_explorer.procedural.families import FAMILIES, paint
from nst_explorer.procedural.filter_balance import STRENGTH_POWER
from nst_explorer.procedural.train import Training
from nst_explorer.procedural.training_batches import crop_centers
from nst_explorer.procedural.training_pictures import PictureSet, fingerprint_pictures, paint_picture
from nst_explorer.samples import open_sample


@pytest.fixture(scope="module")
def builtin():
    return load_weights("builtin")


def test_the_file_is_small_and_in_half_precision():
    assert locate_builtin().stat().st_size <= 4e6
    with np.load(locate_builtin(), allow_pickle=False) as file:
        assert {file[name].dtype for name in file.files if name != "provenance"} == {np.dtype(np.float16)}


def test_it_is_a_vgg19_of_a_quarter_of_the_channels(builtin):
    assert builtin.name == "builtin"
    assert builtin.widths == name_widths(SLIM_WIDTHS)
    assert builtin.parameter_count == 1_252_880
    for name in builtin.kernels:
        assert np.isfinite(builtin.kernels[name]).all()
        assert np.isfinite(builtin.biases[name]).all()


def test_its_provenance_names_the_command_as_it_is_now():
    provenance = read_provenance(locate_builtin())
    now = Training()
    settings = provenance["settings"]
    assert (settings["seed"], settings["steps"], settings["precision"]) == (now.seed, now.steps, now.precision)
    assert settings["pictures"]["families"] == list(FAMILIES)
    assert provenance["command"].endswith(f"--seed {now.seed} --steps {now.steps} --precision {now.precision}")
    assert provenance["validation_accuracy"] > 50 / provenance["classes"]  # fifty times better than chance


@pytest.fixture(scope="module")
def firsts():
    """One picture of each class."""
    chosen = PictureSet()
    return np.stack([paint_picture(chosen, number, 0) for number in range(chosen.class_count)])


@pytest.mark.slow
def test_the_painters_have_not_changed_since_it_was_trained(firsts):
    assert fingerprint_pictures(firsts[:, None]) == read_provenance(locate_builtin())["pictures_sha256"]


@pytest.mark.slow
def test_its_layers_answer_with_1_on_average_and_their_filters_equally_strongly(builtin, firsts):
    crops = crop_centers(firsts, Training().side)
    means, strengths = measure_power_means(builtin, crops, "average", (1, STRENGTH_POWER))
    for name, values in strengths.items():
        np.testing.assert_allclose(means[name].mean(), 1, atol=0.02, err_msg=name)
        alive = values[values > 0.1 * values.max()]  # filters that hardly answer stay below
        np.testing.assert_allclose(alive, np.median(values), rtol=0.03, err_msg=name)
        assert len(alive) >= 0.95 * len(values), name


def test_a_saturated_color_does_not_drown_the_rest_of_the_picture(builtin):
    picture = np.full((96, 96, 3), 0.9, np.float32)
    picture[32:64, 32:64] = 0.9, 0.05, 0.05
    features = compute_features(place_network(builtin), to_tensor(picture), ("block4_conv2",), "average")
    energies = (to_array(features["block4_conv2"]) ** 2).sum(axis=-1)
    assert energies.max() <= 60 * np.median(energies)  # with a mean of 1 for every filter it is 986 times


def test_it_sees_edges_and_colors_and_hardly_a_filter_is_dead(builtin):
    pictures = [paint(family, 0, seed=99, size=96) for family in FAMILIES]
    means = measure_mean_activations(builtin, pictures, "average")
    assert sum((values < 0.01).sum() for values in means.values()) <= 0.02 * sum(map(len, means.values()))


@pytest.mark.slow
@pytest.mark.parametrize("style", ["Brush strokes", "Mosaic"])
def test_a_hundred_steps_lower_the_style_loss_tenfold(style):
    images = open_sample("content", "Grace Hopper"), open_sample("style", style)
    session = Session(*images, Recipe(weights="builtin", size=96))
    before = session.losses
    session.advance(100)
    after = session.losses
    layers = [term for term in before if term.startswith("style/")]
    assert len(layers) == 5
    assert sum(after[term] for term in layers) <= sum(before[term] for term in layers) / 10
