"""The eigenvalues of two Gram matrices as a chart: how many directions the channels really have.

Both axes are logarithmic, as a few eigenvalues hold nearly all of the energy. The style is a solid line with disks, the
generated picture a dashed one with open squares, so that nothing depends on color.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

from nst_explorer.view.axes import choose_log_range, choose_log_ticks
from nst_explorer.view.numbers import MINUS, format_number
from nst_explorer.view.svg import draw_svg, draw_text

WIDTH, HEIGHT = 200, 200
LEFT, RIGHT, TOP, BOTTOM = 32, 194, 6, 172
MOST_POINTS = 64
MARK_COUNT = 9
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True, eq=False)
class Spectra:
    """The eigenvalues of both matrices.

    Attributes:
        style: `(C,)`, from the largest to the smallest; NaN where the matrix is not one of numbers.
        generated: The same.
        style_rank: Effective rank, the participation ratio of the eigenvalues.
        generated_rank: The same.
        generated_step: The step whose eigenvalues `generated` are, the rank may be that of a later one; None while
            neither are known.
    """

    style: np.ndarray
    generated: np.ndarray
    style_rank: float
    generated_rank: float
    generated_step: int | None


def draw_spectra(spectra: Spectra) -> str:
    """Returns the chart as SVG; where there is nothing to draw, it says so."""
    ranks = describe_ranks(spectra, spectra.generated_step)
    parts = [
        f'<path class="nst-axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>',
    ]
    low, high = choose_log_range(float(each) for each in (*spectra.style, *spectra.generated))
    count = max(2, len(spectra.style))
    parts += [*_draw_ticks(low, high, count), *_draw_legend()]
    lines = [
        _draw_line(spectra.style, low, high, count, is_style=True),
        _draw_line(spectra.generated, low, high, count, is_style=False),
    ]
    if not any(lines):
        words = "when the run rests" if spectra.generated_step is None else "none above 0"
        parts.append(draw_text((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2, words, "nst-dim nst-mid"))
    return draw_svg(
        WIDTH, HEIGHT, f"Eigenvalues of the Gram matrices, on a log scale. {ranks}", [*parts, *lines[0], *lines[1]]
    )


def describe_ranks(spectra: Spectra, step: int | None) -> str:
    """Returns the effective ranks in words, and of which step the curve is if not of the present one."""
    style, generated = format_rank(spectra.style_rank), format_rank(spectra.generated_rank)
    is_behind = spectra.generated_step not in (None, step)
    behind = f" (curve of step {spectra.generated_step}, until the run rests)" if is_behind else ""
    return f"Effective rank: style {style}, generated {generated}, of {len(spectra.style)}{behind}"


def format_rank(rank: float) -> str:
    """Writes an effective rank with one decimal; 0 is that of a matrix without any energy."""
    return "not a number" if not np.isfinite(rank) else "0" if rank == 0 else f"{rank:.1f}"


def _draw_legend() -> list[str]:
    """Draws it where no curve is, since eigenvalues descend: above on the right."""
    parts, left = [], 110
    for top, name, is_style in ((TOP + 10, "style", True), (TOP + 25, "generated", False)):
        line = f'<path class="nst-curve{"" if is_style else " nst-dashed"}" d="M{left} {top}h20"/>'
        parts += [line, _draw_mark(left + 10, top, is_style=is_style), draw_text(left + 25, top + 4, name)]
    return parts


def _draw_ticks(low: float, high: float, count: int) -> list[str]:
    ticks = choose_log_ticks(low, high)
    every = max(1, -(-len(ticks) // 6))
    parts = []
    for tick in ticks[::every]:
        y = _place(tick, low, high, BOTTOM, TOP)
        parts.append(f'<path class="nst-grid-line" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
        parts.append(draw_text(LEFT - 3, y + 3.5, _write_tick(tick), "nst-dim nst-end nst-tiny"))
    for tick in [tick for tick in (1, 10, 100) if tick * 4 < count] + [count]:
        x = _place(tick, 1, count, LEFT, RIGHT)
        classes = "nst-dim nst-tiny " + ("nst-end" if tick == count else "nst-mid")
        parts.append(draw_text(x, BOTTOM + 12, str(tick), classes))
    parts.append(draw_text((LEFT + RIGHT) / 2, BOTTOM + 25, "number, from the largest", "nst-dim nst-tiny nst-mid"))
    return parts


def _draw_line(values: np.ndarray, low: float, high: float, count: int, *, is_style: bool) -> list[str]:
    """Draws the eigenvalues that are within the axis; the rest are rounding, or nothing."""
    seen = int((np.nan_to_num(values) >= low).sum())  # they descend, so these come first
    if not seen:
        return []
    numbers = _choose_places(seen, MOST_POINTS)
    points = [
        (_place(number, 1, count, LEFT, RIGHT), _place(float(values[number - 1]), low, high, BOTTOM, TOP))
        for number in numbers
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashes = "" if is_style else " nst-dashed"
    marks = [_draw_mark(*points[place - 1], is_style=is_style) for place in _choose_places(len(points), MARK_COUNT)]
    return [f'<path class="nst-curve{dashes}" d="M{path}"/>', *marks]


@functools.lru_cache
def _choose_places(last: int, most: int) -> tuple[int, ...]:
    """Returns whole numbers from 1 to the last one, evenly on a log axis."""
    return tuple(np.unique(np.geomspace(1, last, most).round().astype(int)).tolist())


def _draw_mark(x: float, y: float, *, is_style: bool) -> str:
    if is_style:
        return f'<circle class="nst-of-style" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
    return f'<rect class="nst-of-generated" x="{x - 2.5:.1f}" y="{y - 2.5:.1f}" width="5" height="5"/>'


def _place(value: float, low: float, high: float, begin: float, end: float) -> float:
    return begin + (end - begin) * math.log(value / low) / math.log(high / low)


def _write_tick(tick: float) -> str:
    exponent = round(math.log10(tick))
    if abs(tick / 10.0**exponent - 1) < 1e-6 and not -3 < exponent < 4:
        return "10" + str(exponent).translate(SUPERSCRIPTS)
    return f"{tick:g}".replace("-", MINUS) if abs(tick) >= 1e-3 else format_number(tick)
