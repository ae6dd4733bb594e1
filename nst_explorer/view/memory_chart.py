"""What an optimizer remembers, as histograms: how many values of the picture have which number."""

import numpy as np

from nst_explorer.view.color_scale import find_scale
from nst_explorer.view.numbers import format_number, format_percent
from nst_explorer.view.svg import draw_svg, draw_text

BINS = 41
"""Odd, so that 0 has a bin of its own."""
WIDTH, HEIGHT = 240, 92
_HEAD, _BASE = 8, 72


def draw_memory(name: str, symbol: str, values: np.ndarray, *, is_signed: bool) -> str:
    """Draws the histogram of a memory.

    Args:
        name: What it is, in words.
        symbol: How a formula writes it.
        values: Of any shape; what lies beyond the scale is counted at its end.
        is_signed: Whether the axis goes to both sides of 0.

    Returns:
        SVG: bars that are as high as the root of their counts, so that few values are seen beside many.
    """
    numbers = values[np.isfinite(values)].ravel()
    scale = find_scale(numbers, is_difference=is_signed) if numbers.size else None
    if scale is None or scale.high == 0:
        words = "every value is 0" if numbers.size else "no value is a number"
        return draw_svg(
            WIDTH, HEIGHT, f"Histogram of the {name}: {words}", [draw_text(120, 40, words, "nst-mid nst-dim")]
        )
    counts, _ = np.histogram(np.clip(numbers, scale.low, scale.high), BINS, (scale.low, scale.high))
    heights = np.sqrt(counts / counts.max()) * (_BASE - _HEAD)
    step = WIDTH / BINS
    bars = "".join(
        f"M{place * step:.1f} {_BASE}v-{max(height, 1):.1f}h{step - 0.8:.1f}V{_BASE}z"
        for place, height in enumerate(heights.tolist())
        if height > 0
    )
    low = f"≤ {format_number(scale.low)}" if is_signed else "0"
    texts = [draw_text(0, _BASE + 14, low, "nst-tiny nst-dim")]
    texts += [draw_text(WIDTH / 2, _BASE + 14, "0", "nst-tiny nst-dim nst-mid")] if is_signed else []
    texts.append(draw_text(WIDTH, _BASE + 14, f"≥ {format_number(scale.high)}", "nst-tiny nst-dim nst-end"))
    description = (
        f"Histogram of the {name} {symbol}, from {format_number(scale.low)} to {format_number(scale.high)}, "
        f"median {format_number(float(np.median(numbers)))}"
    )
    axis = f'<path class="nst-axis" d="M0 {_BASE + 0.5}H{WIDTH}"/>'
    return draw_svg(WIDTH, HEIGHT, description, [f'<path class="nst-bars" d="{bars}"/>', axis, *texts])


def caption_memory(name: str, symbol: str, values: np.ndarray) -> str:
    """Says in words what the chart shows, as HTML."""
    numbers = values[np.isfinite(values)]
    if not numbers.size:
        return f"<b>{symbol}</b> {name}: no value is a number"
    median = format_number(float(np.median(np.abs(numbers))))
    zeros = float((numbers == 0).mean())
    silent = f", {format_percent(zeros)} exactly 0" if zeros > 0 else ""
    return f"<b>{symbol}</b> {name}: half are beyond {median}{silent}"
