"""Pictures side by side, each under its name: what several runs made, or what they began with."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nst_explorer.checks import require_integer
from nst_explorer.errors import InputError
from nst_explorer.figures.paper import WIDTH, draw_picture, lay_out_sheet, measure_heading, write_heading, write_label

COLUMNS = 5
_WIDEST = 1.75
_LINE_HEIGHT = 0.16


def pictures(named: Mapping[str, np.ndarray], *, title: str, note: str = "", columns: int = COLUMNS) -> Figure:
    """Draws pictures in rows, each under its name.

    Args:
        named: Name to `(H, W, 3)`, RGB in [0, 1], of any sizes; a name may have several lines.
        title: What the figure shows.
        note: How to read it.
        columns: At most so many beside each other, 1 to 12.

    Returns:
        A figure of 7 inches' width; `figure.axes` hold the pictures in their order.

    Raises:
        InputError: There is no picture, one is no `(H, W, 3)`, or `columns` is out of range.

    Example:
        >>> pictures({"content": session.full_images.content, "now": session.image}, title="A run")  # doctest: +SKIP
    """
    require_integer("number of columns", columns, 1, 12, unit="", example=str(COLUMNS))
    if not named:
        raise InputError("No picture is given, but a figure needs at least one; give a name and a picture.")
    for name, picture in named.items():
        shape = getattr(picture, "shape", None)
        if shape is None or len(shape) != 3 or shape[-1] != 3:
            raise InputError(
                f'The picture "{name}" has the shape {shape}, but it must be (height, width, 3); try session.image.'
            )
    columns = min(columns, len(named))
    rows = math.ceil(len(named) / columns)
    tile = min(WIDTH / columns, _WIDEST) - 0.07
    lines = max(name.count("\n") + 1 for name in named)
    height = max(picture.shape[0] / picture.shape[1] for picture in named.values())
    sheet = rows * (tile * min(height, 2.0) + 0.06 + _LINE_HEIGHT * lines) + measure_heading(note)
    with lay_out_sheet(sheet, is_compressed=True) as figure:
        grid = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, (name, picture) in zip(grid, named.items(), strict=False):
            draw_picture(axes, picture)
            write_label(axes, name)
        for axes in grid[len(named) :]:
            axes.remove()
        write_heading(figure, title, note)
    return figure
