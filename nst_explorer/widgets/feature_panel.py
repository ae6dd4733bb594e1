"""Feature maps: the mosaic of a layer's channels, of which one is looked at closely."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from nst_explorer.view.channel_detail import ChannelDetail
from nst_explorer.view.channel_order import Ordering
from nst_explorer.view.feature_choice import MAP_SOURCES, ORDERS, SCALES, FeatureChoice
from nst_explorer.view.feature_mosaic import PAGE_SIZE, Mosaic
from nst_explorer.view.pixel_reading import PixelReading
from nst_explorer.widgets.channel_panel import ChannelPanel, show_picture
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.panel import (
    Control,
    add_classes,
    make_box,
    make_button,
    make_field,
    make_html,
    make_image,
    make_segments,
    set_class,
)
from nst_explorer.widgets.spoken import write_plain
from nst_explorer.widgets.tile_line import TileLine


class FeaturePanel:
    """The tab of feature maps.

    Attributes:
        root: The widget.
        ordering: The order of channels that is shown, None before there is one.

    Args:
        on_choice: Called with a field of `FeatureChoice` (`of`, `order`, `scale`, `page`, `channel`, `is_overlaid`)
            and its new value.
        on_pixel: Called with row and column, from 0, of another value of the enlarged map; they may lie beyond it.
    """

    def __init__(self, on_choice: Callable[[str, Any], None], on_pixel: Callable[[int, int], None]) -> None:
        self.ordering: Ordering | None = None
        self._channels: tuple[int, ...] = ()
        self._page = 0
        self._on_choice = on_choice
        self._of = Control(
            make_segments("Maps of", MAP_SOURCES, MAP_SOURCES[0], "nst-inline"), lambda of: on_choice("of", of)
        )
        orders = widgets.Dropdown(description="Sorted by", options=ORDERS)
        self._order = Control(make_field(orders, "nst-inline nst-order"), lambda order: on_choice("order", order))
        self._scale = Control(
            make_segments("Color scale", SCALES, SCALES[0], "nst-inline"), lambda scale: on_choice("scale", scale)
        )
        self._previous = make_button("Previous channels", lambda: on_choice("page", self._page - 1))
        self._next = make_button("Next channels", lambda: on_choice("page", self._page + 1))
        self._range = make_html("", "nst-page-range")
        self._caption, self._legend = make_html("", "nst-caption"), make_html("", "nst-legend-bar")
        self._image = make_image("Feature maps", "nst-mosaic-picture")
        # One layout and one style for all buttons: each would be a widget of its own.
        self._shared: dict[str, Any] = {"layout": widgets.Layout(), "style": widgets.ButtonStyle()}
        self._hits: list[widgets.Button] = []
        self._filled = 0, 0
        self._hit_box = mark_control(make_box("nst-hits"), "Feature maps", "Mosaic")
        self._mosaic = make_box("nst-stack nst-mosaic", self._image, self._hit_box)
        self._line = TileLine()
        self._close = ChannelPanel(
            lambda channel: on_choice("channel", channel), lambda is_on: on_choice("is_overlaid", is_on), on_pixel
        )
        self._pages = make_box("nst-pages", self._previous, self._range, self._next, is_row=True)
        self.root = make_box(
            "nst-view nst-features",
            make_box("nst-controls", self._of.widget, self._order.widget, self._scale.widget, is_row=True),
            NotesPlace("Feature maps"),
            self._caption,
            self._mosaic,
            self._line.root,
            self._legend,
            self._pages,
            self._close.root,
            make_formula("Feature maps"),
        )

    def show(
        self,
        choice: FeatureChoice,
        ordering: Ordering,
        mosaic: Mosaic,
        detail: ChannelDetail,
        *,
        caption: str,
        legend: str,
        tiles: Sequence[str],
        picture: bytes,
        picture_kind: str,
        picture_name: str,
    ) -> None:
        """Shows a page of maps and the chosen channel.

        Args:
            choice: What was asked for.
            ordering: The order of channels.
            mosaic: The page.
            detail: The chosen channel.
            caption: What the mosaic shows, as HTML.
            legend: What its colors mean, as HTML.
            tiles: The numbers of each of its channels, as HTML.
            picture: What the maps were computed of, encoded.
            picture_kind: Its format, `png` or `jpeg`.
            picture_name: What it is called.
        """
        self.ordering = ordering
        self._of.show(choice.of)
        self._order.show(choice.order)
        self._scale.show(choice.scale)
        self._caption.value, self._legend.value = caption, legend
        self._line.show(tiles)
        self._show_mosaic(mosaic, detail.channel)
        self._image.tooltip = f"Feature maps: {write_plain(caption)}; channels {mosaic.page}"
        self._close.show(detail, picture, picture_kind, picture_name)

    def show_pixel(self, reading: PixelReading) -> None:
        """Shows one value of the enlarged map and what it sees."""
        self._close.show_pixel(reading)

    def _show_mosaic(self, mosaic: Mosaic, chosen: int) -> None:
        page = mosaic.page
        self._page, self._channels = page.index, page.channels
        self._range.value = str(page)
        set_class(self._pages, "nst-hidden", is_on=page.total <= PAGE_SIZE)
        self._previous.disabled, self._next.disabled = page.index == 0, page.is_last
        show_picture(self._image, mosaic.picture, mosaic.kind)
        set_class(self._image, "nst-fine", is_on=mosaic.is_reduced)
        set_class(self._mosaic, "nst-diverging-tiles", is_on=mosaic.is_difference)
        set_class(self._mosaic, "nst-wide-tiles", is_on=page.columns == 4)
        self._fill_hits(len(page.channels), page.columns)
        for hit, channel, name, mark in zip(self._hits, page.channels, mosaic.names, mosaic.marks, strict=False):
            hit.description = name
            # One message for each button that changes, and none for the others.
            classes = ["nst-hit", *([f"nst-{mark}"] if mark else []), *(["nst-chosen"] if channel == chosen else [])]
            if list(hit._dom_classes) != classes:
                hit._dom_classes = classes

    def _fill_hits(self, count: int, columns: int) -> None:
        while len(self._hits) < min(count, PAGE_SIZE):
            self._hits.append(self._make_hit(len(self._hits)))
        blanks = -count % columns
        if self._filled != (count, blanks):
            self._filled = count, blanks
            paper = [make_html("", "nst-blank") for _ in range(blanks)]
            self._hit_box.children = (*self._hits[:count], *paper)

    def _make_hit(self, place: int) -> widgets.Button:
        hit = widgets.Button(**self._shared)
        hit.on_click(lambda _: self._click(place))
        return add_classes(hit, "nst-hit")

    def _click(self, place: int) -> None:
        if place < len(self._channels):
            self._on_choice("channel", self._channels[place])
