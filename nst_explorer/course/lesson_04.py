"""Lesson 4, content and style taken apart: what layers keep, what weights and starts do.

Every picture is a run of its own, forked from one session: the same images and network, another recipe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.layers import FULL_WIDTHS, find_layer
from nst_explorer.recipe import Recipe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nst_explorer.session.session import Session

CONTENT_LAYERS = tuple(f"block{block}_conv2" for block in range(1, 6))
STYLE_SHARE = (0.2, 0.3)
"""Of the total, which the last exercise asks for."""
LEAST_WEIGHT = 0.1
"""Of the content there; below it the style's share rises again, as hardly a loss but the style's is left to fall."""


def predict_reconstruction(answer: Any) -> Verdict:
    """Judges from which layer the picture comes back worst."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "block1_conv2 has looked at 5 × 5 pixels around each place only, but it has looked at every place, at "
            "full size: of all five it knows best what color each pixel has.",
            "b": "block3_conv2 has lost some colors and fine edges, but there are two more poolings to come.",
            "c": "Each pooling halves height and width, and what the layer does not hold can become anything. Look at "
            "block5_conv2 below: little more is left than where it is light and where it is dark.",
            "d": "All five have seen the whole picture, but what a layer passes on is less with every block.",
        },
    )


def predict_texture(answer: Any) -> Verdict:
    """Judges what a texture lacks although all style layers were matched."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "The first layers' Gram matrices say which colors there are and how often, so that these come back.",
            "b": "A Gram matrix is a mean over all places. What stands beside what survives, as far as the layers "
            "see; where in the picture it stands does not.",
            "c": "Dark joints beside light tiles are what filters answer to together at the same places, and that is "
            "what a Gram matrix holds.",
        },
    )


def predict_weight(answer: Any) -> Verdict:
    """Judges what a larger content weight does to the style loss."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "The style's weight stays, but pixels can be moved in one direction only, and the content now says in "
            "which. Look at the column of the style loss.",
            "b": "Both would fall together if they wanted the same of the pixels; they do not.",
            "c": "The terms pull at the same pixels. What makes the features more like the harbor's makes the "
            "statistics less like the mosaic's.",
        },
    )


def predict_start(answer: Any) -> Verdict:
    """Judges when the start shows in the result."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "A strong content term says for every place what belongs there: whatever one starts from has to go.",
            "b": "A weak content term leaves much open, and what is left open stays as it was at the start. Gradient "
            "descent goes to a low place that is near, not to the lowest of all.",
            "c": "The loss is the same from all three, but it has many low places, and a run ends in one that is near.",
        },
    )


def measure_reconstructions(session: "Session", figure: "Figure") -> pd.DataFrame:
    """Returns, for each layer of a figure of content reconstructions, how much the layer holds and what came back.

    Args:
        session: Of which the figure is.
        figure: What `figures.reconstructions` made of the second layer of each block.

    Returns:
        A row for each layer: the count of its values, these for each value of the picture, and by how much a value of
        the reconstruction is off, on average.
    """
    original, *repainted = (np.asarray(axes.images[0].get_array()) for axes in figure.axes)
    rows = {}
    for layer, picture in zip(CONTENT_LAYERS, repainted, strict=True):
        count = session.features(layer, of="content").size
        rows[layer] = {
            "values in the layer": count,
            "for each value of the picture": round(count / original.size, 2),
            "mean error of a value": round(float(np.abs(picture - original).mean()), 3),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"values in the layer": int})


def paint_textures(session: "Session", steps: int) -> dict[str, np.ndarray]:
    """Paints the style's textures from noise, matched in the first layer of one block, of three, and of all five.

    Returns:
        What was matched, to the picture, `(H, W, 3) float32`.
    """
    from nst_explorer.session.side_plans import plan_texture

    names = {"block 1": "block1_conv1", "blocks 1 to 3": "block3_conv1", "blocks 1 to 5": "block5_conv1"}
    recipes = {name: plan_texture(session.recipe, layer).recipe for name, layer in names.items()}
    return {name: run.image for name, run in run_all(session, recipes, steps).items()}


def compare_rolled(session: "Session", layer: str) -> pd.DataFrame:
    """Returns how far the style image is from itself rolled sideways by half its width, to a content and a style loss.

    What leaves on the right comes in on the left, so that nothing changes but the places.

    Returns:
        One row; both distances in the convention `relative`, 0 for equal pictures.
    """
    from nst_explorer.session.session import Session

    style = session.full_images.style
    rolled = np.roll(style, style.shape[1] // 2, axis=1)
    recipe = Recipe(
        weights=session.recipe.weights, size=session.recipe.size, content_layers={layer: 1.0}, style_layers={layer: 1.0}
    )
    beside = Session(rolled, style, recipe)
    features, moved = session.features(layer, of="style"), beside.features(layer, of="content")
    content = float(np.mean((moved - features) ** 2) / np.mean(features**2))
    distances = {"content loss": [round(content, 4)], "style loss": [round(beside.raw_losses[f"style/{layer}"], 4)]}
    return pd.DataFrame(distances, index=[layer])


def run_all(session: "Session", recipes: Mapping[str, Recipe], steps: int) -> "dict[str, Session]":
    """Runs each recipe from its own start for so many steps, beside the session.

    Returns:
        The recipes' names to the runs.
    """
    runs = {}
    for name, recipe in recipes.items():
        runs[name] = session.fork(recipe)
        runs[name].advance(steps)
    return runs


def tabulate_balance(runs: "Mapping[str, Session]") -> pd.DataFrame:
    """Returns what is left of content and style in each run: raw losses, and the style's share of the total."""
    rows = {}
    for name, run in runs.items():
        raw, recipe = run.raw_losses, run.recipe
        content, style = (
            sum(layers[layer] * raw[f"{role}/{layer}"] for layer in layers)
            for role, layers in (("content", recipe.content_layers), ("style", recipe.style_layers))
        )
        rows[name] = {
            "content loss": round(content, 4),
            "style loss": round(style, 4),
            "style's share of the total": f"{measure_style_share(run):.0%}",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def measure_style_share(run: "Session") -> float:
    """Returns the style terms' part of the total, in [0, 1]."""
    losses = run.losses
    return sum(loss for term, loss in losses.items() if term.startswith("style/")) / losses["total"]


def check_value_count(answer: Any, session: "Session", layer: str = "block4_conv2") -> Verdict:
    """Judges how many values a layer holds for the content image."""
    height, width, _ = session.full_images.content.shape
    rows, columns, channels = session.features(layer, of="content").shape
    halvings = find_layer(layer).block - 1
    return judge_number(
        answer,
        rows * columns * channels,
        praise=f"{rows} × {columns} places × {channels} channels: height and width were halved {halvings} times, and "
        f"rounded down. The picture has {height * width * 3:,} values.",
        mistakes=(
            Mistake(
                height * width * channels,
                f"That is {channels} channels at full size, but {layer} comes after {halvings} poolings, each of which "
                "halves height and width.",
            ),
            Mistake(rows * columns, "That is how many places there are; at each of them every channel has a value."),
            Mistake(
                rows * columns * FULL_WIDTHS[halvings],
                f"That is right for VGG19's own {FULL_WIDTHS[halvings]} channels; the built-in network has {channels}.",
            ),
            Mistake(height * width * 3, f"That is the picture; {layer} has other places and other channels."),
        ),
        hint=f"Count places × channels; {layer} comes after {halvings} poolings, each halves height and width.",
        tolerance=1e-9,
    )


def check_style_share(answer: Any, session: "Session", recipe: Recipe, steps: int) -> Verdict:
    """Runs the recipe with a content weight that a student chose, and judges the style's share of its total."""
    if is_open(answer):
        return judge_style_share(answer, 0.0)
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not 0 < answer < np.inf:
        return Verdict("wrong", f"The content weight is {answer!r}, but it must be a number above 0; try 0.2.")
    run = session.fork(replace(recipe, content_weight=float(answer)))
    run.advance(steps)
    return judge_style_share(answer, measure_style_share(run))


def judge_style_share(weight: Any, share: float, wanted: Sequence[float] = STYLE_SHARE) -> Verdict:
    """Judges the style's share that a content weight led to."""
    low, high = wanted
    if is_open(weight):
        return Verdict("open", f"Write a content weight with which the style has {low:.0%} to {high:.0%} of the total.")
    found = f"With a content weight of {weight:g} the style has {share:.0%} of the total"
    if low <= share <= high:
        return Verdict("right", f"{found}. No formula tells this weight beforehand: one tries, and looks.")
    if share < low:
        return Verdict(
            "wrong", f"{found}, too little: its loss has been brought down, and the content's not. Weigh content more."
        )
    if float(weight) < LEAST_WEIGHT:
        return Verdict("wrong", f"{found}, too much, and no harbor is left in the picture. Go above {LEAST_WEIGHT:g}.")
    return Verdict("wrong", f"{found}, too much: the content's loss has been brought down instead. Weigh content less.")
