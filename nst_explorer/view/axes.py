"""Axes that rest: ranges and ticks at round numbers, which change seldom while a curve grows."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

MOST_DECADES = 6
ROUND = (1.0, 2.0, 5.0)
FINELY_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


def round_up(value: float, factors: Sequence[float] = ROUND) -> float:
    """Returns the next of these factors times a power of ten at or above a value above 0.

    Example:
        >>> round_up(130)
        200.0
    """
    decade = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return next(factor * decade for factor in (*factors, 10.0) if factor * decade >= value * (1 - 1e-9))


def round_down(value: float) -> float:
    """Returns the next 1, 2 or 5 times a power of ten at or below a value above 0."""
    decade = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return next(factor * decade for factor in reversed(ROUND) if factor * decade <= value * (1 + 1e-9))


def choose_log_range(values: Iterable[float]) -> tuple[float, float]:
    """Returns a range for a log axis that holds the positive values, at most six decades of them from the top."""
    positive = [value for value in values if value > 0 and math.isfinite(value)]
    if not positive:
        return 0.1, 1.0
    high = round_up(max(positive))
    low = round_down(max(min(positive), high / 10**MOST_DECADES))
    return (low, high) if low < high else (low / 2, high * 2)


def choose_log_ticks(low: float, high: float) -> list[float]:
    """Returns powers of ten within the range; where it is short, the 2s and 5s between them too."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    factors = (1.0,) if high / low >= 100 else ROUND
    ticks = [factor * 10.0**decade for decade in decades for factor in factors]
    return [float(f"{tick:.6g}") for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]


def choose_linear_range(values: Iterable[float]) -> tuple[float, float]:
    """Returns a range from 0 to a round number above all values."""
    highest = max((value for value in values if math.isfinite(value)), default=0.0)
    return 0.0, round_up(highest) if highest > 0 else 1.0


def choose_linear_ticks(high: float, most: int = 5) -> list[float]:
    """Returns round numbers from 0 up to `high`, at most `most` steps of them."""
    step = round_up(high / most)
    return [float(f"{step * index:.6g}") for index in range(math.floor(high / step + 1e-9) + 1)]


def spread_labels(heights: Iterable[float], gap: float, top: float) -> list[float]:
    """Moves label heights apart so that none covers another, each as little as need be.

    Args:
        heights: Wished heights in pixels above the axis.
        gap: Least distance between two.
        top: Highest allowed; labels go up again from 0 where they would fall below.

    Returns:
        The heights in the order given.
    """
    wished = np.asarray(list(heights), float)
    order = np.argsort(-wished, kind="stable")
    placed = wished.copy()
    ceiling = top
    for index in order:
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    floor = 0.0
    for index in order[::-1]:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    return placed.tolist()
