"""The line-up: runs of the same two pictures side by side, with the loss that each says it has."""

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nst_explorer.figures.paper import (
    INK_COLOR,
    MUTED_COLOR,
    SMALL,
    draw_picture,
    lay_out_sheet,
    measure_heading,
    write_heading,
    write_label,
)
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

COLUMNS = 3
_LABEL_GAP = 0.075
_NOTE = (
    "Above: the picture of each run at its newest step. Below: its total, as the run itself has it, on a log axis; the "
    "numbers at the curves' ends are those of the last step. The thick line is the healthy run."
)
_DASHES = ("-", (0, (7, 1.2)), (0, (4, 1.5)), (0, (6, 1.5, 1, 1.5)), (0, (1, 1.2)), (0, (3, 1.2, 1, 1.2, 1, 1.2)))


def line_up_runs(runs: "Mapping[str, Session]") -> Figure:
    """Draws the pictures and the totals of some runs.

    Args:
        runs: What each is called, the healthy one first.

    Returns:
        A figure of 7 inches' width: `figure.axes[0]` … the pictures in their order, the last one the curves.
    """
    height, width, _ = next(iter(runs.values())).image.shape
    rows = -(-len(runs) // COLUMNS)
    row_height = 5.4 / COLUMNS * height / width + 0.3
    curves_height = 2.6
    with lay_out_sheet(rows * row_height + curves_height + measure_heading(_NOTE)) as figure:
        grid = figure.add_gridspec(rows + 1, COLUMNS, height_ratios=[*[row_height] * rows, curves_height])
        for place, (name, session) in enumerate(runs.items()):
            axes = figure.add_subplot(grid[place // COLUMNS, place % COLUMNS])
            draw_picture(axes, session.image)
            write_label(axes, f"{name}, step {session.step}", weight="bold" if place == 0 else "normal")
        _draw_totals(figure.add_subplot(grid[rows, :]), runs)
        write_heading(figure, "One run is right, and the others have a fault each", _NOTE)
    return figure


def _draw_totals(axes: Axes, runs: "Mapping[str, Session]") -> None:
    ends = {}
    for (name, session), dashes in zip(runs.items(), cycle(_DASHES)):
        totals = [record.losses["total"] for record in session.line]
        is_first = not ends
        color = INK_COLOR if is_first else MUTED_COLOR
        axes.plot(range(len(totals)), totals, color=color, linestyle=dashes, linewidth=2.2 if is_first else 1.2)
        ends[name] = totals[-1]
    axes.set_yscale("log")
    axes.set_xlim(0, max(max(len(session.line) for session in runs.values()) - 1, 1))
    axes.set_xlabel("step")
    axes.set_ylabel("total")
    axes.spines[["top", "right"]].set_visible(False)
    for name, height in _spread_labels(axes, ends).items():
        text = f"{name}: {format_number(ends[name])}"
        axes.text(1.01, height, text, transform=axes.transAxes, va="center", fontsize=SMALL, color=INK_COLOR)


def _spread_labels(axes: Axes, ends: Mapping[str, float]) -> dict[str, float]:
    """Returns where each curve's name stands, as a part of the axes' height, no two over each other."""
    low, high = np.log(axes.get_ylim())
    heights: dict[str, float] = {}
    lowest = 0.0
    for name, end in sorted(ends.items(), key=lambda each: each[1]):
        heights[name] = max(float((np.log(end) - low) / (high - low)), lowest)
        lowest = heights[name] + _LABEL_GAP
    return heights
