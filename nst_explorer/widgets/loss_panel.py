"""The loss: live curves, and the same numbers as a table."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from bqplot.axes import Axis
from bqplot.figure import Figure
from bqplot.marks import Label, Lines
from bqplot.scales import LinearScale, LogScale

from nst_explorer.view.loss_curves import LossCurves, LossRow, anchor_ends, is_seen_to_grow
from nst_explorer.view.numbers import format_change, format_number, format_percent
from nst_explorer.view.palette import color_term, letter_term, name_term
from nst_explorer.view.selection import LOSS_SCALES, LOSS_VALUES
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.panel import Control, add_classes, make_box, make_html, make_segments
from nst_explorer.widgets.pointer_surface import PointerSurface

MUTED, INK, HAIRLINE = "var(--nst-muted)", "var(--nst-ink)", "var(--nst-hairline)"
DOT = "●"
SURFACE_COLUMNS, SURFACE_ROWS = 640, 1


class LossPanel:
    """Curves of the total and of every term, and their table.

    Args:
        on_values: Called with `weighted` or `raw`.
        on_scale: Called with `log` or `linear`.
        on_preview: Called with the step under the mouse, or None when it goes.
        on_go: Called with the step that is clicked.
    """

    def __init__(
        self,
        on_values: Callable[[str], None],
        on_scale: Callable[[str], None],
        on_preview: Callable[[int | None], None],
        on_go: Callable[[int], None],
    ) -> None:
        self._shown: LossCurves | None = None
        self._surface = PointerSurface(
            "Loss curves: move to preview a step's picture, click to go there",
            lambda column, _: self._tell(column, on_preview),
            lambda column, _: self._tell(column, on_go),
            lambda: on_preview(None),
        )
        self._surface.show_size(SURFACE_COLUMNS, SURFACE_ROWS)
        self._values = Control(make_segments("Values", LOSS_VALUES, "weighted", "nst-inline"), on_values)
        self._kind = ("", "")
        self._scale = Control(make_segments("Scale", LOSS_SCALES, "log", "nst-inline"), on_scale)
        self._charts = {"log": _Chart(LogScale(min=1e-3, max=1.0)), "linear": _Chart(LinearScale(min=0.0, max=1.0))}
        self._place = make_box("nst-chart-place", self._charts["log"].figure)
        self._table = make_html("", "nst-table")
        self.root = make_box(
            "nst-view",
            make_box("nst-controls", self._values.widget, self._scale.widget, is_row=True),
            NotesPlace("Loss"),
            mark_control(make_box("nst-stack nst-chart-stack", self._place, self._surface.widget), "Loss", "Curves"),
            self._table,
            make_formula("Loss"),
        )

    def show_terms(self, terms: Sequence[str]) -> None:
        """Shows which terms there will be, before there are numbers."""
        self._table.value = _write_table(
            [LossRow(term, math.nan, math.nan, math.nan) for term in terms], None, "weighted"
        )

    def show(
        self, curves: LossCurves, rows: Sequence[LossRow], values: str, scale: str, *, is_playing: bool = False
    ) -> None:
        """Shows the curves on one of the two scales, and the table of the present step.

        While it plays, curves are drawn anew only where that can be seen.
        """
        is_other_chart = (values, scale) != self._kind
        self._kind = (values, scale)
        self._values.show(values)
        self._scale.show(scale)
        chart = self._charts[scale]
        if is_other_chart or not is_playing or is_seen_to_grow(self._shown, curves):
            chart.show(curves)
            self._shown = curves
        if self._place.children != (chart.figure,):
            self._place.children = (chart.figure,)
        self._table.value = _write_table(rows, curves.present_step, values)

    def _tell(self, column: int, on_step: Callable[[int], None]) -> None:
        if self._shown is not None:
            step = round((column + 0.5) / SURFACE_COLUMNS * self._shown.x_range[1])
            on_step(min(step, round(self._shown.steps[-1])))


class _Chart:
    """One bqplot figure. A scale's kind cannot change, so there is one figure for each kind."""

    def __init__(self, y_scale: LinearScale | LogScale) -> None:
        self._x, self._y = LinearScale(min=0, max=1), y_scale
        scales = {"x": self._x, "y": self._y}
        self._x_axis = Axis(
            scale=self._x,
            grid_lines="none",
            label="step",
            label_color=MUTED,
            label_location="end",
            label_offset="2.1em",
        )
        self._y_axis = Axis(scale=self._y, orientation="vertical", tick_format="~g", grid_color=HAIRLINE)
        nothing = np.array([1.0, 1.0])  # not 0, which has no place on a log scale
        self._terms = Lines(x=nothing, y=nothing, scales=scales, stroke_width=1.5)
        self._total = Lines(x=nothing, y=nothing, scales=scales, colors=[INK], stroke_width=3)
        self._marks = Lines(
            x=nothing, y=nothing, scales=scales, colors=[MUTED], stroke_width=1, line_style="dashed", visible=False
        )
        self._now = Lines(x=nothing, y=nothing, scales=scales, colors=[INK], stroke_width=1, visible=False)
        label = {"scales": scales, "default_size": 11, "font_weight": "normal", "align": "start"}
        self._mark_texts = Label(x=[0.0], y=[1.0], text=[""], colors=[MUTED], x_offset=6, **label)
        # In ink, since thin colored letters are hard to read; the color is that of a dot before them.
        self._dots = Label(x=[0.0], y=[1.0], text=[""], colors=[INK], x_offset=8, **label)
        self._names = Label(x=[0.0], y=[1.0], text=[""], colors=[INK], x_offset=20, **label)
        marks = [self._marks, self._mark_texts, self._now, self._terms, self._total, self._dots, self._names]
        self.figure = add_classes(
            Figure(
                marks=marks,
                axes=[self._x_axis, self._y_axis],
                animation_duration=0,
                fig_margin={"top": 8, "bottom": 36, "left": 44, "right": 8},
                min_aspect_ratio=0.2,
                max_aspect_ratio=20,
            ),
            "nst-chart",
        )

    def show(self, curves: LossCurves) -> None:
        low, high = curves.y_range
        self._show_axes(curves)
        thin = [index for index, term in enumerate(curves.terms) if term != "total"]
        with self._terms.hold_sync():
            self._terms.colors = [curves.colors[index] for index in thin]
            self._terms.x, self._terms.y = anchor_ends(curves.steps, curves.values[thin])
        has_total = "total" in curves.terms
        with self._total.hold_sync():
            self._total.visible = has_total
            if has_total:
                self._total.x, self._total.y = curves.steps, curves.values[curves.terms.index("total")]
        with self._now.hold_sync():
            self._now.visible = bool(curves.present_step < curves.steps[-1])
            self._now.x, self._now.y = np.array([curves.present_step] * 2, float), np.array([low, high])
        self._dots.colors = list(curves.colors)
        for words, texts in ((self._dots, [DOT] * len(curves.labels)), (self._names, list(curves.labels))):
            with words.hold_sync():
                words.x, words.y = np.array(curves.label_steps), np.array(curves.label_values)
                words.text = texts
        self._show_marks(curves)

    def _show_axes(self, curves: LossCurves) -> None:
        low, high = curves.y_range
        if (self._y.min, self._y.max) != (low, high):
            self._y.min, self._y.max = low, high
            self._y_axis.tick_values = list(curves.y_ticks)
        if self._x.max != curves.x_range[1]:
            self._x.max = curves.x_range[1]
            self._x_axis.tick_values = list(curves.x_ticks)

    def _show_marks(self, curves: LossCurves) -> None:
        low, high = curves.y_range
        steps = np.array(curves.mark_steps, float)
        with self._marks.hold_sync():
            self._marks.visible = bool(len(steps))
            if len(steps):  # one line with gaps
                self._marks.x = np.repeat(steps, 3)[:-1]
                self._marks.y = np.tile([low, high, np.nan], len(steps))[:-1]
        is_log = isinstance(self._y, LogScale)
        height = low * (high / low) ** 0.97 if is_log else high * 0.97
        with self._mark_texts.hold_sync():
            self._mark_texts.x = steps if len(steps) else np.array([0.0])
            self._mark_texts.y = np.full(max(1, len(steps)), height)
            self._mark_texts.text = list(curves.mark_texts) or [""]


def _write_table(rows: Sequence[LossRow], step: int | None, values: str) -> str:
    body = "".join(_write_row(row) for row in rows)
    first = "term" if step is None else f"term at step {step}"
    head = f'<th>{first}</th><th>{values}</th><th class="nst-meter-cell"></th><th>share</th><th>last 10</th>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _write_row(row: LossRow) -> str:
    color = color_term(row.term)
    share = 0.0 if math.isnan(row.share) else row.share
    return (
        f'<tr class="{"nst-total" if row.term == "total" else ""}">'
        f'<th scope="row"><i style="--mark:{color}">{letter_term(row.term)}</i>{name_term(row.term)}</th>'
        f"<td>{'–' if math.isnan(row.value) else format_number(row.value)}</td>"
        f'<td class="nst-meter-cell"><span class="nst-meter" style="--share:{share:.3f};--bar:{color}"></span></td>'
        f'<td>{format_percent(row.share)}</td><td class="nst-muted">{format_change(row.recent_ratio)}</td></tr>'
    )
