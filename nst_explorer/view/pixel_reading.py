"""One value of a map: what it is, and the part of the picture that it sees."""

from dataclasses import dataclass

import numpy as np

from nst_explorer.layers import Box, Layer, locate_receptive_field
from nst_explorer.view.numbers import format_number


@dataclass(frozen=True)
class PixelReading:
    """A value and its receptive field.

    Attributes:
        row: Its row in the map, from 0.
        column: Its column.
        text: `(x 12, y 30): 0.831 · sees 40 × 40 px`.
        field: The part of the picture it sees.
        mark: A frame around it, as SVG over the map.
        field_mark: A frame around its receptive field, as SVG over the picture, with the rest dimmed.
    """

    row: int
    column: int
    text: str
    field: Box
    mark: str
    field_mark: str


def read_pixel(values: np.ndarray, layer: Layer, row: int, column: int, picture_size: tuple[int, int]) -> PixelReading:
    """Reads one value of a map.

    Args:
        values: `(h, w) float32`.
        layer: The map's layer.
        row: Row, from 0.
        column: Column, from 0.
        picture_size: Height and width of the picture that the map was computed of.
    """
    height, width = picture_size
    field = locate_receptive_field(layer, row, column, height, width)
    is_cut = max(field.height, field.width) < layer.receptive_field or field.height != field.width
    side = layer.receptive_field
    cut = f" of {side} × {side}, cut by the border" if is_cut else ""
    text = (
        f"(x {column}, y {row}): {format_number(float(values[row, column]))} · "
        f"sees {field.width} × {field.height} px{cut}"
    )
    rows, columns = values.shape
    mark = _draw_over(columns, rows, _draw_frame(column, row, 1, 1))
    frame = _draw_frame(field.left, field.top, field.width, field.height)
    return PixelReading(row, column, text, field, mark, _draw_over(width, height, _dim_rest(field) + frame))


def _draw_over(width: int, height: int, parts: str) -> str:
    """Returns a drawing that is stretched over its picture and not read out: the text says it."""
    return f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">{parts}</svg>'


def _draw_frame(x: int, y: int, width: int, height: int) -> str:
    """Draws a light line on a dark one: seen on every picture."""
    rectangle = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect class="nst-frame-dark" {rectangle}/><rect class="nst-frame-light" {rectangle}/>'


def _dim_rest(box: Box) -> str:
    return (
        '<path class="nst-dimmed" fill-rule="evenodd" '
        f'd="M0 0H9999V9999H0zM{box.left} {box.top}H{box.right}V{box.bottom}H{box.left}z"/>'
    )
