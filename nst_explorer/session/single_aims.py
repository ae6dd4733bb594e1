"""Recipes with a single aim: what some layers alone keep of a picture, looked for from noise.

Gatys, Ecker and Bethge (2016), figure 1, minimize by L-BFGS; here it is Adam with a rate that gets far from noise in
few steps.
"""

from collections.abc import Mapping
from dataclasses import replace

from nst_explorer.optimizer_settings import Adam
from nst_explorer.recipe import Recipe

RATE = 0.08
"""Adam's learning rate from noise: 0.03 leaves noise behind after 150 steps, 0.15 leaves blocks."""
VARIATION_WEIGHT = 0.02
"""Small, but without it what no layer sees stays noise: from block3_conv2 an error of 0.23 in place of 0.09."""


def aim_at_layers(
    recipe: Recipe, *, content: Mapping[str, float] | None = None, style: Mapping[str, float] | None = None
) -> Recipe:
    """Returns a recipe that looks for a picture with these layers' content and style, and nothing else, from noise.

    Network, size, pooling, style loss and seed stay the recipe's; it begins at full size.

    Args:
        recipe: Of the run.
        content: Content layers to their weights.
        style: Style layers to their weights.

    Raises:
        InputError: There is no such layer.
    """
    return replace(
        recipe,
        scales=1,
        content_layers=content or {},
        style_layers=style or {},
        start="noise",
        content_weight=1.0,
        style_weight=1.0,
        variation_weight=VARIATION_WEIGHT,
        convention="relative",
        optimizer=Adam(learning_rate=RATE),
    )
