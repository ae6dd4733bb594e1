"""The choice of scales: how many sizes a run goes through, how they grow, and how long it stays at each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from nst_explorer.recipe import SIZE_RANGE, Recipe
from nst_explorer.scale_plan import SCALE_FACTORS, SCALES_RANGE
from nst_explorer.widgets.panel import Control, make_box, make_field

GROWTHS = tuple((f"× {label}", factor) for label, factor in SCALE_FACTORS.items())


class ScalesChoice:
    """Three controls in a line; the last two are there only where there are several scales.

    Attributes:
        root: The widget.

    Args:
        on_scales: Called with the recipe's field and its new value.
    """

    def __init__(self, on_scales: Callable[[str, Any], None]) -> None:
        recipe = Recipe()
        self._count = Control(
            make_field(
                widgets.Dropdown(description="Scales", options=_list_counts(recipe), value=recipe.scales),
                "nst-scales-count",
            ),
            lambda count: on_scales("scales", count),
        )
        self._factor = Control(
            make_field(widgets.Dropdown(description="Growth", options=GROWTHS, value=recipe.scale_factor)),
            lambda factor: on_scales("scale_factor", factor),
        )
        self._steps = Control(
            make_field(widgets.IntText(description="Steps a scale", value=recipe.scale_steps, continuous_update=False)),
            lambda steps: on_scales("scale_steps", steps),
        )
        self._details = (self._factor.widget, self._steps.widget)
        self.root = make_box("nst-scales-choice", self._count.widget, *self._details, is_row=True)
        self.show(recipe)

    def show(self, recipe: Recipe) -> None:
        """Shows the choices of a recipe."""
        self._count.show_options(_list_counts(recipe), recipe.scales)
        self._factor.show(recipe.scale_factor)
        self._steps.show(recipe.scale_steps)
        for widget in self._details:
            (widget.remove_class if recipe.scales > 1 else widget.add_class)("nst-hidden")


def _list_counts(recipe: Recipe) -> list[tuple[str, int]]:
    """As many as the size allows, and the present one; each with the longest sides in pixels."""
    options = [("1", 1)]
    for count in range(2, SCALES_RANGE[1] + 1):
        sides = replace(recipe, scales=count).plan.list_sides(recipe.size)
        if sides[0] >= SIZE_RANGE[0] or count == recipe.scales:
            # The list is wider than the field, which shows the count: wide spaces keep the rest out of it.
            options.append((f"{count}\u2003\u2003{', '.join(map(str, sides))} px", count))
    return options
