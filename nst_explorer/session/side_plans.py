"""Plans of side runs: what one layer keeps of a picture, what several make a texture of, and one choice varied.

Source: Gatys, Ecker and Bethge (2016), figure 1: the content from one layer of each block alone, the style from the
first layers of more and more blocks, both from noise; figures 4 and 5 vary the content's weight and layer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from nst_explorer.errors import InputError
from nst_explorer.layers import find_layer
from nst_explorer.recipe import Recipe
from nst_explorer.session.side_runs import SidePlan
from nst_explorer.session.single_aims import aim_at_layers

STEPS = 150
BLOCKS = range(1, 6)
CONTENT_FACTORS = (("÷ 10", 0.1), ("÷ 3", 1 / 3), ("as it is", 1.0), ("× 3", 3.0), ("× 10", 10.0))
MOST_VARIANTS = 6


def plan_reconstruction(recipe: Recipe, layer: str) -> SidePlan:
    """Returns the plan that looks for a picture with the content's feature maps in one layer, and nothing else.

    Raises:
        InputError: There is no such layer.
    """
    return _plan(f"{layer} alone", aim_at_layers(recipe, content={layer: 1.0}))


def plan_texture(recipe: Recipe, layer: str) -> SidePlan:
    """Returns the plan that looks for a picture with the style's statistics in the first layers of the blocks to here.

    Raises:
        InputError: There is no such layer.
    """
    layers = _list_style_layers(find_layer(layer).block)
    return _plan(_name_blocks("texture", len(layers)), aim_at_layers(recipe, style=layers))


def plan_all_content(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the reconstructions from the second layer of every block."""
    return tuple(plan_reconstruction(recipe, f"block{block}_conv2") for block in BLOCKS)


def plan_all_style(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the textures of one block, two, … five."""
    return tuple(plan_texture(recipe, f"block{block}_conv1") for block in BLOCKS)


def compare_content_weights(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the recipe with its content weight from a tenth to ten times.

    Raises:
        InputError: The recipe has no content, or its weight is 0.
    """
    if not recipe.content_layers or not recipe.content_weight:
        raise InputError(
            "This recipe has no content to weigh, but the comparison varies its weight; give a layer the role content, "
            "and the content a weight above 0."
        )
    return tuple(
        _plan(f"content weight {words}", replace(recipe, content_weight=recipe.content_weight * factor))
        for words, factor in CONTENT_FACTORS
    )


def compare_content_layers(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the recipe with its content taken from the second layer of every block in turn."""
    names = [f"block{block}_conv2" for block in BLOCKS]
    return tuple(_plan(f"content {name}", replace(recipe, content_layers={name: 1.0})) for name in names)


def compare_single_styles(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the recipe with each of its style layers alone, and with all of them.

    Raises:
        InputError: The recipe has fewer than two style layers.
    """
    layers = recipe.style_layers
    if len(layers) < 2:
        count = f"{len(layers) or 'no'} style layer"
        raise InputError(f"This recipe has {count}, but it takes two to compare; give more layers the role style.")
    alone = list(layers)[: MOST_VARIANTS - 1]
    plans = [_plan(f"style {name} alone", replace(recipe, style_layers={name: layers[name]})) for name in alone]
    return (*plans, _plan(f"all {len(layers)} style layers", recipe))


def compare_style_depths(recipe: Recipe) -> tuple[SidePlan, ...]:
    """Returns the recipe with the style of one block, two, … five, each by its first layer."""
    return tuple(
        _plan(_name_blocks("style", block), replace(recipe, style_layers=_list_style_layers(block))) for block in BLOCKS
    )


COMPARISONS: dict[str, Callable[[Recipe], Sequence[SidePlan]]] = {
    "content weight": compare_content_weights,
    "content layer": compare_content_layers,
    "style layers one by one": compare_single_styles,
    "style layers cumulatively": compare_style_depths,
}
"""What can be compared, by the names that `view.selection.COMPARISONS` offers."""


def _plan(name: str, recipe: Recipe) -> SidePlan:
    return SidePlan(name, recipe, STEPS + recipe.plan.coarse_steps)


def _list_style_layers(blocks: int) -> dict[str, float]:
    return {f"block{block}_conv1": 1.0 for block in range(1, blocks + 1)}


def _name_blocks(what: str, blocks: int) -> str:
    return f"{what} of block 1" if blocks == 1 else f"{what} of blocks 1–{blocks}"
