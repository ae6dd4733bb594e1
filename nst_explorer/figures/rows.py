"""Reconstructions: what a layer knows of an image, made visible by painting it anew from that layer alone."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from nst_explorer.checks import require_choice, require_integer
from nst_explorer.errors import InputError
from nst_explorer.figures.paper import (
    WIDTH,
    draw_picture,
    lay_out_sheet,
    measure_heading,
    require_session,
    write_heading,
    write_label,
)
from nst_explorer.layers import find_layer
from nst_explorer.recipe import SIZE_RANGE, require_steps
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

ROLES = ("content", "style")
COLUMNS = 6
_LABEL_HEIGHT = 0.22


def reconstructions(
    session: "Session",
    layers: Iterable[str] | None = None,
    *,
    of: str = "content",
    steps: int = 150,
    size: int = 128,
) -> Figure:
    """Computes an image anew from each of some layers, beginning with noise, and draws the original before them.

    Every layer takes a run of its own, so this takes a few seconds with a slim network and minutes with full VGG19 on a
    CPU. The session is not touched; its network, pooling, style loss and seed are used, Adam, and no variation term.

    Args:
        session: Whose images and network.
        layers: Names; if left out, `block1_conv2` … `block5_conv2` of the content, or `block1_conv1` … of the style.
        of: `content`, by the layer's features, or `style`, by its style loss.
        steps: Of each run, 1 or more.
        size: Longest side of the pictures in pixels, 32 to 4,096; larger ones are reduced.

    Returns:
        A figure of 7 inches' width; `figure.axes[0]` holds the original, `[1]` … the layers' pictures in their order,
        `(H, W, 3) float32`. The number under a layer's name is its loss that was left, in the convention `relative`.

    Raises:
        InputError: There is no such layer or image, or a number is out of range.
        DivergedError: The loss of a run is not a number.

    Example:
        >>> reconstructions(session, ["block1_conv2", "block4_conv2"], steps=50)  # doctest: +SKIP

    Source: Gatys, Ecker and Bethge (2016), figure 1. There the style is taken from growing sets of layers, and the
        optimizer is L-BFGS; here from each layer alone, by Adam.
    """
    # Not at the top, so that the other figures can be had before TensorFlow is loaded.
    from nst_explorer.session.reconstruction import reconstruct

    require_session(session)
    require_choice("image", of, ROLES)
    require_integer("size", size, *SIZE_RANGE, unit=" pixels", example="128")
    names = _choose_layers(layers, of)
    original, pictures = reconstruct(session, names, of, require_steps(steps), size)
    height, width, _ = original.shape
    columns = min(COLUMNS, 1 + len(names))
    rows = math.ceil((1 + len(names)) / columns)
    what = "features" if of == "content" else "style statistics"
    note = (
        f"Each picture of {width} × {height} px was painted by {steps} steps of Adam from noise, by the {what} of one "
        f"layer alone; the loss is what is left of it in the end. Network {session.weights.name}, "
        f"{session.recipe.pooling} pooling, convention relative."
    )
    tile = min(WIDTH / columns, 2.5) - 0.07
    sheet = rows * (tile * height / width + _LABEL_HEIGHT) + measure_heading(note)
    with lay_out_sheet(sheet, is_compressed=True) as figure:
        grid = figure.subplots(rows, columns, squeeze=False).ravel()
        draw_picture(grid[0], original)
        write_label(grid[0], f"the {of}\n")
        for axes, name, (picture, loss) in zip(grid[1:], names, pictures, strict=False):
            draw_picture(axes, picture)
            write_label(axes, f"{name}\nloss {format_number(loss)}")
        for axes in grid[1 + len(names) :]:
            axes.remove()
        write_heading(figure, f"What layers keep of the {of}", note)
    return figure


def _choose_layers(layers: Iterable[str] | None, of: str) -> tuple[str, ...]:
    if layers is None:
        return tuple(f"block{block}_conv{2 if of == 'content' else 1}" for block in range(1, 6))
    if isinstance(layers, str):
        layers = [layers]
    names = tuple(find_layer(name).name for name in layers)
    if not names:
        raise InputError("No layer is given, but a reconstruction needs at least one; leave layers out for five.")
    return names
