"""The plan of sizes, as numbers and as part of a recipe."""

import math
from dataclasses import replace

import pytest

from nst_explorer import Recipe
from nst_explorer.errors import InputError
from nst_explorer.recipe_changes import adopt_preset, describe_change, list_new_run_fields, require_branch
from nst_explorer.scale_plan import ScalePlan, read_scale_factor

ROOT = math.sqrt(2)


@pytest.mark.parametrize(
    ("plan", "sides", "borders"),
    [
        (ScalePlan(1, 2.0, 50), (256,), ()),
        (ScalePlan(3, 2.0, 50), (64, 128, 256), (50, 100)),
        (ScalePlan(4, ROOT, 20), (91, 128, 181, 256), (20, 40, 60)),
    ],
)
def test_a_plan_says_which_sizes_there_are_and_where_they_change(plan, sides, borders):
    assert plan.list_sides(256) == sides
    assert plan.borders == borders
    assert plan.coarse_steps == (borders[-1] if borders else 0)


def test_after_a_border_the_next_size_is_in_force_and_the_last_one_stays():
    plan = ScalePlan(3, 2.0, 10)
    assert [plan.find_scale(step) for step in (0, 9, 10, 19, 20, 1000)] == [0, 0, 1, 1, 2, 2]


def test_both_factors_share_their_sizes_exactly():
    roots, doubles = ScalePlan(5, ROOT, 1), ScalePlan(3, 2.0, 1)
    assert [roots.find_reduction(scale) for scale in (0, 2, 4)] == [doubles.find_reduction(scale) for scale in range(3)]
    assert roots.find_reduction(3) == ROOT


@pytest.mark.parametrize(("given", "factor"), [(2, 2.0), (2.0, 2.0), (1.414, ROOT), (ROOT, ROOT)])
def test_a_factor_is_taken_exactly(given, factor):
    assert read_scale_factor(given) == factor
    assert Recipe(scale_factor=given).scale_factor == factor


@pytest.mark.parametrize("given", [3, 1.5, 0, math.nan, "2", None, True])
def test_another_factor_is_refused(given):
    with pytest.raises(InputError) as refused:
        Recipe(scale_factor=given)
    assert str(refused.value) == f"The scale factor is {given!r}, but it must be 2 or √2 (1.414); try 2."


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"scales": 0}, "The number of scales is 0, but it must be a whole number from 1 to 8; try 3."),
        ({"scales": 2.0}, "The number of scales is 2.0, but it must be a whole number from 1 to 8; try 3."),
        (
            {"scale_steps": 0},
            "The number of steps at a scale is 0, but it must be a whole number from 1 to 100,000; try 30.",
        ),
    ],
)
def test_other_numbers_are_refused(choice, sentence):
    with pytest.raises(InputError) as refused:
        Recipe(**choice)
    assert str(refused.value) == sentence


def test_a_recipe_keeps_its_scales_as_json_and_one_without_has_a_single_one():
    recipe = Recipe(scales=3, scale_factor=1.414, scale_steps=20)
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_json("{}").scales == 1


def test_a_run_cannot_change_its_scales_but_a_preset_leaves_them():
    recipe = Recipe(scales=3, scale_steps=20)
    for change in ({"scales": 2}, {"scale_factor": 1.414}, {"scale_steps": 30}):
        (field,) = list_new_run_fields(recipe, replace(recipe, **change))
        with pytest.raises(InputError, match=f"cannot change its {field.replace('_', ' ')}, but needs a new run"):
            require_branch(recipe, replace(recipe, **change))
    adopted = adopt_preset("tensorflow-tutorial", recipe)
    assert (adopted.scales, adopted.scale_steps) == (3, 20)


def test_a_change_of_scales_in_words():
    before, after = Recipe(), Recipe(scales=2, scale_factor=1.414)
    assert describe_change(before, after) == "scales 1 → 2, scale factor 2 → √2"


def test_a_run_that_ends_before_its_full_size_is_refused():
    plan = ScalePlan(3, 2.0, 50)
    plan.require_full_size(101)
    ScalePlan(1, 2.0, 50).require_full_size(1)
    with pytest.raises(InputError) as refused:
        plan.require_full_size(100)
    assert str(refused.value) == (
        "The number of steps is 100, but 3 scales of 50 steps reach the full size only after 100; take more steps, or "
        "fewer at each scale."
    )
