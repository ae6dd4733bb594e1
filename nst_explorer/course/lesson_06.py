"""Lesson 6, what training brings: networks side by side that differ in their weights, and what each can tell apart.

Networks have different features, so that each has a session of its own. ImageNet's weights join where they are on this
machine; they are never fetched from here.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.texture_quiz import NAMES as NAMES
from nst_explorer.course.texture_quiz import hold_quiz as hold_quiz
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.recipe import GATYS_STYLE_LAYERS, Recipe
from nst_explorer.samples import open_sample

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

NETWORK_PAIR = ("builtin", "smooth")
"""Of equal size, one trained and one not."""
COUNTED_LAYER = "block3_conv2"


def list_networks(wanted: Iterable[str]) -> tuple[str, ...]:
    """Returns the weights that are on this machine, of those that are wanted, and ImageNet's where they are there."""
    from nst_explorer.core.imagenet import is_imagenet_cached

    return (*wanted, *(("imagenet",) if is_imagenet_cached() else ()))


def tell_imagenet(networks: Iterable[str]) -> str:
    """Says whether ImageNet's weights take part, and how to get them where they do not."""
    if "imagenet" in networks:
        return "ImageNet's weights are on this machine, so that they take part below, as a column more."
    return (
        "ImageNet's weights are not on this machine, so that this lesson goes on without them. To have them take part, "
        "run this once in a terminal: nst-explorer weights fetch (80 MB); then run this notebook again."
    )


def predict_transfer(answer: Any) -> Verdict:
    """Judges what a transfer by random weights looks like."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "Weights drawn by chance are still filters, and their answers still depend on the picture.",
            "b": "A Gram matrix of random filters still holds colors and how coarse a pattern is. The photo itself is "
            "there because the run began with it, and because the content term holds it.",
            "c": "It learned nothing, and so nothing in it answers to a winding line. Compare built-in's column.",
        },
    )


def predict_texture(answer: Any) -> Verdict:
    """Judges whose texture has connected lines."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "It has VGG19's full width, four times the channels of the other two, but none of them was ever told "
            "what a line is: it makes blots.",
            "b": "Its first filters are edges that people designed; what its deeper layers make of them is drawn by "
            "chance. It makes grain.",
            "c": "To tell pictures apart it had to learn how far a line goes on and where it bends. Random weights "
            "make blots of the same colors, smooth ones make grain.",
        },
    )


def predict_quiz(answer: Any) -> Verdict:
    """Judges in which layer training helps most."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "Colors and edges are enough for many pieces, and nobody has to learn those: look at the first row.",
            "b": "The first layer sees 3 × 3 pixels, and there is little to learn. Every layer builds on the one "
            "before: without training the answers blur from block to block, with it they stay sharp.",
            "c": "Compare the columns of smooth and built-in, row by row.",
        },
    )


def open_sessions(networks: Iterable[str], content: str, style: str, size: int) -> "dict[str, Session]":
    """Opens a session with each network on the same two samples.

    Returns:
        The network's name, as the lesson calls it, to the session.
    """
    from nst_explorer import Session  # by this way TensorFlow loads without a word

    images = open_sample("content", content), open_sample("style", style)
    return {NAMES[weights]: Session(*images, Recipe(weights=weights, size=size)) for weights in networks}


def describe_networks(sessions: "Mapping[str, Session]") -> pd.DataFrame:
    """Returns how large each network is: channels in its first and last block, and weights up to block5_conv1."""
    rows = {}
    for name, session in sessions.items():
        widths = session.weights.widths
        rows[name] = {
            "channels in block 1": widths["block1_conv1"],
            "channels in block 5": widths["block5_conv1"],
            "weights up to block5_conv1": f"{session.weights.count_parameters('block5_conv1'):,}",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def transfer(sessions: "Mapping[str, Session]", steps: int) -> dict[str, np.ndarray]:
    """Runs each session's recipe from its start, beside it, and returns the pictures by the networks' names."""
    return {name: _run(session, session.recipe, steps) for name, session in sessions.items()}


def paint_textures(sessions: "Mapping[str, Session]", steps: int) -> dict[str, np.ndarray]:
    """Paints, from the same noise, what each network keeps of the style in the first layers of all five blocks."""
    from nst_explorer.session.single_aims import aim_at_layers

    layers = dict.fromkeys(GATYS_STYLE_LAYERS, 1.0)
    return {name: _run(each, aim_at_layers(each.recipe, style=layers), steps) for name, each in sessions.items()}


def reconstruct_content(sessions: "Mapping[str, Session]", layer: str, steps: int) -> dict[str, np.ndarray]:
    """Paints, from the same noise, what each network's layer keeps of the content."""
    from nst_explorer.session.single_aims import aim_at_layers

    layers = {layer: 1.0}
    return {name: _run(each, aim_at_layers(each.recipe, content=layers), steps) for name, each in sessions.items()}


def _run(session: "Session", recipe: Recipe, steps: int) -> np.ndarray:
    run = session.fork(recipe)
    run.advance(steps)
    return run.image


def check_most_gained(answer: Any, table: pd.DataFrame) -> Verdict:
    """Judges in which layer training brought most: the built-in network's pieces minus those of the smooth one."""
    if is_open(answer):
        return Verdict("open", 'Write the name of a layer in place of the three dots, such as "block1_conv1".')
    trained, untrained = (dict(zip(table.index, table[NAMES[name]].tolist(), strict=True)) for name in NETWORK_PAIR)
    if answer not in trained:
        layers = ", ".join(str(layer) for layer in trained)
        return Verdict("wrong", f"The answer is {answer!r}, but it must be one of the table's layers: {layers}.")
    gain, best = trained[answer] - untrained[answer], max(trained[layer] - untrained[layer] for layer in trained)
    if gain == best:
        return Verdict("right", f"From smooth to built-in, {answer} found {gain} pieces more, the most of all layers.")
    if trained[answer] == max(trained.values()):
        return Verdict("wrong", f"{answer} finds the most, but much of that without training: it gained {gain}.")
    return Verdict("wrong", f"{answer} gained {gain}, another layer {best}: take built-in minus smooth in each row.")


def check_weight_ratio(answer: Any, sessions: "Mapping[str, Session]") -> Verdict:
    """Judges how many times as many weights a layer has in VGG19's own widths as in the built-in network."""
    full, slim = (sessions[NAMES[name]].weights.kernels[COUNTED_LAYER].shape for name in ("random", "builtin"))
    ratio = (full[2] * full[3]) / (slim[2] * slim[3])
    channels = full[3] / slim[3]
    return judge_number(
        answer,
        ratio,
        praise=f"A filter has 3 × 3 weights for each channel that comes in, and each channel that goes out has a "
        f"filter: 3 · 3 · {full[2]} · {full[3]} against 3 · 3 · {slim[2]} · {slim[3]}. A step's time grows with it.",
        mistakes=(
            Mistake(channels, f"It has {channels:g} times as many filters, and each of them has more channels to look "
                    "at, too."),
            Mistake(1 / ratio, "The other way round: by how much is the larger one larger?"),
        ),
        hint=f"Count 3 · 3 · channels in · channels out of {COUNTED_LAYER} for both, and divide.",
    )  # fmt: skip
