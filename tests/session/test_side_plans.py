"""Plans of side runs: what they leave out, what they vary, and what cannot be compared."""

from dataclasses import replace

import pytest

from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import require_fork
from nst_explorer.session.side_plans import (
    COMPARISONS,
    MOST_VARIANTS,
    plan_all_content,
    plan_all_style,
    plan_reconstruction,
    plan_texture,
)
from nst_explorer.view import selection

RECIPE = Recipe(size=128, pooling="max", style_loss="covariance", seed=4, weights="smooth")


def test_a_reconstruction_asks_one_layer_for_the_content_and_starts_at_noise():
    plan = plan_reconstruction(RECIPE, "block3_pool")
    assert plan.name == "block3_pool alone"
    assert dict(plan.recipe.content_layers) == {"block3_pool": 1.0}
    assert dict(plan.recipe.style_layers) == {}
    assert (plan.recipe.start, plan.recipe.seed, plan.recipe.pooling) == ("noise", 4, "max")


def test_a_texture_takes_the_first_layer_of_every_block_up_to_the_chosen_one():
    plan = plan_texture(RECIPE, "block3_conv4")
    assert plan.name == "texture of blocks 1–3"
    assert tuple(plan.recipe.style_layers) == ("block1_conv1", "block2_conv1", "block3_conv1")
    assert dict(plan.recipe.content_layers) == {}
    assert plan.recipe.style_loss == "covariance"
    assert plan_texture(RECIPE, "block1_pool").name == "texture of block 1"


def test_all_five_are_the_paper_s_figure_1():
    content = [tuple(plan.recipe.content_layers) for plan in plan_all_content(RECIPE)]
    assert content == [(f"block{block}_conv2",) for block in range(1, 6)]
    assert [len(plan.recipe.style_layers) for plan in plan_all_style(RECIPE)] == [1, 2, 3, 4, 5]


def test_the_dashboard_offers_what_can_be_compared():
    assert tuple(COMPARISONS) == selection.COMPARISONS


@pytest.mark.parametrize("name", COMPARISONS)
def test_variants_are_few_named_differently_and_fit_beside_the_run(name):
    plans = COMPARISONS[name](RECIPE)
    assert 2 <= len(plans) <= MOST_VARIANTS
    assert len({plan.name for plan in plans}) == len({plan.recipe.to_json() for plan in plans}) == len(plans)
    for plan in plans:
        require_fork(RECIPE, plan.recipe)
        assert plan.recipe.start == RECIPE.start
        assert plan.recipe.optimizer == RECIPE.optimizer


def test_content_weights_go_from_a_tenth_to_ten_times():
    weights = [plan.recipe.content_weight / RECIPE.content_weight for plan in COMPARISONS["content weight"](RECIPE)]
    assert weights == pytest.approx([0.1, 1 / 3, 1, 3, 10])


def test_single_styles_keep_their_weights_and_end_with_all_of_them():
    recipe = replace(RECIPE, style_layers={f"block3_conv{number}": number for number in range(1, 5)})
    plans = COMPARISONS["style layers one by one"](recipe)
    assert [dict(plan.recipe.style_layers) for plan in plans[:2]] == [{"block3_conv1": 1.0}, {"block3_conv2": 2.0}]
    assert plans[-1].recipe == recipe
    assert plans[-1].name == "all 4 style layers"


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("content weight", {"content_weight": 0.0}, "no content to weigh"),
        ("content weight", {"content_layers": {}}, "no content to weigh"),
        ("style layers one by one", {"style_layers": {"block1_conv1": 1.0}}, "has 1 style layer,"),
        ("style layers one by one", {"style_layers": {}}, "has no style layer,"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(name, change, sentence):
    with pytest.raises(InputError, match=sentence):
        COMPARISONS[name](replace(RECIPE, **change))
