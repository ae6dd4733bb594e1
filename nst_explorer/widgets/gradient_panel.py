"""The tab of gradients: who pushes where, how hard, with or against whom; the optimizer's state, and a check."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from nst_explorer.view.gradient_choice import DRAWINGS, GradientChoice, place_pixel
from nst_explorer.view.gradient_view import GradientView, OptimizerView
from nst_explorer.view.term_angles import speak_term
from nst_explorer.widgets.channel_panel import show_picture
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.panel import (
    Control,
    add_classes,
    make_box,
    make_button,
    make_explanation,
    make_facts,
    make_field,
    make_heading,
    make_html,
    make_image,
    make_segments,
    set_class,
    write_explanation,
)
from nst_explorer.widgets.pointer_surface import PointerSurface
from nst_explorer.widgets.spoken import write_plain

MEASURING = "The gradients are being measured: a backward pass for each term …"
PLAYING = (
    "While it plays, the gradients are measured at every 100th step; Measure now measures those of the present one."
)


class GradientPanel:
    """Gradients per term, their angles, the optimizer's state, and the check.

    Attributes:
        root: The widget.

    Args:
        on_choice: Called with what is to be looked at next.
        on_measure: Called when the present step is to be measured, though the run plays.
        on_check: Called with a term, or `total`, whose gradient is to be checked.
    """

    def __init__(
        self,
        on_choice: Callable[[GradientChoice], None],
        on_measure: Callable[[], None],
        on_check: Callable[[str], None],
    ) -> None:
        self._on_choice = on_choice
        self._view: GradientView | None = None
        terms = widgets.Dropdown(description="Term", options=[("total", "total")])
        self._term = Control(make_field(terms, "nst-inline nst-term"), lambda term: self._choose(term=term))
        self._drawing = Control(
            make_segments("Draw", DRAWINGS, DRAWINGS[0], "nst-inline nst-unlabeled"),
            lambda drawing: self._choose(drawing=drawing),
        )
        self._status, self._measure = make_html("", "nst-caption"), make_button("Measure now", on_measure)
        self._caption = make_html("", "nst-caption")
        self._image = make_image("Push at the pixels", "nst-push-picture")
        self._surface = PointerSurface("Point at a pixel of the push", self._point, self._press, self._leave)
        self._legend, self._norms = make_html("", "nst-legend-bar"), make_html("", "nst-table nst-norms")
        self._row, self._column = self._make_place("Pixel row"), self._make_place("Pixel column")
        self._reading = make_html("", "nst-table nst-plain nst-pixel")
        self._angles, self._cosines = make_html("", "nst-sentence"), make_html("", "nst-table nst-cosines")
        self._optimizer = _OptimizerBox()
        self._check_button = make_button("Check the gradient", lambda: on_check(self._term.widget.value))
        self._check = make_html("", "nst-table nst-check")
        self._body = make_box("nst-gradient-body nst-hidden", *self._lay_out())
        self.root = make_box(
            "nst-view nst-gradient",
            make_box("nst-gradient-status", self._status, self._measure, is_row=True),
            NotesPlace("Gradient"),
            self._body,
        )
        self.show_waiting(is_playing=False)

    def show(self, view: GradientView) -> None:
        """Shows a set of gradients."""
        self._view = view
        self._term.show_options([(speak_term(term), term) for term in view.terms], view.choice.term)
        self._drawing.show(view.choice.drawing)
        show_picture(self._image, view.picture.picture, view.picture.kind)
        set_class(self._image, "nst-diverging", is_on=view.picture.is_diverging)
        self._surface.show_size(view.size[1], view.size[0])
        self._caption.value = f"{view.caption}, {view.picture.meaning}"
        self._image.tooltip = f"Push at the pixels: {write_plain(self._caption.value)}"
        self._legend.value = view.picture.legend
        for field, value in zip((self._row, self._column), view.pixel, strict=True):
            field.show(value)
        self._norms.value, self._reading.value = view.norms, view.reading
        self._angles.value, self._cosines.value = f"<p>{view.angles}</p>", view.cosines
        self._optimizer.show(view.optimizer)
        self._body.remove_class("nst-hidden")

    def show_step(self, measured: int, present: int, *, is_playing: bool) -> None:
        """Says of which step the set is, and offers to measure another where none is on its way."""
        is_old = measured != present
        words = (
            f"Measured at step {measured}; the run is at step {present}." if is_old else f"Measured at step {measured}."
        )
        self._status.value = f"{words} {PLAYING}" if is_playing else words if not is_old else f"{words} {MEASURING}"
        set_class(self._measure, "nst-hidden", is_on=not is_playing)

    def show_waiting(self, *, is_playing: bool) -> None:
        """Says that there is no set yet, and when there will be."""
        self._status.value = PLAYING if is_playing else MEASURING
        set_class(self._measure, "nst-hidden", is_on=not is_playing)
        add_classes(self._body, "nst-hidden")

    def show_check(self, table: str, *, is_done: bool) -> None:
        """Shows what a check has found so far; while one goes on, no other is begun."""
        self._check.value = table
        self._check_button.disabled = not is_done

    def end_check(self) -> None:
        """Lets another check begin, where one could not be finished."""
        self._check_button.disabled = False

    def _choose(self, **changes: Any) -> None:
        if self._view is not None:
            choice = replace(self._view.choice, **changes)
            if choice != self._view.choice:
                self._on_choice(choice)

    def _locate(self, column: int, row: int) -> tuple[float, float]:
        height, width = self._view.size if self._view is not None else (1, 1)
        return place_pixel(row, column, height, width)

    def _point(self, column: int, row: int) -> None:
        self._choose(hovered=self._locate(column, row))

    def _press(self, column: int, row: int) -> None:
        self._choose(place=self._locate(column, row))

    def _leave(self) -> None:
        self._choose(hovered=None)

    def _make_place(self, name: str) -> Control:
        # Not a bounded one: its bound would clip the shown value while it changes, as if a person had.
        return Control(make_field(widgets.IntText(description=name, value=0)), lambda _: self._type())

    def _type(self) -> None:
        self._choose(place=self._locate(self._column.widget.value, self._row.widget.value), hovered=None)

    def _lay_out(self) -> list[widgets.Widget]:
        stack = make_box("nst-stack nst-push", self._image, self._surface.widget)
        mark_control(stack, "Gradient", "Push at the pixels")
        place = make_box("nst-place", self._row.widget, self._column.widget, is_row=True)
        return [
            make_box("nst-controls", self._term.widget, self._drawing.widget, is_row=True),
            make_box(
                "nst-beside",
                make_box("nst-figure", self._caption, stack, self._legend),
                make_box("nst-figure nst-norms-place", self._norms),
            ),
            self._angles,
            self._cosines,
            make_formula("Gradient"),
            make_heading("One pixel", "what each term wants of it"),
            place,
            self._reading,
            self._optimizer.root,
            make_box("nst-head", make_heading("Check"), self._check_button, is_row=True),
            self._check,
            make_explanation(
                "A gradient can be checked without knowing how it was computed: move a pixel a little both ways, and "
                "see how the loss changes. The check does so in double precision, and the run stays as it is.",
                "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><mi>x</mi></mrow></mfrac><mo>≈</mo><mfrac>"
                "<mrow><mi>L</mi><mo>(</mo><mi>x</mi><mo>+</mo><mi>h</mi><mo>)</mo><mo>−</mo><mi>L</mi><mo>(</mo>"
                "<mi>x</mi><mo>−</mo><mi>h</mi><mo>)</mo></mrow><mrow><mn>2</mn><mi>h</mi></mrow></mfrac>",
            ),
        ]


class _OptimizerBox:
    """An optimizer's state: the move of each pixel, numbers, and histograms of what it remembers."""

    def __init__(self) -> None:
        self._title, self._caption = make_heading("Optimizer"), make_html("", "nst-caption")
        self._image = make_image("The optimizer's move at each pixel", "nst-push-picture")
        self._legend, self._facts = make_html("", "nst-legend-bar"), make_html("", "nst-state-facts")
        self._memories = make_html("", "nst-drawing nst-memories")
        self._standstill, self._idea = make_html("", "nst-sentence"), make_explanation("")
        self.root = make_box(
            "nst-optimizer-state",
            self._title,
            make_box(
                "nst-beside",
                make_box("nst-figure", self._caption, self._image, self._legend),
                self._memories,
            ),
            self._facts,
            self._standstill,
            self._idea,
        )

    def show(self, view: OptimizerView) -> None:
        """Shows a state."""
        self._title.value = f"<h3>Optimizer</h3><span>{view.title}</span>"
        self._caption.value = view.caption
        self._image.tooltip = f"The optimizer's move at each pixel: {write_plain(view.caption)}"
        show_picture(self._image, view.picture.picture, view.picture.kind)
        self._legend.value = view.picture.legend
        self._facts.value = make_facts(view.facts)
        self._standstill.value, self._idea.value = escape(view.standstill), write_explanation(view.idea)
        self._memories.value = "".join(
            f'<figure><figcaption class="nst-caption">{caption}</figcaption>{chart}</figure>'
            for caption, chart in view.memories
        )
