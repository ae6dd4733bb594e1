"""The loss as curves and as a table: what a chart needs, from the records of a run.

Nothing is rounded and nothing is smoothed. A long run is thinned to as many points as a chart has pixels; its last
point and the points where the recipe or the size changed are always among them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import describe_mark
from nst_explorer.view.axes import (
    FINELY_ROUND,
    choose_linear_range,
    choose_linear_ticks,
    choose_log_range,
    choose_log_ticks,
    round_up,
    spread_labels,
)
from nst_explorer.view.line_search import find_step, list_changes
from nst_explorer.view.palette import color_term, letter_term, name_term

MOST_POINTS = 400
FEWEST_STEPS = 20
LABEL_ROOM = 1.38  # the x axis is that much longer than the run, for the names at the curves' ends
PLOT_HEIGHT = 328  # pixels of the plot in style.css, less its margins
LABEL_GAP = 13
PLOT_WIDTH = 300  # pixels, about: the chart is as wide as its column
MARK_LETTERS = 26
RECENT_STEPS = 10


class LossPoint(Protocol):
    """What is read of a session's record."""

    @property
    def step(self) -> int: ...
    @property
    def recipe(self) -> Recipe: ...
    @property
    def raw(self) -> Mapping[str, float]: ...
    @property
    def losses(self) -> Mapping[str, float]: ...
    @property
    def is_change(self) -> bool: ...
    @property
    def is_enlargement(self) -> bool: ...
    @property
    def scale(self) -> int: ...


@dataclass(frozen=True, eq=False)
class LossCurves:
    """A chart of the losses.

    Attributes:
        terms: Names of the curves, the total first where there is one.
        colors: A CSS color for each.
        steps: `(n,) float64`.
        values: `(terms, n) float64`; NaN where a term was not in use.
        x_range: Lowest and highest step of the axis, with room for labels.
        x_ticks: Round steps.
        y_range: Lowest and highest value of the axis.
        y_ticks: Round values.
        labels: The curves' names.
        label_steps: Where each curve ends.
        label_values: The height of its name, moved apart from the others.
        mark_steps: Steps at which the recipe or the size changed.
        mark_texts: What changed, shortened; empty where there is no room.
        present_step: The step at which the session stands.
    """

    terms: tuple[str, ...]
    colors: tuple[str, ...]
    steps: np.ndarray
    values: np.ndarray
    x_range: tuple[float, float]
    x_ticks: tuple[float, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    labels: tuple[str, ...]
    label_steps: tuple[float, ...]
    label_values: tuple[float, ...]
    mark_steps: tuple[int, ...]
    mark_texts: tuple[str, ...]
    present_step: int


@dataclass(frozen=True)
class LossRow:
    """One line of the loss table.

    Attributes:
        term: `total`, `content/LAYER`, `style/LAYER` or `variation`.
        value: The term's value.
        share: Of the total, in [0, 1]; NaN where there is no total.
        recent_ratio: The value over that of ten steps before; NaN where there is none, or the size was another.
    """

    term: str
    value: float
    share: float
    recent_ratio: float


def draw_curves(line: Sequence[LossPoint], present_step: int, values: str, scale: str) -> LossCurves:
    """Lays out the chart.

    Args:
        line: A run's records, from its start, at least one; their steps go up by one, or stay at a change.
        present_step: The step at which the session stands.
        values: `weighted` (terms add up to the total) or `raw` (before the weights; no total).
        scale: `log` or `linear`.
    """
    marks = list_changes(line)
    chosen = [line[index] for index in _choose_points(len(line), marks)]
    read = [point.losses if values == "weighted" else point.raw for point in chosen]
    terms = _order_terms(read)
    table = np.array([[numbers.get(term, math.nan) for numbers in read] for term in terms], float)
    steps = np.array([point.step for point in chosen], float)
    finite = table[np.isfinite(table)].tolist()
    if scale == "log":
        low, high = choose_log_range(finite)
        y_ticks = choose_log_ticks(low, high)
        drawn = np.clip(table, low, high)
    else:
        low, high = choose_linear_range(finite)
        y_ticks = choose_linear_ticks(high)
        drawn = table
    last_step = max(FEWEST_STEPS, round_up(max(steps[-1], 1), FINELY_ROUND))
    label_steps, label_values = _place_labels(steps, drawn, low, high, scale)
    return LossCurves(
        terms=terms,
        colors=tuple(color_term(term) for term in terms),
        steps=steps,
        values=drawn,
        x_range=(0.0, last_step * LABEL_ROOM),
        x_ticks=tuple(choose_linear_ticks(last_step)),
        y_range=(low, high),
        y_ticks=tuple(y_ticks),
        labels=_name_curves(terms, newest=read[-1]) if len(chosen) > 1 else ("",) * len(terms),
        label_steps=label_steps,
        label_values=label_values,
        mark_steps=tuple(line[index].step for index in marks),
        mark_texts=_write_marks(line, marks, last_step),
        present_step=present_step,
    )


def is_seen_to_grow(before: LossCurves | None, now: LossCurves) -> bool:
    """Whether a chart that shows `before` would look other with `now`, by a pixel of its width or otherwise.

    A step of a long run adds less than a pixel, and drawing all curves anew keeps the browser from answering.
    """
    if before is None or _frame(before) != _frame(now):
        return True
    return abs(now.steps[-1] - before.steps[-1]) >= now.x_range[1] / PLOT_WIDTH


def anchor_ends(steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lets every curve begin and end at a number: NaN before its first or after its last point becomes that point.

    Nothing more is drawn by it; a chart that labels the last point of a curve needs one.

    Args:
        steps: `(n,)`.
        values: `(terms, n)`, NaN where a term was not in use.

    Returns:
        Steps and values, `(terms, n)` each; a single point comes twice, since a chart would take one column for one
        curve through all terms.
    """
    repeats = 2 if len(steps) == 1 else 1
    own_steps = np.tile(np.repeat(steps, repeats), (len(values), 1))
    own_values = np.repeat(values, repeats, axis=1)
    for row_steps, row in zip(own_steps, own_values, strict=True):
        present = np.flatnonzero(np.isfinite(row))
        if len(present):
            first, last = present[0], present[-1]
            row_steps[:first], row[:first] = row_steps[first], row[first]
            row_steps[last:], row[last:] = row_steps[last], row[last]
    return own_steps, own_values


def tabulate_losses(line: Sequence[LossPoint], present: LossPoint, values: str) -> tuple[LossRow, ...]:
    """Returns the present losses as rows, the total first where there is one."""
    numbers = present.losses if values == "weighted" else present.raw
    before = find_step(line, present.step - RECENT_STEPS)
    if before is not None and (
        before.scale != present.scale or (values == "weighted" and _weighs_otherwise(before, present))
    ):
        before = None
    earlier = {} if before is None else before.losses if values == "weighted" else before.raw
    total = numbers.get("total", math.nan)
    return tuple(
        LossRow(
            term=term,
            value=numbers[term],
            share=numbers[term] / total if total else math.nan,
            recent_ratio=numbers[term] / earlier[term] if earlier.get(term) else math.nan,
        )
        for term in _order_terms([numbers])
    )


def _weighs_otherwise(before: LossPoint, after: LossPoint) -> bool:
    """Whether a ratio of their weighted losses would tell of the recipe, and not of the picture."""
    return replace(before.recipe, optimizer=after.recipe.optimizer) != after.recipe


def share_losses(losses: Mapping[str, float]) -> dict[str, float]:
    """Returns the share of the total of each layer, content and style together, and of `variation`, in [0, 1]."""
    shares: dict[str, float] = {}
    for term, value in losses.items():
        if term != "total" and losses["total"] > 0:
            layer = name_term(term)
            shares[layer] = shares.get(layer, 0.0) + value / losses["total"]
    return shares


def _frame(curves: LossCurves) -> tuple[object, ...]:
    """What of a chart stays the same while only its curves grow."""
    is_behind = curves.present_step < curves.steps[-1]
    return curves.terms, curves.x_range, curves.y_range, curves.mark_steps, is_behind and curves.present_step


def _choose_points(length: int, marks: Sequence[int]) -> list[int]:
    if length <= MOST_POINTS:
        return list(range(length))
    chosen = set(np.linspace(0, length - 1, MOST_POINTS).round().astype(int).tolist())
    for index in marks:
        chosen |= {index - 1, index}
    return sorted(chosen)


def _order_terms(read: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """The newest record's terms in their order, the total first, then those that are no longer in use."""
    newest = list(read[-1])
    older = [term for numbers in read for term in numbers if term not in read[-1]]
    terms = dict.fromkeys([*newest, *older])
    return tuple(sorted(terms, key=lambda term: term != "total"))


def _place_labels(
    steps: np.ndarray, drawn: np.ndarray, low: float, high: float, scale: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    ends = [int(np.flatnonzero(np.isfinite(row))[-1]) if np.isfinite(row).any() else 0 for row in drawn]
    lasts = np.array([row[end] if np.isfinite(row[end]) else low for row, end in zip(drawn, ends, strict=True)])
    bend, straighten = (np.log, np.exp) if scale == "log" else (np.positive, np.positive)
    bottom, span = bend(low), bend(high) - bend(low)
    heights = (bend(lasts) - bottom) / span * PLOT_HEIGHT
    spread = np.array(spread_labels(heights.tolist(), LABEL_GAP, PLOT_HEIGHT - 4))
    values = straighten(bottom + spread / PLOT_HEIGHT * span)
    return tuple(float(steps[end]) for end in ends), tuple(values.tolist())


def _name_curves(terms: Sequence[str], newest: Mapping[str, float]) -> tuple[str, ...]:
    """Names of the curves that go on, with their letter where a layer has two; one that has ended goes without."""
    names = [name_term(term) for term in terms]
    return tuple(
        "" if term not in newest else f"{name} {letter_term(term)}" if names.count(name) > 1 else name
        for term, name in zip(terms, names, strict=True)
    )


def _write_marks(line: Sequence[LossPoint], marks: Sequence[int], last_step: float) -> tuple[str, ...]:
    """Texts of the marks from the newest back; one that would run into the next is left out, its line stays."""
    texts: list[str] = []
    next_step = math.inf
    for index in reversed(marks):
        step = line[index].step
        text = describe_mark(line[index - 1], line[index])
        text = text if len(text) <= MARK_LETTERS else text[: MARK_LETTERS - 1].rstrip(" ,") + "…"
        has_room = next_step - step > last_step * LABEL_ROOM * len(text) / 70
        texts.append(text if has_room else "")
        if has_room:
            next_step = step
    return tuple(reversed(texts))
