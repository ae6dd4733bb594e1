"""The Gram matrix as a heat map: one pixel a cell, which the browser enlarges, and marks as a drawing over it.

So a hover sends a few rectangles and no picture. Style and generated share one scale, from 0 to the 99th percentile of
what is seen of the style, as the strongest cells would leave the rest dark; their difference is centered on 0.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from nst_explorer.view.colormaps import DIVERGING, LEVELS, VIRIDIS, Colormap, paint_values
from nst_explorer.view.gram_choice import Window, count_zooms
from nst_explorer.view.numbers import format_number
from nst_explorer.view.svg import draw_svg

PERCENTILE = 99
THINNEST = 1 / 60
"""The least width of a mark, in parts of the picture: where there are many channels, a cell is too thin to be seen."""


@dataclass(frozen=True)
class Bounds:
    """The numbers at the ends of the color scales.

    Attributes:
        gram: Of the style's and the generated picture's matrix, from 0.
        difference: Of their difference, from minus this.
    """

    gram: float
    difference: float


def measure_bounds(style: np.ndarray, generated: np.ndarray, window: Window) -> Bounds:
    """Returns the bounds of the scales for what is seen of two matrices `(C, C)`; 0 where there is nothing."""
    seen = np.ix_(window.rows, window.columns)
    with np.errstate(invalid="ignore", over="ignore"):
        return Bounds(
            measure_height(style[seen], PERCENTILE), measure_height(np.abs(generated[seen] - style[seen]), PERCENTILE)
        )


def draw_gram(gram: np.ndarray, window: Window, bounds: Bounds) -> bytes:
    """Returns the matrix as a PNG of one pixel a cell."""
    return encode_values(gram[np.ix_(window.rows, window.columns)], VIRIDIS, 0, bounds.gram)


def draw_gram_difference(difference: np.ndarray, window: Window, bounds: Bounds) -> bytes:
    """Returns the difference of two matrices as a PNG of one pixel a cell."""
    if bounds.difference == 0:  # as the middle of the scale, and not as its low end
        bounds = Bounds(bounds.gram, 1.0)
    shown = difference[np.ix_(window.rows, window.columns)]
    return encode_values(shown, DIVERGING, -bounds.difference, bounds.difference)


def encode_values(values: np.ndarray, colormap: Colormap, low: float, high: float) -> bytes:
    """Encodes `(h, w)` as a PNG, colored as `paint_values` does; in 8 bits a pixel where every value is a number."""
    scale = (LEVELS - 1) / (high - low) if high > low else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        levels = np.clip((values - low) * scale + 0.5, 0, LEVELS - 1)
    if np.isnan(levels).any():
        picture = Image.fromarray(paint_values(values, colormap, low, high))
    else:
        picture = Image.fromarray(levels.astype(np.uint8))
        picture.putpalette(colormap.colors.tobytes())
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def draw_marks(window: Window, cell: tuple[int, int], linked: int | None) -> str:
    """Returns row and column of the cell as half-transparent bars, with the cell itself left open, as SVG.

    Args:
        window: The channels that are seen.
        cell: Row i and column j.
        linked: A channel whose row and column get dashed lines, or None.
    """
    side, width = window.side, max(1.0, window.side * THINNEST)
    row, column = _find(window.rows, cell[0]), _find(window.columns, cell[1])
    parts = []
    if row is not None:
        parts += _draw_bars(row, column, side, width, is_row=True)
    if column is not None:
        parts += _draw_bars(column, row, side, width, is_row=False)
    if linked is not None:
        across, down = _find(window.rows, linked), _find(window.columns, linked)
        parts += [] if across is None else [f'<path class="nst-linked" d="M0 {across + 0.5}H{side}"/>']
        parts += [] if down is None else [f'<path class="nst-linked" d="M{down + 0.5} 0V{side}"/>']
    return draw_svg(side, side, f"row {cell[0]} and column {cell[1]} are marked", parts)


def caption_bounds(bounds: Bounds) -> tuple[tuple[str, str], tuple[str, str]]:
    """Returns the written ends of both scales, beyond which there are cells: of the matrices, and of the difference."""
    gram = f"≥ {format_number(bounds.gram)}" if bounds.gram else "0"
    if not bounds.difference:
        return ("0", gram), ("0", "0")
    return ("0", gram), (f"≤ {format_number(-bounds.difference)}", f"≥ {format_number(bounds.difference)}")


def caption_window(window: Window) -> str:
    """Returns in words which channels are seen."""
    if window.side == window.channel_count:
        zooms = "; the wheel zooms" if count_zooms(window.channel_count) else ""
        return f"all {window.channel_count} channels{zooms}"
    return f"{window.side} of {window.channel_count} channels"


def measure_height(values: np.ndarray, percentile: float) -> float:
    """Returns the value at that percentile of those that are numbers, or the largest where that is 0; 0 for none."""
    is_finite = np.isfinite(values)
    finite = values.ravel() if is_finite.all() else values[is_finite]
    if not finite.size:
        return 0.0
    rank = round((finite.size - 1) * percentile / 100)
    return float(np.partition(finite, rank)[rank]) or float(finite.max())


def _find(channels: np.ndarray, channel: int) -> int | None:
    places = np.flatnonzero(channels == channel)
    return int(places[0]) if len(places) else None


def _draw_bars(place: int, gap: int | None, side: int, width: float, *, is_row: bool) -> list[str]:
    """Draws one line through the picture, as two bars with the chosen cell between them."""
    start = min(max(place + 0.5 - width / 2, 0), side - width)
    if gap is None:
        spans = [(0.0, float(side))]
    else:
        middle = gap + 0.5
        spans = [(0.0, max(0.0, middle - width / 2)), (min(float(side), middle + width / 2), float(side))]
    parts = []
    for begin, end in spans:
        length = end - begin
        if length > 0:
            x, y, wide, high = (begin, start, length, width) if is_row else (start, begin, width, length)
            parts.append(f'<rect class="nst-mark" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"/>')
    return parts
