"""The Gram tab: three heat maps, one cell of them taken apart, and the layer's terms of the loss written out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import ipywidgets as widgets

from nst_explorer.view.channel_pair import MapPicture
from nst_explorer.view.gram_choice import MAPS_OF, ORDERS, GramChoice, count_zooms, zoom
from nst_explorer.view.gram_view import MATRICES, GramView, LossText
from nst_explorer.view.mathml import write_lines
from nst_explorer.view.numbers import format_number
from nst_explorer.widgets.difference_list import DifferenceList
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.panel import (
    Control,
    add_classes,
    make_box,
    make_button,
    make_explanation,
    make_field,
    make_heading,
    make_html,
    make_image,
    make_segments,
)
from nst_explorer.widgets.pointer_surface import PointerSurface
from nst_explorer.widgets.spoken import write_plain

TITLES = {"style": "Style A", "generated": "Generated G", "difference": "Difference G − A"}
MANY_CHANNELS = 64
"""Beyond so many cells a side, a cell is less than three pixels, and the browser is to mix them, not to skip some."""
PAIR_NAMES = ("Feature map i", "Feature map j", "Product of both maps")
NOT_YET = "The Gram matrices appear with the first step."


class GramPanel:
    """The heat maps with their cell, formulas, differences and spectrum.

    Args:
        on_choice: Called with what is to be looked at next, whenever a person points, clicks, types or zooms.
    """

    def __init__(self, on_choice: Callable[[GramChoice], None]) -> None:
        self._on_choice = on_choice
        self._view: GramView | None = None
        self._row = self._make_channel_field("Row i", 0)
        self._column = self._make_channel_field("Column j", 1)
        self._order = Control(
            make_segments("Order", ORDERS, ORDERS[0]),
            lambda order: self._choose(lambda choice: replace(choice, order=order)),
        )
        self._maps_of = Control(
            make_segments("Maps of", MAPS_OF, MAPS_OF[0], "nst-inline"),
            lambda of: self._choose(lambda choice: replace(choice, maps_of=of)),
        )
        self._zoom_in = make_button("Zoom in", lambda: self._zoom(1))
        self._zoom_out = make_button("Zoom out", lambda: self._zoom(-1))
        self._window = make_html("", "nst-caption")
        self._heat_maps = {name: _HeatMap(TITLES[name], name, self) for name in MATRICES}
        self._spectrum = make_html("", "nst-drawing nst-spectrum")
        self._pair = _Pair(self.link)
        self._formulas = make_html("", "nst-formula")
        self._differences = DifferenceList(self.pin)
        self._losses = make_html("", "nst-loss-formula")
        self._symbols = make_html("", "nst-symbols")
        self._notes = make_html("", "nst-notes")
        self._status = make_html(NOT_YET, "nst-status")
        self._body = make_box("nst-gram-body nst-hidden", *self._lay_out())
        self.root = make_box("nst-view nst-gram-view", self._status, self._body)

    def show(self, view: GramView) -> None:
        """Shows a layer at a step."""
        self._view = view
        row, column = view.cell
        for field, value in ((self._row, row), (self._column, column)):
            _show_channel(field, value, view.window.channel_count - 1)
        self._order.show(view.choice.order)
        self._maps_of.show(view.choice.maps_of)
        most = count_zooms(view.window.channel_count)
        self._zoom_in.disabled = min(view.choice.zoom, most) >= most
        self._zoom_out.disabled = min(view.choice.zoom, most) <= 0
        self._window.value = view.window_words
        for name, heat_map in self._heat_maps.items():
            heat_map.show(view.heat_maps[name], view.marks, view.scales[name], view.window.side, view.window_words)
        self._spectrum.value = f'<b>Eigenvalues</b>{view.spectrum}<p class="nst-caption">{view.rank_words}</p>'
        self._pair.show(view.pair, view.cell, "A" if view.choice.maps_of == "style" else "G")
        self._formulas.value = write_lines(view.formulas)
        self._differences.show(view.differences, view.cell)
        self._losses.value = "".join(_write_loss(loss) for loss in view.losses) or (
            f"<p><b>{view.layer}</b> is not in the loss: it is only looked at. Give it a role in the network's map.</p>"
        )
        self._symbols.value = _write_symbols(view.symbols)
        self._notes.value = "".join(f"<p>{note}</p>" for note in view.notes)
        self._status.value = ""
        self._body.remove_class("nst-hidden")

    def show_nothing(self, sentence: str = NOT_YET) -> None:
        """Takes everything away that was shown, and says why."""
        self._view = None
        self._status.value = sentence
        add_classes(self._body, "nst-hidden")

    def point(self, column: int, row: int) -> None:
        """Looks at the cell at a place of the heat maps for as long as the mouse is there."""
        self._choose(lambda choice: replace(choice, hovered=self._locate(column, row)))

    def press(self, column: int, row: int) -> None:
        """Looks at the cell at a place of the heat maps from now on."""
        self._choose(lambda choice: replace(choice, cell=self._locate(column, row)))

    def pin(self, row: int, column: int) -> None:
        """Looks at a cell from now on."""
        self._choose(lambda choice: replace(choice, cell=(row, column), hovered=None))

    def leave(self) -> None:
        """Looks at the chosen cell again."""
        self._choose(lambda choice: replace(choice, hovered=None))

    def turn(self, column: int, row: int, steps: int) -> None:
        """Zooms by the wheel, around the cell under it."""
        self._zoom(steps, self._locate(column, row))

    def link(self, index: int | None) -> None:
        """Marks the row and column of map i (0) or j (1); None takes the marks away."""
        if self._view is not None:
            channel = None if index is None else self._view.cell[index]
            self._choose(lambda choice: replace(choice, linked=channel))

    def _locate(self, column: int, row: int) -> tuple[int, int]:
        return self._view.window.locate(column, row) if self._view is not None else (0, 0)

    def _zoom(self, steps: int, around: tuple[int, int] | None = None) -> None:
        view = self._view
        if view is not None:
            self._choose(lambda choice: zoom(choice, steps, view.window.channel_count, around or view.cell))

    def _choose(self, alter: Callable[[GramChoice], GramChoice]) -> None:
        if self._view is not None:
            choice = alter(self._view.choice)
            if choice != self._view.choice:
                self._on_choice(choice)

    def _type(self, index: int, channel: int) -> None:
        if self._view is not None:
            row, column = self._view.cell
            self.pin(*((channel, column) if index == 0 else (row, channel)))

    def _make_channel_field(self, name: str, index: int) -> Control:
        field = widgets.BoundedIntText(description=name, min=0, max=0)
        return Control(make_field(field, "nst-channel"), lambda channel: self._type(index, channel))

    def _lay_out(self) -> list[widgets.Widget]:
        figures = [heat_map.root for heat_map in self._heat_maps.values()]
        return [
            make_box("nst-gram-controls", self._row.widget, self._column.widget, self._order.widget, is_row=True),
            make_box("nst-gram-zoom", self._window, self._zoom_in, self._zoom_out, is_row=True),
            NotesPlace("Gram"),
            self._notes,
            mark_control(make_box("nst-gram-figures", *figures, self._spectrum), "Gram", "Heat maps"),
            make_box("nst-head", make_heading("Maps i and j"), self._maps_of.widget, is_row=True),
            mark_control(self._pair.root, "Gram", "Maps i and j"),
            self._formulas,
            mark_control(self._differences.root, "Gram", "Largest differences"),
            make_heading("The layer in the loss"),
            self._losses,
            self._symbols,
            make_formula("Gram"),
            make_explanation(
                "The effective rank counts how many directions share the energy; a low one says that most channels "
                "answer to the same thing.",
                "<mtext>effective rank</mtext><mo>=</mo><mfrac><msup><mrow><mo>(</mo><mo>∑</mo><mi>λ</mi><mo>)</mo>"
                "</mrow><mn>2</mn></msup><mrow><mo>∑</mo><msup><mi>λ</mi><mn>2</mn></msup></mrow></mfrac>",
            ),
        ]


class _HeatMap:
    """One matrix: title, picture, marks over it, the pointer's surface over those, and the color scale."""

    def __init__(self, title: str, name: str, panel: GramPanel) -> None:
        description = f"Gram matrix, {title}; the wheel zooms"
        kind = "diverging" if name == "difference" else "viridis"
        self._name = f"Gram matrix, {title}"
        self._image = make_image(self._name, f"nst-gram-map nst-of-{kind}")
        self._marks = make_html("", "nst-drawing nst-gram-marks")
        self._surface = PointerSurface(description, panel.point, panel.press, panel.leave, panel.turn)
        self._scale = make_html("", "nst-scale")
        self._ramp = f'<span class="nst-gram-ramp nst-of-{kind}"></span>'
        stack = make_box("nst-stack", self._image, self._marks, self._surface.widget)
        self.root = make_box("nst-gram-figure", make_html(f"<b>{title}</b>"), stack, self._scale)

    def show(self, png: bytes, marks: str, scale: tuple[str, str], side: int, words: str) -> None:
        if png != self._image.value:
            self._image.value = png
        self._image.tooltip = f"{self._name}: {write_plain(words)}; colors from {scale[0]} to {scale[1]}"
        (self._image.add_class if side > MANY_CHANNELS else self._image.remove_class)("nst-mixed")
        self._marks.value = marks
        self._surface.show_size(side, side)
        self._scale.value = f"{self._ramp}<span>{scale[0]}</span><span>{scale[1]}</span>"


class _Pair:
    """Map i × map j = product, each with what it means in numbers. Pointing at a map marks its channel above."""

    def __init__(self, on_link: Callable[[int | None], None]) -> None:
        self._images = [make_image(name, "nst-gram-small") for name in PAIR_NAMES]
        self._captions = [make_html("", "nst-caption") for _ in PAIR_NAMES]
        surfaces = [self._make_surface(name, index, on_link) for index, name in enumerate(PAIR_NAMES[:2])]
        stacks = [make_box("nst-stack", *each) for each in zip(self._images[:2], surfaces, strict=True)]
        figures = [
            make_box("nst-gram-figure", picture, caption)
            for picture, caption in zip((*stacks, self._images[2]), self._captions, strict=True)
        ]
        times, equals = make_html("×", "nst-operator"), make_html("=", "nst-operator")
        self.root = make_box("nst-gram-pair", figures[0], times, figures[1], equals, figures[2], is_row=True)

    def show(self, pair: tuple[MapPicture, MapPicture, MapPicture], cell: tuple[int, int], matrix: str) -> None:
        for image, picture in zip(self._images, pair, strict=True):
            if image.value != picture.png:
                image.value = picture.png
        maps = [
            f"F<sub>{channel}</sub>, mean {format_number(picture.mean)}"
            for channel, picture in zip(cell, pair[:2], strict=True)
        ]
        product = f"mean <b>{format_number(pair[2].mean)}</b> = {matrix}<sub>{cell[0]},{cell[1]}</sub>"
        for caption, image, name, words in zip(self._captions, self._images, PAIR_NAMES, (*maps, product), strict=True):
            caption.value, image.tooltip = words, f"{name}: {write_plain(words)}"

    def _make_surface(self, name: str, index: int, on_link: Callable[[int | None], None]) -> widgets.Widget:
        return PointerSurface(
            f"{name}; pointing at it marks its row and column", lambda x, y: on_link(index), None, lambda: on_link(None)
        ).widget


def _show_channel(field: Control, value: int, most: int) -> None:
    # A bound that falls below the value, or a value above the bound, would be corrected, and that told as a gesture.
    if most > field.widget.max:
        field.widget.max = most
    field.show(value)
    if most < field.widget.max:
        field.widget.max = most


def _write_loss(loss: LossText) -> str:
    return f"<h4>{loss.title}</h4><p>{loss.words}</p>{write_lines(loss.formulas)}"


def _write_symbols(symbols: Sequence[tuple[str, str]]) -> str:
    """Writes a list that is unfolded on demand; it is one widget, written anew only when a meaning changes."""
    rows = "".join(f"<dt>{symbol}</dt><dd>{meaning}</dd>" for symbol, meaning in symbols)
    return f"<details><summary>What the symbols mean</summary><dl>{rows}</dl></details>"
