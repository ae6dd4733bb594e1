"""The totals of two branches in one chart: over their steps, on a log scale, as a drawing."""

import math
from collections.abc import Sequence

from nst_explorer.view.axes import choose_linear_ticks, choose_log_range, choose_log_ticks
from nst_explorer.view.loss_curves import LossPoint
from nst_explorer.view.svg import draw_svg, draw_text

WIDTH, HEIGHT = 388, 180
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 8, 24
MOST_POINTS = 300
STYLES = ("nst-curve nst-other", "nst-curve nst-this")


def draw_pair_curves(names: tuple[str, str], lines: tuple[Sequence[LossPoint], Sequence[LossPoint]]) -> str:
    """Draws the total of two runs of records, each from its start.

    Args:
        names: What they are called; the first is drawn dashed, the second in ink.
        lines: Their records, at least one each.
    """
    thinned = [line[:: max(1, len(line) // MOST_POINTS)] for line in lines]
    totals = [point.losses["total"] for line in thinned for point in line]
    low, high = choose_log_range([value for value in totals if math.isfinite(value)])
    last = max(1, *(line[-1].step for line in lines))
    bottom = HEIGHT - BOTTOM

    def place(step: float) -> float:
        return LEFT + step / last * (WIDTH - LEFT - RIGHT)

    def height(value: float) -> float:
        share = math.log(min(max(value, low), high) / low) / math.log(high / low)
        return bottom - share * (bottom - TOP)

    parts = []
    for value in choose_log_ticks(low, high):
        y = height(value)
        parts.append(f'<path class="nst-grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(draw_text(LEFT - 6, y + 4, f"{value:g}", "nst-dim nst-end"))
    for step in choose_linear_ticks(last):
        if step <= last:
            parts.append(draw_text(place(step), HEIGHT - 6, f"{step:g}", "nst-dim nst-mid"))
    for style, line in zip(STYLES, thinned, strict=True):
        points = " ".join(f"{place(point.step):.1f},{height(point.losses['total']):.1f}" for point in line)
        parts.append(f'<polyline class="{style}" points="{points}"/>')
    words = [
        f"{name}: total {line[-1].losses['total']:.3g} at step {line[-1].step}"
        for name, line in zip(names, lines, strict=True)
    ]
    return draw_svg(WIDTH, HEIGHT, "Total loss. " + "; ".join(words), parts)
