"""The timeline under the result: the run with its branches as a drawing, and jumps along it.

The mouse has the pointer's surface; for the keyboard and for what reads the page aloud, the steps that are marked are
named buttons over the drawing, which the mouse passes through.
"""

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from nst_explorer.view.timeline import WIDTH, Stop, TimelineDrawing
from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import make_box, make_button, make_html
from nst_explorer.widgets.pointer_surface import PointerSurface

JUMPS = ("Start", "Best", "Last change")
HINT = "Move along the line, or the slider, to preview a step."


class Timeline:
    """The drawing with a pointer's surface over it, buttons for jumps, and a line of text.

    Args:
        on_preview: Called with the step under the mouse, or None when it goes.
        on_go: Called with the step that is clicked.
        on_jump: Called with one of `JUMPS`.
    """

    def __init__(
        self,
        on_preview: Callable[[int | None], None],
        on_go: Callable[[int], None],
        on_jump: Callable[[str], None],
    ) -> None:
        self._drawn: TimelineDrawing | None = None
        self._drawing = make_html("", "nst-drawing")
        self._surface = PointerSurface(
            "Timeline: move to preview a step, click to go there",
            lambda column, _: self._tell(column, on_preview),
            lambda column, _: self._tell(column, on_go),
            lambda: on_preview(None),
        )
        self._stops: tuple[Stop, ...] = ()
        self._hits: list[widgets.Button] = []
        self._hit_box = make_box("nst-stops")
        self._on_go = on_go
        self._words = make_html(HINT, "nst-timeline-words")
        self._jumps = [make_button(name, lambda name=name: on_jump(name), "nst-small") for name in JUMPS]
        self.root = make_box(
            "nst-timeline",
            mark_control(
                make_box("nst-stack nst-lanes", self._drawing, self._surface.widget, self._hit_box),
                "result",
                "Timeline",
            ),
            make_box("nst-jumps", *self._jumps, self._words, is_row=True),
        )

    def show(self, drawing: TimelineDrawing, *, is_playing: bool = False) -> None:
        """Shows the run; while it plays, the named buttons stay where they are, and go where they say."""
        self._drawn = drawing
        if self._drawing.value != drawing.svg:
            self._drawing.value = drawing.svg
        self._surface.show_size(WIDTH, drawing.rows)
        if not is_playing and drawing.stops != self._stops:
            self._show_stops(drawing.stops)

    def show_words(self, words: str) -> None:
        """Says what is previewed and what going there costs; empty for nothing."""
        self._words.value = f'<span role="status">{escape(words or HINT)}</span>'

    def _show_stops(self, stops: tuple[Stop, ...]) -> None:
        self._stops = stops
        while len(self._hits) < len(stops):
            place = len(self._hits)
            self._hits.append(make_button("", lambda place=place: self._go(place), "nst-hit nst-stop-hit"))
        for hit, stop in zip(self._hits, stops, strict=False):
            hit.description = f"Go to step {stop.step}, {stop.name}"
            # The one place where Python tells a position: it is a number of this run, as the drawing's are.
            hit.layout.left, hit.layout.top = f"{stop.left:.2%}", f"{stop.top:.2%}"
        shown = tuple(self._hits[: len(stops)])
        if self._hit_box.children != shown:
            self._hit_box.children = shown

    def _go(self, place: int) -> None:
        if place < len(self._stops):
            self._on_go(self._stops[place].step)

    def _tell(self, column: int, on_step: Callable[[int], None]) -> None:
        if self._drawn is not None:
            on_step(self._drawn.find_step(column))
