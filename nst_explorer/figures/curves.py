"""The losses of a run as curves, each named at its end, with the changes of the recipe."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from nst_explorer.checks import require_choice
from nst_explorer.figures.paper import (
    INK_COLOR,
    MUTED_COLOR,
    SMALL,
    color_line,
    lay_out_sheet,
    measure_heading,
    require_session,
    write_heading,
)
from nst_explorer.recipe_changes import describe_mark
from nst_explorer.view.loss_curves import LossCurves, draw_curves
from nst_explorer.view.numbers import format_number
from nst_explorer.view.palette import letter_term, name_term
from nst_explorer.view.selection import LOSS_SCALES, LOSS_VALUES

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.session import Session

_HEIGHT = 3.1
_VALUE_TEXTS = {"weighted": "weighted terms, which add up to the total", "raw": "terms before their weights"}
_DASHES = {
    "Σ": "-",
    **{f"C{block}": "-" for block in range(1, 6)},
    "V": (0, (1, 3)),
    "S1": (0, (7, 1.2)),
    "S2": (0, (4, 1.5)),
    "S3": (0, (6, 1.5, 1, 1.5)),
    "S4": (0, (1, 1.2)),
    "S5": (0, (3, 1.2, 1, 1.2, 1, 1.2)),
}
"""Letter of a term to its line, so that terms can be told apart without color; the total's is thick."""


def loss_curves(session: "Session", *, values: str = "weighted", scale: str = "log") -> Figure:
    """Draws the losses of the branch at hand, from its start to its newest step.

    Each term has its name at the curve's end and a line of its own; a change of the recipe is a numbered line, told
    below. Nothing is smoothed; a run of more than 400 steps is thinned to 400 points, and on a log axis what is more
    than six decades under the top, or 0, lies on the bottom.

    Args:
        session: Whose run.
        values: `weighted`, terms that add up to the total, or `raw`, before their weights and without total.
        scale: `log` or `linear`.

    Returns:
        A figure of 7 inches' width; `figure.axes[0].lines` begins with one line for each term, which has the term as
        its label.

    Raises:
        InputError: There are no such values or scale.

    Example:
        >>> loss_curves(session, values="raw").savefig("losses.pdf")  # doctest: +SKIP
    """
    require_session(session)
    require_choice("values", values, LOSS_VALUES)
    require_choice("scale", scale, LOSS_SCALES)
    line, step = session.line, session.step
    curves = draw_curves(line, step, values, scale)
    changes = [(record.step, describe_mark(before, record)) for before, record in pairwise(line) if record.is_change]
    last = line[-1]
    source = f"convention {last.recipe.convention}, network {session.weights.name}"
    read = [record.losses if values == "weighted" else record.raw for record in line]
    is_cut = min(min(numbers.values()) for numbers in read) < curves.y_range[0] * (1 - 1e-9)
    cut = f" What is under {_write_tick(curves.y_range[0])}, such as 0, is drawn on the bottom." if is_cut else ""
    note = "\n".join(
        [
            f"{_VALUE_TEXTS[values].capitalize()}; {source}.{cut}",
            *(f"{number}: from step {at}, {change}." for number, (at, change) in enumerate(changes, 1)),
        ]
    )
    with lay_out_sheet(_HEIGHT + measure_heading(note)) as figure:
        axes = figure.subplots()
        _lay_out_axes(axes, curves, scale)
        _draw_lines(axes, curves)
        _draw_names(axes, curves)
        _draw_changes(axes, changes)
        write_heading(figure, _write_title(last, values), note)
    return figure


def _write_title(last: "Record", values: str) -> str:
    total = f", total {format_number(last.losses['total'])} at the end" if values == "weighted" else ""
    return f"Loss, steps 0 to {last.step}{total}"


def _lay_out_axes(axes: Axes, curves: LossCurves, scale: str) -> None:
    axes.set_yscale(scale)
    axes.set_xlim(0, max(float(curves.steps[-1]), 1.0))
    axes.set_ylim(*curves.y_range)
    axes.set_yticks(curves.y_ticks, labels=[_write_tick(tick) for tick in curves.y_ticks])
    axes.set_yticks([], minor=True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 5, 10], integer=True))
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.grid(axis="y", color=MUTED_COLOR, alpha=0.18, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _write_tick(tick: float) -> str:
    """Writes a round number without the zeros that `format_number` gives it."""
    return f"{tick:,g}" if 1e-3 <= tick < 1e3 else format_number(tick).replace(".00", "")


def _draw_lines(axes: Axes, curves: LossCurves) -> None:
    for term, row in zip(curves.terms, curves.values, strict=True):
        letter = letter_term(term)
        (line,) = axes.plot(
            curves.steps,
            row,
            label=term,
            color=color_line(term),
            linewidth=1.9 if letter == "Σ" else 1.3,
            linestyle=_DASHES[letter],
            marker="o" if np.isfinite(row).sum() == 1 else None,
            markersize=4,
            clip_on=False,
            dash_capstyle="butt",
        )
        line.set_zorder(3 if letter == "Σ" else 2)


def _draw_names(axes: Axes, curves: LossCurves) -> None:
    """Writes a curve's name beside the axes, joined to its end where it had to move; inside where it ended earlier."""
    for index, (term, row) in enumerate(zip(curves.terms, curves.values, strict=True)):
        present = np.flatnonzero(np.isfinite(row))
        if not len(present):
            continue
        end, is_newest = float(row[present[-1]]), present[-1] == len(row) - 1
        name = curves.labels[index] or name_term(term)
        if not is_newest:
            axes.annotate(name, (curves.steps[present[-1]], end), (2, 3), textcoords="offset points", fontsize=SMALL)
            continue
        height, beside = curves.label_values[index], axes.get_yaxis_transform()
        leader = Line2D([1.0, 1.015], [end, height], transform=beside, color=color_line(term), linewidth=0.8)
        leader.set_clip_on(False)
        axes.add_line(leader)
        axes.text(1.02, height, name, transform=beside, va="center", fontsize=SMALL, color=INK_COLOR)


def _draw_changes(axes: Axes, changes: list[tuple[int, str]]) -> None:
    for number, (step, _) in enumerate(changes, 1):
        axes.axvline(step, color=MUTED_COLOR, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        axes.text(
            step,
            1.01,
            str(number),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=SMALL,
            color=INK_COLOR,
        )
