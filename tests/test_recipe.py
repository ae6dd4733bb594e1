"""Recipes: their checks, their presets, their JSON, and what a change is called."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.recipe import PRESETS, Recipe, is_meant_for, require_steps
from nst_explorer.recipe_changes import (
    adopt_preset,
    describe_change,
    list_new_run_fields,
    require_branch,
    require_fork,
    with_layer_weight,
    with_optimizer,
    with_role,
    with_setting,
    with_toggled_role,
)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_json(name):
    recipe = Recipe.preset(name)
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_tutorials_preset_has_the_tutorials_numbers():
    recipe = Recipe.preset("tensorflow-tutorial")
    assert dict(recipe.content_layers) == {"block5_conv2": 1.0}
    assert list(recipe.style_layers) == [f"block{block}_conv1" for block in range(1, 6)]
    assert (recipe.content_weight, recipe.style_weight, recipe.variation_weight) == (1e4, 1e-2, 30.0)
    assert recipe.optimizer == Adam(learning_rate=0.02, beta_1=0.99, epsilon=0.1)
    assert (recipe.convention, recipe.pooling, recipe.start) == ("mean", "max", "content")


def test_terms_carry_the_products_of_their_weights():
    recipe = Recipe(
        content_layers={"block4_conv2": 0.5},
        style_layers={"block2_conv1": 2.0, "block1_conv1": 3.0},
        content_weight=10,
        style_weight=100,
        variation_weight=0.25,
    )
    assert recipe.term_weights == {
        "content/block4_conv2": 5.0,
        "style/block1_conv1": 300.0,
        "style/block2_conv1": 200.0,
        "variation": 0.25,
    }


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"weights": "imagnet"}, 'The weights are "imagnet".*did you mean "imagenet"'),
        ({"weights": "random:x"}, r'The weights are "random:x".*random\[:SEED\]'),
        ({"weights": "random:"}, 'The weights are "random:"'),
        ({"weights": "lbfgs"}, 'The weights are "lbfgs"'),
        ({"pooling": "min"}, 'The pooling is "min", but it must be one of max, average'),
        ({"start": "noisy"}, 'The start is "noisy".*did you mean "noise"'),
        ({"convention": "gatsy"}, 'The convention is "gatsy".*did you mean "gatys"'),
        (
            {"style_loss": "gramm"},
            'The style loss is "gramm", but it must be one of gram, covariance.*did you mean "gram"',
        ),
        (
            {"precision": "bfloat61"},
            'The precision is "bfloat61", but it must be one of float32, bfloat16.*did you mean',
        ),
        ({"size": 31}, "The size is 31, but it must be a whole number from 32 to 4,096 pixels"),
        ({"size": 5000}, "The size is 5000"),
        ({"size": 256.0}, "The size is 256.0"),
        ({"seed": -1}, "The seed is -1"),
        ({"style_weight": -1}, "The style weight is -1, but it must be a finite number, 0 or more; try 1"),
        ({"content_weight": float("inf")}, "The content weight is inf"),
        ({"variation_weight": float("nan")}, "The variation weight is nan"),
        ({"style_weight": "3"}, "The style weight is '3'"),
        ({"style_layers": {"block1_conv1": -2}}, "The style weight of block1_conv1 is -2"),
        ({"style_layers": {"block6_conv1": 1}}, 'The layer is "block6_conv1".*did you mean'),
        ({"style_layers": ["block1_conv1"]}, "The style layers are .*must map names to weights"),
        ({"style_layers": {}, "content_layers": {}}, "No layer is chosen"),
        ({"optimizer": "adam"}, "The optimizer is 'adam', but it must be settings: give Adam"),
    ],
)
def test_an_impossible_choice_is_refused_in_a_sentence(choices, sentence):
    with pytest.raises(InputError, match=sentence):
        Recipe(**choices)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"learning_rate": 0}, "The learning rate is 0, but it must be a finite number above 0; try 0.02"),
        ({"learning_rate": -0.5}, "The learning rate is -0.5"),
        ({"beta_1": 1}, "The beta_1 is 1"),
        ({"beta_2": -0.1}, "The beta_2 is -0.1"),
        ({"epsilon": 0}, "The epsilon is 0"),
        ({"bounds": (1, 0)}, r"The bounds are \(1, 0\)"),
    ],
)
def test_impossible_settings_of_adam_are_refused(settings, sentence):
    with pytest.raises(InputError, match=sentence):
        Adam(**settings)


@pytest.mark.parametrize("name", ["explorr", "gatys-2015", ""])
def test_an_unknown_preset_is_refused(name):
    with pytest.raises(
        InputError, match=f'The preset is "{name}", but it must be one of explorer, tensorflow-tutorial'
    ):
        Recipe.preset(name)


@pytest.mark.parametrize("steps", [0, -3, 100_001, 1.5, True])
def test_steps_out_of_range_are_refused(steps):
    with pytest.raises(InputError, match="whole number from 1 to 100,000"):
        require_steps(steps)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "The recipe is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"styel_weight": 1}', 'a field "styel_weight".*did you mean "style_weight"'),
        ('{"optimizer": {"name": "lbfg"}}', 'The optimizer is "lbfg", but it must be one of adam, lbfgs'),
        ('{"optimizer": {"name": "adam", "rate": 1}}', 'a field "rate"'),
        ('{"optimizer": 3}', "must be an object with a name"),
    ],
)
def test_a_damaged_recipe_file_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence):
        Recipe.from_json(text)


def test_a_recipe_cannot_be_changed_in_place():
    recipe = Recipe()
    with pytest.raises(TypeError):
        recipe.style_layers["block1_conv1"] = 2.0  # pyright: ignore[reportIndexIssue]  the point of the test


def test_fields_that_are_missing_in_json_have_their_defaults():
    assert Recipe.from_json(json.dumps({"size": 128})) == Recipe(size=128)


def test_a_change_is_described_by_what_it_does():
    recipe = Recipe()
    slower = replace(recipe.optimizer, learning_rate=0.01)
    other = replace(recipe, style_weight=3.0, variation_weight=0.0, optimizer=slower)
    assert describe_change(recipe, other) == "style weight × 3, variation weight 0.01 → 0, learning rate 0.05 → 0.01"
    assert describe_change(recipe, with_role(recipe, "block2_conv2", "style")) == "+ style block2_conv2"
    assert describe_change(recipe, replace(recipe, pooling="max")) == "pooling average → max"
    assert describe_change(recipe, recipe) == ""


def test_only_network_size_start_and_seed_need_a_new_run():
    recipe = Recipe()
    assert list_new_run_fields(recipe, replace(recipe, size=128, start="noise")) == ("size", "start")
    assert list_new_run_fields(recipe, replace(recipe, pooling="max", style_weight=2.0, convention="mean")) == ()


def test_a_role_keeps_the_weight_that_the_layer_had_in_it():
    recipe = with_layer_weight(Recipe(), "style", "block2_conv1", 7.0)
    both = with_role(recipe, "block2_conv1", "both")
    assert (both.style_layers["block2_conv1"], both.content_layers["block2_conv1"]) == (7.0, 1.0)
    assert "block2_conv1" not in with_role(both, "block2_conv1", "content").style_layers


def test_the_last_layer_may_change_its_role_but_not_go():
    recipe = Recipe(content_layers={}, style_layers={"block1_conv1": 1.0})
    assert list(with_role(recipe, "block1_conv1", "content").content_layers) == ["block1_conv1"]
    with pytest.raises(InputError, match="No layer is chosen"):
        with_role(recipe, "block1_conv1", "none")


def test_a_preset_is_adopted_with_network_size_seed_and_precision_as_they_are():
    recipe = Recipe(weights="random:4", size=128, seed=9, precision="bfloat16")
    adopted = adopt_preset("tensorflow-tutorial", recipe)
    assert (adopted.weights, adopted.size, adopted.seed, adopted.convention) == ("random:4", 128, 9, "mean")
    assert adopted.precision == "bfloat16"


def test_toggling_a_role_leaves_the_other_one():
    recipe = Recipe(content_layers={"block4_conv2": 2.0}, style_layers={"block1_conv1": 1.0})
    both = with_toggled_role(recipe, "block4_conv2", "style")
    assert (both.content_layers["block4_conv2"], both.style_layers["block4_conv2"]) == (2.0, 1.0)
    assert with_toggled_role(both, "block4_conv2", "style") == recipe
    assert not with_toggled_role(both, "block4_conv2", "content").content_layers


def test_choosing_the_optimizer_in_use_keeps_its_settings():
    recipe = Recipe(optimizer=Adam(learning_rate=0.5))
    assert with_optimizer(recipe, "adam") == recipe
    assert with_optimizer(recipe, "lbfgs").optimizer == LBFGS()
    assert with_optimizer(with_optimizer(recipe, "lbfgs"), "adam").optimizer == Adam()
    with pytest.raises(InputError, match='did you mean "adam"'):
        with_optimizer(recipe, "adm")


def test_absolute_conventions_are_meant_for_imagenet_only():
    assert is_meant_for(Recipe(), "random:0")
    tutorial = Recipe.preset("tensorflow-tutorial")
    assert is_meant_for(tutorial, "imagenet")
    assert not is_meant_for(tutorial, "random:0")
    assert not is_meant_for(Recipe.preset("gatys-2016"), "builtin")


def test_the_preset_of_gatys_has_the_papers_numbers():
    recipe = Recipe.preset("gatys-2016")
    assert dict(recipe.content_layers) == {"block4_conv2": 1.0}
    assert dict(recipe.style_layers) == {f"block{block}_conv1": 1 / 5 for block in range(1, 6)}
    assert (recipe.content_weight, recipe.style_weight, recipe.variation_weight) == (1.0, 1e3, 0.0)
    assert (recipe.convention, recipe.pooling, recipe.start) == ("gatys", "average", "noise")
    assert recipe.normalize_network
    assert recipe.optimizer == LBFGS()


@pytest.mark.parametrize("optimizer", [LBFGS(history=5, bounds=None), LBFGS(first_length=0.1), Adam(bounds=(0, 0.5))])
def test_optimizers_go_through_json(optimizer):
    recipe = Recipe(optimizer=optimizer, normalize_network=True)
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"history": 0}, "history is 0, but it must be a whole number from 1 to 100 pairs; try 20"),
        ({"history": 2.5}, "history is 2.5"),
        ({"first_length": 0.0}, "first length is 0.0, but it must be a finite number above 0; try 0.01"),
        ({"sufficient_decrease": 0.6}, "sufficient decrease is 0.6, but it must be above 0 and at most 0.5"),
        ({"max_evaluations": 0}, "max evaluations is 0, but it must be a whole number from 1 to 100"),
        ({"bounds": (1, 0)}, "bounds are .* but they must be a low and a high number"),
    ],
)
def test_impossible_settings_of_lbfgs_are_refused(settings, sentence):
    with pytest.raises(InputError, match=sentence):
        LBFGS(**settings)


def test_a_setting_that_the_optimizer_has_not_is_refused():
    assert with_setting(Recipe(optimizer=LBFGS()), "history", 5).optimizer == LBFGS(history=5)
    with pytest.raises(InputError, match='The optimizer lbfgs has a field "learning_rate", but it may only have'):
        with_setting(Recipe(optimizer=LBFGS()), "learning_rate", 0.1)


def test_a_normalized_network_is_a_new_run():
    recipe = Recipe()
    normalized = replace(recipe, normalize_network=True)
    assert list_new_run_fields(recipe, normalized) == ("normalize_network",)
    with pytest.raises(InputError, match="cannot change its normalize network"):
        require_branch(recipe, normalized)
    with pytest.raises(InputError, match="normalize network of a run beside another is True"):
        require_fork(recipe, normalized)


def test_whether_to_normalize_is_true_or_false():
    with pytest.raises(InputError, match="Normalize network is 'yes', but it must be true or false; try true"):
        Recipe(normalize_network=cast(Any, "yes"))
