"""The totals of several runs as curves, against steps or against what they cost."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nst_explorer.checks import require_choice
from nst_explorer.errors import InputError
from nst_explorer.figures.log_axis import write_plain_ticks
from nst_explorer.figures.paper import (
    INK_COLOR,
    MUTED_COLOR,
    SMALL,
    lay_out_sheet,
    measure_heading,
    require_session,
    write_heading,
)
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

AGAINST = ("step", "evaluations")
COLORS = ("#2a6ab0", "#c5463a", "#b98500", "#6d2a86", "#64807a", "#22262c")
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1, 1.2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (3, 1.2, 1, 1.2, 1, 1.2)),
    (0, (8, 2)),
)
LINES: tuple[dict[str, Any], ...] = tuple(
    {"color": color, "linestyle": dash, "linewidth": 1.5} for color, dash in zip(COLORS, DASHES, strict=True)
)
"""A line of its own for each run, so that they can be told apart without color."""
_HEIGHT = 2.8
_GAP = 0.055
"""Between two names, as a part of the axes' height."""


def totals(runs: "Mapping[str, Session]", *, against: str = "step", note: str = "") -> Figure:
    """Draws the total of each run on a log axis, with the run's name and its last total at the end of its curve.

    Totals can be compared where the runs minimize the same: the same images, layers, weights and convention.

    Args:
        runs: Name to run, 1 to 6; each with its present line.
        against: `step`, or `evaluations`: how often the loss was computed on the way, which is what a step costs.
        note: How to read it.

    Returns:
        A figure of 7 inches' width; `figure.axes[0].lines` begins with one line for each run, labeled by its name.

    Raises:
        InputError: There are none or too many runs, or nothing of that name to draw against.

    Example:
        >>> totals({"Adam": session, "L-BFGS": other}, against="evaluations").savefig("totals.svg")  # doctest: +SKIP
    """
    require_choice("axis", against, AGAINST)
    if not 1 <= len(runs) <= len(LINES):
        raise InputError(f"There are {len(runs)} runs, but a figure shows 1 to {len(LINES)}; leave some out.")
    for session in runs.values():
        require_session(session)
    with lay_out_sheet(_HEIGHT + measure_heading(note)) as figure:
        axes = figure.subplots()
        ends = []
        for (name, session), style in zip(runs.items(), LINES, strict=False):
            values = [record.losses["total"] for record in session.line]
            places = [getattr(record, against) for record in session.line]
            axes.plot(places, values, label=name, **style)
            ends.append((places[-1], values[-1]))
        axes.set_yscale("log")
        axes.set_xlim(left=0, right=max(place for place, _ in ends))
        axes.set_xlabel({"step": "step", "evaluations": "evaluations of the loss"}[against])
        axes.set_ylabel("total")
        axes.grid(axis="y", color=MUTED_COLOR, alpha=0.18, linewidth=0.5)
        axes.spines[["top", "right"]].set_visible(False)
        bottom, top = axes.get_ylim()
        write_plain_ticks(axes.yaxis, bottom, top)
        low, high = np.log([bottom, top])
        heights = _spread([(float(np.log(value)) - low) / (high - low) for _, value in ends])
        for (name, (_, value)), height, style in zip(zip(runs, ends, strict=True), heights, LINES, strict=False):
            _name_line(axes, height, f"{name}: {format_number(value)}", style)
        write_heading(figure, f"Total of {len(runs)} runs" if len(runs) > 1 else "Total of a run", note)
    return figure


def _name_line(axes: Axes, height: float, words: str, style: dict[str, Any]) -> None:
    """Writes the words beside the axes, behind a piece of the line that they name."""
    sample = Line2D([1.015, 1.06], [height, height], transform=axes.transAxes, **style)
    sample.set_clip_on(False)
    axes.add_line(sample)
    axes.text(1.07, height, words, transform=axes.transAxes, va="center", fontsize=SMALL, color=INK_COLOR)


def _spread(heights: list[float]) -> list[float]:
    """Moves names apart, upward from the lowest, so that none covers another; as one block back into the axes."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed, last = dict.fromkeys(order, 0.0), -np.inf
    for index in order:
        last = placed[index] = max(heights[index], last + _GAP)
    excess = max(last - 1.0, 0.0)
    return [placed[index] - excess for index in range(len(heights))]
