"""One channel at close range: the enlarged map beside the picture it was computed of, and where a value looks."""

from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.view.channel_detail import ChannelDetail
from nst_explorer.view.pixel_reading import PixelReading
from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import Control, add_classes, make_box, make_field, make_html, make_image, set_class
from nst_explorer.widgets.pointer_surface import PointerSurface
from nst_explorer.widgets.spoken import write_reading


class ChannelPanel:
    """The chosen channel.

    Args:
        on_channel: Called with the number of another channel.
        on_overlay: Called with whether the map is to lie over the picture.
        on_pixel: Called with row and column of another value, by mouse or by number.
    """

    def __init__(
        self,
        on_channel: Callable[[int], None],
        on_overlay: Callable[[bool], None],
        on_pixel: Callable[[int, int], None],
    ) -> None:
        self._pixel = (0, 0)
        self._told = ""
        self._channel = Control(_make_number("Channel"), on_channel)
        overlay = add_classes(widgets.Checkbox(description="Overlay", value=False, indent=False), "nst-toggle")
        self._overlay = Control(overlay, on_overlay)
        self._row = Control(_make_number("Row"), lambda row: on_pixel(row, self._pixel[1]))
        self._column = Control(_make_number("Column"), lambda column: on_pixel(self._pixel[0], column))
        self._map = make_image("The chosen feature map", "nst-close-map")
        self._surface = PointerSurface("Point at a value of the feature map", lambda x, y: on_pixel(y, x))
        self._mark, self._field_mark = make_html("", "nst-over"), make_html("", "nst-over")
        self._picture = make_image("The picture, with what the value sees", "nst-close-picture")
        self._reading = make_html("", "nst-reading")
        self._histogram = make_html("", "nst-drawing nst-histogram")
        self._facts = make_html("", "nst-table nst-plain")
        self._title, self._picture_title = make_html("", "nst-title"), make_html("", "nst-title")
        numbers = (self._channel.widget, self._column.widget, self._row.widget, overlay)
        enlarged = self._stack(self._map, self._mark, self._surface.widget)
        self.root = make_box(
            "nst-close",
            make_box("nst-close-controls", *numbers, is_row=True),
            make_box(
                "nst-close-pair",
                make_box("nst-figure", self._title, mark_control(enlarged, "Feature maps", "Value of the map")),
                make_box("nst-figure", self._picture_title, self._stack(self._picture, self._field_mark)),
                self._reading,
                self._histogram,
                self._facts,
            ),
        )

    def show(self, detail: ChannelDetail, picture: bytes, picture_kind: str, picture_name: str) -> None:
        """Shows the map, its numbers, and a picture beside it.

        Args:
            detail: The chosen channel.
            picture: What the map was computed of, encoded.
            picture_kind: Its format, `png` or `jpeg`.
            picture_name: What the picture is called.
        """
        self._channel.show(detail.channel)
        self._overlay.show(detail.is_overlaid)
        show_picture(self._map, detail.picture, detail.kind)
        show_picture(self._picture, picture, picture_kind)
        over = ", over the picture" if detail.is_overlaid else ""
        self._map.tooltip = f"Feature map of channel {detail.channel}, {detail.columns} × {detail.rows} values{over}"
        self._picture.tooltip = f"{picture_name}, with a frame around what the value sees"
        set_class(self._map, "nst-fine", is_on=detail.is_fine)
        set_class(self._map, "nst-diverging", is_on=detail.is_difference and not detail.is_overlaid)
        self._surface.show_size(detail.columns, detail.rows)
        self._title.value = f"<b>Channel {detail.channel}</b>"
        self._picture_title.value = f"<b>{picture_name}</b>"
        self._histogram.value = detail.histogram
        self._facts.value = _write_facts(detail.facts)

    def show_pixel(self, reading: PixelReading) -> None:
        """Shows one value and what it sees."""
        is_other_place = self._pixel != (reading.row, reading.column)
        self._pixel = (reading.row, reading.column)
        self._row.show(reading.row)
        self._column.show(reading.column)
        if is_other_place or self._told != reading.text:
            self._told = reading.text
            self._reading.value = write_reading(reading.text, is_told=is_other_place)
        self._mark.value = reading.mark
        self._field_mark.value = reading.field_mark

    def _stack(self, *parts: widgets.Widget) -> widgets.Box:
        return make_box("nst-stack", *parts)


def show_picture(image: widgets.Image, picture: bytes, kind: str) -> None:
    """Shows other bytes in one message, and the same ones in none."""
    if (image.value, image.format) != (picture, kind):
        with image.hold_sync():
            image.format, image.value = kind, picture


def _make_number(description: str) -> widgets.IntText:
    # Not a bounded one: its bound would clip the shown value while it changes, as if a person had.
    return make_field(widgets.IntText(description=description, value=0))


def _write_facts(facts: tuple[tuple[str, str], ...]) -> str:
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in facts)
    return f"<table><tbody>{rows}</tbody></table>"
