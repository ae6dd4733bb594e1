"""Lesson 2, what VGG19 sees: feature maps, how they shrink, and how much of the picture one value sees."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.figures.paper import (
    TERM_COLORS,
    WIDTH,
    PaperFigure,
    draw_picture,
    lay_out_sheet,
    measure_heading,
    write_heading,
)
from nst_explorer.layers import LAYERS, find_layer, locate_receptive_field

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

FIRSTS = tuple(f"block{block}_conv1" for block in range(1, 6))
SHOWN_FIELDS = FIRSTS[1:]
"""Of the layers that are drawn; block1_conv1's 3 pixels could not be seen."""


def predict_map_size(answer: Any) -> Verdict:
    """Judges how large a map of block3_conv1 is."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "That is the size of block1's maps. Two poolings come before block3, and each halves both sides.",
            "b": "That is the size of block2's maps, after one pooling. Before block3 there is another.",
            "c": "Each pooling halves both sides, and there are two before block3: a quarter of width and height.",
            "d": "That would be after three poolings, as in block4.",
        },
    )


def predict_deep_maps(answer: Any) -> Verdict:
    """Judges what a map of block5 shows."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "Four poolings have gone before: what is as fine as a line is smaller than one value of the map. Look "
            "at block1_conv1 for outlines.",
            "b": "A value of block5_conv1 stands for 16 × 16 pixels and sees 156 × 156: it tells that there is "
            "something like it about there, and no more of where.",
            "c": "Each map still is a map: neighbors in it are neighbors in the picture. Compare the bright "
            "places with the picture.",
        },
    )


def measure_layers(session: "Session", layers: Sequence[str] = FIRSTS) -> pd.DataFrame:
    """Returns what layers make of the content image, one row a layer.

    Args:
        session: Whose network and content.
        layers: Names.
    """
    rows = {}
    for name in layers:
        features, layer = session.features(name, of="content"), find_layer(name)
        height, width, channels = features.shape
        rows[name] = {
            "maps": channels,
            "map, width × height": f"{width} × {height}",
            "pixels between neighbors": layer.stride,
            "one value sees": f"{layer.receptive_field} × {layer.receptive_field} px",
            "values that are 0": f"{np.mean(features == 0):.0%}",
        }
    return pd.DataFrame(rows).T.rename_axis("layer")


def draw_receptive_fields(session: "Session", layers: Sequence[str] = SHOWN_FIELDS) -> PaperFigure:
    """Draws on the first picture which pixels the value in the middle of each layer's maps sees.

    Args:
        session: Whose picture of step 0, the content where it begins with it.
        layers: Names.
    """
    height, width, _ = session.image.shape
    note = "Each frame holds the pixels that one value of that layer sees, the one in the middle of its maps."
    with lay_out_sheet(0.6 * WIDTH * height / width + measure_heading(note)) as figure:
        axes = figure.subplots()
        draw_picture(axes, session.picture_at(0))
        colors = [TERM_COLORS[f"var(--nst-style-{find_layer(name).block})"] for name in layers]
        for name, color in zip(layers, colors, strict=True):
            layer = find_layer(name)
            middle = (height // layer.stride // 2, width // layer.stride // 2)
            box = locate_receptive_field(layer, *middle, height, width)
            corner = (box.left - 0.5, box.top - 0.5)
            for line_width, line_color in ((3.5, "white"), (2.0, color)):
                axes.add_patch(Rectangle(corner, box.width, box.height, fill=False, lw=line_width, ec=line_color))
            label = f"{name}: {layer.receptive_field} px"
            axes.plot([], [], color=color, lw=2, label=label)
        axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
        write_heading(figure, "What one value sees", note)
    return figure


def check_receptive_field(answer: Any) -> Verdict:
    """Judges how many pixels a value of block2_conv2 sees across."""
    return judge_number(
        answer,
        find_layer("block2_conv2").receptive_field,
        praise="3, 5, then the pooling: 6, and from there on each convolution adds 4: 10, 14.",
        mistakes=(
            Mistake(9, "Four convolutions that add 2 each give 9, but there is a pooling between them: it adds 1, and "
            "from there on neighbors are 2 pixels apart."),
            Mistake(10, "That is block2_conv1 (or every step of block2 counted as 2 pixels): after the pooling, each "
            "convolution adds 2 × 2 pixels."),
            Mistake(13, "The pooling itself sees 2 values next to each other, which adds 1."),
            Mistake(196, "That is how many pixels there are in the square; asked is how many it is across."),
        ),
        hint="Begin with 1. A convolution adds 2 × stride; a pooling adds 1 × stride, and then doubles the stride.",
        tolerance=1e-9,
    )  # fmt: skip


def check_receptive_field_function(function: Any) -> Verdict:
    """Judges a function from a list of "conv" and "pool" to the pixels that one value sees across."""
    if is_open(function) or (callable(function) and is_open(_call(function, ["conv"]))):
        return Verdict("open", "Write what the loop does in place of the three dots, and run the cell again.")
    if not callable(function):
        return Verdict("wrong", f"The answer is {function!r}, but it must be a function; give its name, without ().")
    kinds: list[str] = []
    for layer in LAYERS:
        kinds.append("pool" if layer.is_pool else "conv")
        try:
            found = function(list(kinds))
        except Exception as error:  # noqa: BLE001 - a student's function may raise anything, which is told
            return Verdict("wrong", f"For {kinds} it raises {type(error).__name__}: {error}.")
        if found != layer.receptive_field:
            return Verdict("wrong", _explain_difference(function, kinds, found, layer.receptive_field))
    return Verdict("right", "It gives the right number for all 21 layers, from 3 pixels to 268 at block5_pool.")


def _explain_difference(function: Callable[[list[str]], Any], kinds: list[str], found: Any, right: int) -> str:
    start = f"For {kinds} it gives {found}, but it must be {right}."
    whole = ["pool" if layer.is_pool else "conv" for layer in LAYERS]  # the first layers alone fit several mistakes
    for mistake, sentence in _MISTAKES:
        if all(_call(function, whole[:count]) == mistake(whole[:count]) for count in range(1, len(whole) + 1)):
            return f"{start} {sentence}"
    return start


def _call(function: Callable[[list[str]], Any], kinds: list[str]) -> Any:
    try:
        return function(kinds)
    except Exception:  # noqa: BLE001 - what it raises is told when it is checked
        return None


def _imitate(kinds: Sequence[str], *, of_pool: int, doubles: bool) -> int:
    """Computes a receptive field as a student might who errs.

    Args:
        kinds: Each `conv` or `pool`.
        of_pool: How many strides a pooling adds.
        doubles: Whether it doubles the stride.
    """
    field, stride = 1, 1
    for kind in kinds:
        field += (2 if kind == "conv" else of_pool) * stride
        if kind == "pool" and doubles:
            stride *= 2
    return field


_MISTAKES: tuple[tuple[Callable[[Sequence[str]], int], str], ...] = (
    (
        lambda kinds: _imitate(kinds, of_pool=1, doubles=False),
        "A pooling doubles the stride: after it, neighbors in the map are twice as many pixels apart.",
    ),
    (
        lambda kinds: _imitate(kinds, of_pool=2, doubles=True),
        "A pooling sees one value more than itself: it adds 1 × the stride as it was before it; double it after that.",
    ),
    (
        lambda kinds: _imitate(kinds, of_pool=0, doubles=True),
        "A pooling adds 1 × stride, too, as it sees two values next to each other.",
    ),
    (lambda kinds: 1 + 2 * len(kinds), "Every layer adds 2 here; how far is it from one value to the next by then?"),
)


def check_brightest_channel(answer: Any, session: "Session", layer: str) -> Verdict:
    """Judges which channel of a layer has the largest mean on the content."""
    features = session.features(layer, of="content")
    means = features.mean(axis=(0, 1))
    right = int(np.argmax(means))
    peak = int(np.argmax(features.max(axis=(0, 1))))
    mistakes = [
        Mistake(right + 1, "Channels are counted from 0."),
        Mistake(int(np.argmin(means)), "That is the one with the smallest mean."),
        Mistake(peak, "That one has the largest single value; asked is the largest mean over all places."),
        Mistake(int(np.argmax(features.mean(axis=(0, 2)))), "That is a column of the picture: take the mean over the "
        "first two axes, rows and columns, so that one number a channel is left."),
        Mistake(int(np.argmax(features.mean(axis=(1, 2)))), "That is a row of the picture: take the mean over the "
        "first two axes, rows and columns, so that one number a channel is left."),
    ]  # fmt: skip
    return judge_number(
        answer,
        right,
        praise=f"Its mean is {means[right]:.2f}; the mean of all {len(means)} channels' is {means.mean():.2f}.",
        mistakes=mistakes,
        hint='session.features(layer, of="content") is (rows, columns, channels): take .mean(axis=(0, 1)), and then '
        "where it is largest.",
        tolerance=1e-9,
    )
