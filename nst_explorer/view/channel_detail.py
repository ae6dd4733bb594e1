"""One channel at close range: its map enlarged or laid over the picture, its numbers, and how its values spread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from nst_explorer.layers import Layer
from nst_explorer.view.color_scale import ColorScale, encode_picture, encode_placed
from nst_explorer.view.colormaps import paint_values
from nst_explorer.view.frames import quantize
from nst_explorer.view.numbers import format_number, format_percent
from nst_explorer.view.svg import draw_svg, draw_text

BINS = 40
_WIDTH, _HEIGHT, _BAR = 184, 132, 8
_HEAD = 16
_FINE_WIDTH = 256
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, eq=False)
class ChannelDetail:
    """What is shown of the chosen channel.

    Attributes:
        channel: Its number.
        picture: The map as bytes, one pixel a value, or laid over the picture.
        kind: The bytes' format, `png` or `jpeg`.
        columns: Width of the map in values.
        rows: Its height.
        is_fine: Whether the picture has more pixels than the place for it, so that it is smoothed.
        is_overlaid: Whether it lies over the picture.
        is_difference: Whether colors are the diverging ones.
        facts: Names and values, as HTML.
        histogram: How the values spread, over the color bar with its numbers, as SVG.
    """

    channel: int
    picture: bytes
    kind: str
    columns: int
    rows: int
    is_fine: bool
    is_overlaid: bool
    is_difference: bool
    facts: tuple[tuple[str, str], ...]
    histogram: str


def enlarge_map(
    values: np.ndarray, scale: ColorScale, picture: np.ndarray | None, layer: Layer, *, is_quick: bool
) -> tuple[bytes, str, bool]:
    """Draws one map.

    Args:
        values: `(h, w) float32`.
        scale: Its color scale.
        picture: `(H, W, 3) float32`, RGB in [0, 1], to lay the map over; None draws the map alone.
        layer: The map's layer.
        is_quick: Whether loss is allowed.

    Returns:
        The bytes, their format, and whether there are more pixels than the place for them.
    """
    placed = scale.place_values(values)
    if picture is None:
        encoded = encode_placed(placed, scale.colormap, is_quick=is_quick)
        return *encoded, values.shape[1] > _FINE_WIDTH
    laid = overlay_map(placed, scale, picture, layer.stride)
    return *encode_picture(Image.fromarray(laid), is_quick=is_quick), laid.shape[1] > _FINE_WIDTH


def overlay_map(placed: np.ndarray, scale: ColorScale, picture: np.ndarray, stride: int) -> np.ndarray:
    """Lays a map over its picture in gray: the further a value is from 0, the less of the picture is seen.

    Args:
        placed: `(h, w) float32`, values on the scale, in [0, 1].
        scale: What the colors mean.
        picture: `(H, W, 3) float32`, RGB in [0, 1].
        stride: Pixels from one value to the next.

    Returns:
        `(h · stride, w · stride, 3) uint8`; rows and columns that no value stands for are left out, as by poolings.
    """
    zero = 0.5 if scale.low < 0 else 0.0
    colors = paint_values(placed, scale.colormap, 0.0, 1.0).astype(np.float32)
    strength = np.clip(np.abs(placed - zero) / (1 - zero), 0, 1)
    opacity = np.where(np.isnan(placed), 1, 0.15 + 0.8 * strength)[..., np.newaxis].astype(np.float32)
    weighted, rest = (_enlarge(each, stride) for each in (colors * opacity, 1 - opacity))
    height, width, _ = weighted.shape
    gray = quantize((picture[:height, :width] @ _LUMINANCE)[..., np.newaxis])
    # Where a picture is smaller than its map claims, what is there is shown.
    height, width, _ = gray.shape
    return np.rint(weighted[:height, :width] + gray * rest[:height, :width]).astype(np.uint8)


def state_channel_facts(
    values: np.ndarray, energy: float, shares: Sequence[tuple[str, float]], channel: int, *, is_difference: bool
) -> tuple[tuple[str, str], ...]:
    """States the numbers of one map; values that are no numbers are counted, and left out of the others.

    Args:
        values: `(h, w) float32`.
        energy: Sum of the squares of all maps of the layer.
        shares: Terms of the loss in which the channel has a part, with its share of each.
        channel: Its number.
        is_difference: Whether the map is a difference.

    Returns:
        Names and values, as HTML.
    """
    numbers = values[np.isfinite(values)].astype(np.float64)
    facts = []
    if numbers.size < values.size:
        facts.append(("not a number", format_percent(1 - numbers.size / values.size)))
    if numbers.size:
        square = float((numbers**2).sum())
        facts += [("mean", format_number(float(numbers.mean()))), ("variance", format_number(float(numbers.var())))]
        if is_difference:
            facts += [
                ("smallest", format_number(float(numbers.min()))),
                ("largest", format_number(float(numbers.max()))),
                ("mean square", format_number(square / numbers.size)),
            ]
        else:
            facts += [
                ("maximum", format_number(float(numbers.max()))),
                ("silent (exactly 0)", format_percent(float((numbers == 0).mean()))),
                (f"G<sub>{channel},{channel}</sub>, mean square", format_number(square / numbers.size)),
            ]
        facts.append(("of the layer's energy", write_share(square / energy if energy > 0 else 0.0)))
    return tuple(facts) + tuple((f"of the {name}", write_share(share)) for name, share in shares)


def write_share(share: float) -> str:
    """Writes a share, a small one with two digits: `32%`, `0.54%`, `<0.01%`."""
    if 0 < share < 5e-5:
        return "<0.01%"
    return format_percent(share) if share >= 0.1 or not np.isfinite(share) else f"{share:.2%}"


def draw_histogram(values: np.ndarray, scale: ColorScale) -> str:
    """Draws how the values other than 0 spread over the color scale, with the scale's numbers below.

    Args:
        values: `(h, w) float32`; what lies beyond the scale is counted at its end.
        scale: The map's color scale.

    Returns:
        SVG. A line marks the mean of all values.
    """
    numbers = values[np.isfinite(values)]
    spread = numbers[numbers != 0]
    low, high = scale.low, scale.high
    base = _HEIGHT - 24
    parts = [draw_ramp(scale, base + 2, is_below=bool((spread < low).any()), is_above=bool((spread > high).any()))]
    if spread.size and high > low:
        counts, _ = np.histogram(np.clip(spread, low, high), BINS, (low, high))
        parts.insert(0, _draw_bars(counts / counts.max(), base))
        mean = min(max((float(numbers.mean(dtype=np.float64)) - low) / (high - low), 0), 1) * _WIDTH
        anchor = "nst-end" if mean > _WIDTH / 2 else ""
        parts.append(f'<path class="nst-mean" d="M{mean:.1f} 2V{base + 2 + _BAR}"/>')
        parts.append(draw_text(mean + (-4 if anchor else 4), 10, "mean", f"nst-tiny {anchor}"))
    else:
        word = "all values are 0" if numbers.size else "no value is a number"
        parts.append(draw_text(_WIDTH / 2, base - 24, word, "nst-mid nst-dim"))
    silent = format_percent(1 - spread.size / numbers.size) if numbers.size else "none"
    description = (
        f"Histogram of the values other than 0, from {format_number(low)} to {format_number(high)}; {silent} are 0"
    )
    return draw_svg(_WIDTH, _HEIGHT, description, parts)


def draw_ramp(scale: ColorScale, top: float, *, is_below: bool, is_above: bool) -> str:
    """Draws a color bar with its numbers, as a part of a drawing; where values lie beyond, its ends say so."""
    stops = scale.colormap.colors[:: len(scale.colormap.colors) // 15]
    bar = _WIDTH / len(stops)
    steps = "".join(
        f'<path d="M{bar * place:.1f} {top:g}h{bar + 0.3:.1f}v{_BAR}h-{bar + 0.3:.1f}z" fill="#{bytes(color).hex()}"/>'
        for place, color in enumerate(stops)
    )
    ramp = f'<g class="{"nst-diverging" if scale.low < 0 else ""}">{steps}</g>'
    numbers = [(0.0, scale.low, ""), (_WIDTH, scale.high, "nst-end")]
    if scale.low < 0:
        numbers.insert(1, (_WIDTH / 2, 0.0, "nst-mid"))
    bottom = top + _BAR + 12
    texts = [format_number(value) for _, value, _ in numbers]
    texts[0] = ("≤ " if is_below else "") + texts[0]
    texts[-1] = ("≥ " if is_above else "") + texts[-1]
    return ramp + "".join(
        draw_text(x, bottom, text, f"nst-tiny {side}") for text, (x, _, side) in zip(texts, numbers, strict=True)
    )


def _draw_bars(heights: np.ndarray, base: float) -> str:
    step = _WIDTH / len(heights)
    room = base - _HEAD
    # A bin that holds anything is seen.
    path = "".join(
        f"M{step * place:.1f} {base:g}v-{max(height * room, 1):.1f}h{step - 1:.1f}V{base:g}z"
        for place, height in enumerate(heights)
        if height > 0
    )
    return f'<path class="nst-bars" d="{path}"/>'


def _enlarge(values: np.ndarray, factor: int) -> np.ndarray:
    return values.repeat(factor, axis=0).repeat(factor, axis=1)
