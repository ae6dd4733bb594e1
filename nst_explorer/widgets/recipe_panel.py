"""The recipe: optimizer, how losses are scaled, and a weight for every term. A change takes effect at the next step."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import ipywidgets as widgets

from nst_explorer.layers import find_layer
from nst_explorer.optimizer_settings import OPTIMIZER_SETTINGS
from nst_explorer.recipe import CONVENTIONS, POOLINGS, PRECISIONS, STYLE_LOSS_LABELS, Recipe
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import Control, make_box, make_field, make_heading
from nst_explorer.widgets.weight_row import WeightRow

GROUPS = (
    ("content_weight", "Content weight"),
    ("variation_weight", "Variation weight"),
    ("style_weight", "Style weight"),
)
SETTING_LABELS = {
    "learning_rate": "Learning rate",
    "history": "Pairs m",
    "beta_1": "β₁",
    "beta_2": "β₂",
    "epsilon": "ε",
    "first_length": "First step",
    "max_evaluations": "Most evaluations",
}
"""The settings of all optimizers; those of another than the present one are hidden."""
FIRST_SETTINGS = ("learning_rate", "history")
FINE_SETTINGS = ("beta_1", "beta_2", "epsilon", "first_length", "max_evaluations")
WHOLE_SETTINGS = ("history", "max_evaluations")
SCALING_CHOICES = ("pooling", "convention", "style_loss")
STYLE_LOSSES = tuple((label, name) for name, label in STYLE_LOSS_LABELS.items())


class RecipePanel:
    """The form of what may change while a run goes on.

    Args:
        on_weight: Called with `content_weight`, `style_weight` or `variation_weight`, and the new value.
        on_layer_weight: Called with the role, the layer and the new value.
        on_setting: Called with the name of an optimizer's setting, and the new value.
        on_choice: Called with `optimizer`, `pooling`, `convention`, `style_loss` or `precision`, and the chosen name.
    """

    def __init__(
        self,
        on_weight: Callable[[str, float], None],
        on_layer_weight: Callable[[str, str, float], None],
        on_setting: Callable[[str, float], None],
        on_choice: Callable[[str, str], None],
    ) -> None:
        self._on_layer_weight = on_layer_weight
        recipe = Recipe()
        self._choices = {
            "optimizer": _make_choice("Optimizer", tuple(OPTIMIZER_SETTINGS), on_choice, "optimizer"),
            "pooling": _make_choice("Pooling", POOLINGS, on_choice, "pooling"),
            "convention": _make_choice("Convention", CONVENTIONS, on_choice, "convention"),
            "style_loss": _make_choice("Style loss", STYLE_LOSSES, on_choice, "style_loss"),
            "precision": _make_choice("Precision", PRECISIONS, on_choice, "precision"),
        }
        self._settings = {
            name: Control(
                make_field(_make_number(name, label)),
                lambda value, name=name: on_setting(name, value),
            )
            for name, label in SETTING_LABELS.items()
        }
        self._groups = {
            name: WeightRow(
                label, "", getattr(recipe, name), lambda value, name=name: on_weight(name, value), "nst-sum"
            )
            for name, label in GROUPS
        }
        for name, label in GROUPS:
            mark_control(self._groups[name].root, "recipe", label)
        self._rows: dict[tuple[str, str], WeightRow] = {}
        self._left, self._right = make_box("nst-rows"), make_box("nst-rows")
        self.messages = MessageBar()
        chosen = {name: choice.widget for name, choice in self._choices.items()}
        settings = (self._settings[name].widget for name in FIRST_SETTINGS)
        first = make_box("nst-line", chosen["optimizer"], *settings, chosen["precision"], is_row=True)
        fine = make_box("nst-line", *(self._settings[name].widget for name in FINE_SETTINGS), is_row=True)
        scaling = make_box("nst-line", *(chosen[name] for name in SCALING_CHOICES), is_row=True)
        about = make_box("nst-explanations", NotesPlace("recipe"), make_formula("recipe"))
        self.root = make_box(
            "nst-panel nst-recipe",
            make_heading("Recipe", "a change takes effect at the next step"),
            self.messages.root,
            make_box("nst-lines", first, fine, scaling),
            make_box("nst-recipe-columns", self._left, self._right, about),
        )
        self.show(recipe)

    def show(self, recipe: Recipe) -> None:
        """Shows a recipe; rows of layers come and go with their roles."""
        self._choices["optimizer"].show(recipe.optimizer_name)
        for name in (*SCALING_CHOICES, "precision"):
            self._choices[name].show(getattr(recipe, name))
        known = {each.name for each in fields(recipe.optimizer)}
        for name, control in self._settings.items():
            if name not in known:
                control.widget.add_class("nst-hidden")
            else:
                control.widget.remove_class("nst-hidden")
                control.show(getattr(recipe.optimizer, name))
        for name, row in self._groups.items():
            row.show(getattr(recipe, name))
        self._show_layers(recipe)

    def _show_layers(self, recipe: Recipe) -> None:
        layers = {("content", name): weight for name, weight in recipe.content_layers.items()}
        layers |= {("style", name): weight for name, weight in recipe.style_layers.items()}
        self._rows = {key: self._rows.get(key) or self._make_row(*key, weight) for key, weight in layers.items()}
        for key, weight in layers.items():
            self._rows[key].show(weight)
        groups = {name: row.root for name, row in self._groups.items()}
        content = [row.root for (role, _), row in self._rows.items() if role == "content"]
        style = [row.root for (role, _), row in self._rows.items() if role == "style"]
        self._fill(self._left, [groups["content_weight"], *content, groups["variation_weight"]])
        self._fill(self._right, [groups["style_weight"], *style])

    def _fill(self, box: widgets.Box, rows: list[Any]) -> None:
        if tuple(rows) != tuple(box.children):
            box.children = tuple(rows)

    def _make_row(self, role: str, layer: str, weight: float) -> WeightRow:
        kind = "c" if role == "content" else f"s{find_layer(layer).block}"
        row = WeightRow(
            layer,
            f"{role.title()} weight of ",
            weight,
            lambda value: self._on_layer_weight(role, layer, value),
            f"nst-row-{kind}",
        )
        mark_control(row.root, "recipe", f"{role.title()} weight of …")
        return row


def _make_number(name: str, label: str) -> Any:
    kind = widgets.IntText if name in WHOLE_SETTINGS else widgets.FloatText
    return kind(description=label, continuous_update=False)


def _make_choice(label: str, options: Sequence[Any], on_choice: Callable[[str, str], None], field: str) -> Control:
    dropdown = make_field(widgets.Dropdown(description=label, options=options))
    return Control(dropdown, lambda value: on_choice(field, value))
