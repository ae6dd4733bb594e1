"""The learning-rate finder: a button, the curve of the total against the rate, and the suggestion."""

from collections.abc import Callable
from html import escape

import numpy as np
from bqplot.axes import Axis
from bqplot.figure import Figure
from bqplot.marks import Label, Lines
from bqplot.scales import LogScale

from nst_explorer.view.debug_view import RATE_TICKS, RateView, format_rate
from nst_explorer.widgets.panel import add_classes, make_box, make_button, make_html

MUTED, INK, HAIRLINE = "var(--nst-muted)", "var(--nst-ink)", "var(--nst-hairline)"
ROOM = 15.0
"""So many times as high a rate is as far away as a label is long."""
KEYS = '<p class="nst-keys"><i></i>smoothed<i class="nst-key-single"></i>each rate by itself</p>'
NOTHING_YET = "Tries 60 rates from 0.0001 to 1 beside the run, from the present picture; the run stays as it is."


class RatePanel:
    """The search of a learning rate.

    Args:
        on_find: Called when a rate is to be searched.
        on_stop: Called when the search is to be given up.
        on_use: Called when the suggested rate is to be taken.
    """

    def __init__(self, on_find: Callable[[], None], on_stop: Callable[[], None], on_use: Callable[[], None]) -> None:
        self._find = make_button("Find a learning rate", on_find)
        self._stop = make_button("Give up", on_stop)
        self._use = make_button("Use this rate", on_use)
        self._words = make_html("", "nst-rate-words")
        self._keys = make_html(KEYS, "nst-hidden")
        self._reason = make_html("", "nst-caption")
        self._chart = _RateChart()
        add_classes(self._chart.figure, "nst-hidden")
        self.root = make_box(
            "nst-rates",
            make_box("nst-rate-buttons", self._find, self._stop, self._use, is_row=True),
            self._words,
            self._keys,
            self._chart.figure,
            self._reason,
        )
        self.show(None)

    def show_none(self, sentence: str) -> None:
        """Shows why there is no rate to find."""
        self._find.disabled = self._use.disabled = self._stop.disabled = True
        self._words.value, self._reason.value = f'<span role="status">{escape(sentence)}</span>', ""
        add_classes(self._chart.figure, "nst-hidden")

    def show(self, view: RateView | None) -> None:
        """Shows a search, or that there is none."""
        is_searching = view is not None and not view.is_done
        self._find.disabled, self._stop.disabled = is_searching, not is_searching
        self._use.disabled = view is None or view.suggestion in (None, view.present_rate)
        if view is None:
            self._words.value = f'<span role="status">{NOTHING_YET}</span>'
            self._reason.value = ""
            for each in (self._keys, self._chart.figure):
                add_classes(each, "nst-hidden")
            return
        words = f"<b>{escape(view.words)}</b>" if view.is_done else escape(view.words)
        bar = "" if view.is_done else f'<progress value="{view.progress:.2f}" aria-label="Rates tried"></progress>'
        role = ' role="status"' if view.is_done else ""  # sixty rates are not told one by one
        self._words.value = f"<span{role}>{words}</span>{bar}"
        self._reason.value = escape(view.reason)
        if view.rates:
            self._chart.show(view)
            for each in (self._keys, self._chart.figure):
                each.remove_class("nst-hidden")


def choose_sides(first: float, second: float | None) -> tuple[str, str]:
    """Returns on which side of its line each of two rates is named: `start` right of it, `end` left of it.

    The lower one is named on the left and the higher one on the right, so that no name lies across the other's line,
    but where the chart ends before the name does.
    """
    low, high = ("end" if min(first, second or first) > RATE_TICKS[0] * ROOM else "start"), "start"
    if max(first, second or first) > RATE_TICKS[-1] / ROOM:
        high = "end"
    if second is None:
        return high, high
    return (low, high) if first <= second else (high, low)


class _RateChart:
    """Totals against rates, both logarithmic; the single totals thin, the smoothed ones thick."""

    def __init__(self) -> None:
        self._x, self._y = LogScale(min=RATE_TICKS[0], max=RATE_TICKS[-1]), LogScale(min=0.01, max=1.0)
        scales = {"x": self._x, "y": self._y}
        self._y_axis = Axis(scale=self._y, orientation="vertical", tick_format="~g", grid_color=HAIRLINE)
        x_axis = Axis(
            scale=self._x,
            grid_lines="none",
            tick_format="~g",
            tick_values=list(RATE_TICKS),
            label="learning rate",
            label_color=MUTED,
            label_location="end",
            label_offset="2.1em",
        )
        nothing = np.array([1.0, 1.0])  # not 0, which has no place on a log scale
        self._raw = Lines(x=nothing, y=nothing, scales=scales, colors=[MUTED], stroke_width=1)
        self._smooth = Lines(x=nothing, y=nothing, scales=scales, colors=[INK], stroke_width=3)
        self._now, self._best = (
            Lines(x=nothing, y=nothing, scales=scales, colors=[color], stroke_width=1, line_style=style, visible=False)
            for color, style in ((MUTED, "dashed"), (INK, "solid"))
        )
        label = {"scales": scales, "default_size": 11, "font_weight": "normal", "colors": [INK], "visible": False}
        # On that side of its line where there is room: bqplot clips what juts out of the plot.
        self._names = {
            (word, align): Label(x=[1.0], y=[1.0], text=[""], align=align, x_offset=offset, **label)
            for word in ("now", "suggested")
            for align, offset in (("start", 5), ("end", -5))
        }
        self.figure = add_classes(
            Figure(
                marks=[self._now, self._best, self._raw, self._smooth, *self._names.values()],
                axes=[x_axis, self._y_axis],
                animation_duration=0,
                fig_margin={"top": 8, "bottom": 36, "left": 44, "right": 8},
                min_aspect_ratio=0.2,
                max_aspect_ratio=20,
            ),
            "nst-rate-chart",
        )

    def show(self, view: RateView) -> None:
        low, high = view.y_range
        if (self._y.min, self._y.max) != (low, high):
            self._y.min, self._y.max = low, high
            self._y_axis.tick_values = list(view.y_ticks)
        rates = np.array(view.rates)
        for line, totals in ((self._raw, view.totals), (self._smooth, view.smooth_totals)):
            with line.hold_sync():
                line.x, line.y = rates, np.array(totals)
        marks = [(self._now, view.present_rate, "now", 0.96), (self._best, view.suggestion, "suggested", 0.86)]
        sides = choose_sides(view.present_rate, view.suggestion)
        for (line, rate, word, height), place in zip(marks, sides, strict=True):
            with line.hold_sync():
                line.visible = rate is not None
                if rate is not None:
                    line.x, line.y = np.array([rate, rate]), np.array([low, high])
            for side in ("start", "end"):
                name = self._names[word, side]
                with name.hold_sync():
                    name.visible = rate is not None and side == place
                    if rate is not None:
                        name.x, name.y = np.array([rate]), np.array([low * (high / low) ** height])
                        name.text = [f"{word} {format_rate(rate)}"]
