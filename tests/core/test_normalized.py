"""A network scaled for a run: alike whenever it is loaded, and only where the recipe asks for it."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Recipe
from nst_explorer.core import normalized
from nst_explorer.core.mean_activations import measure_mean_activations
from nst_explorer.core.normalized import POOLING, SIDE, load_network
from nst_explorer.core.weights import load_weights
from nst_explorer.procedural.families import FAMILIES, paint


@pytest.fixture
def recipe(slim_weights) -> Recipe:
    return Recipe(weights=str(slim_weights), normalize_network=True)


def test_each_filter_that_answers_does_so_with_1_on_average(recipe):
    pictures = [paint(family, look=0, seed=0, size=SIDE) for family in FAMILIES]
    means = measure_mean_activations(load_network(recipe), pictures, POOLING)
    for name, values in means.items():
        assert values.max() == pytest.approx(1, rel=1e-3), name  # one that hardly ever answers stays below
        assert np.median(values) == pytest.approx(1, rel=1e-3), name


def test_it_is_measured_once_for_the_same_numbers_however_often_they_are_loaded(recipe, monkeypatch):
    first = load_network(recipe)
    monkeypatch.setattr(normalized, "measure_mean_activations", None)  # would fail if it were asked again
    assert load_network(recipe) is first
    assert first.name == load_weights(recipe.weights).name


def test_without_being_asked_for_the_weights_are_as_they_were_loaded(recipe):
    weights = load_network(replace(recipe, normalize_network=False))
    assert weights.sha256 == load_weights(recipe.weights).sha256 != load_network(recipe).sha256
