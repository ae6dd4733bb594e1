"""What a run costs, told before it begins: seconds a step and peak memory, and whether it fits at all.

Seconds follow from the work of a step and this machine's rates; a run that has taken some steps knows better, and its
own measured pace corrects the rates. Memory follows from the network's arithmetic alone. Both are of a CPU: what a
GPU has, and how quick it is, is not estimated.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nst_explorer.core.step_cost import Rates, count_work, estimate_seconds
from nst_explorer.core.step_memory import choose_route, count_map_values, estimate_peak_bytes
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.recipe import SIZE_RANGE, Recipe
from nst_explorer.session.history import REEL_SHARE

HISTORY_MB = 512
EXPECTED_STEPS = 300
"""For how many steps the history's growth is counted."""
SIZE_STEP = 16
"""Largest sizes are told in whole multiples of it."""
_FLOAT_BYTES = 4
_COLORS = 3
_BYTES_PER_MB = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What a run costs; as text, `about 0.28 s a step · 1.1 GB`.

    Attributes:
        step_seconds: Estimated seconds a step; None where the machine was not measured.
        peak_bytes: Estimated peak of the process's memory, TensorFlow and history included.
        fits: Whether that can be had on this machine.
    """

    step_seconds: float | None
    peak_bytes: int
    fits: bool = True

    @property
    def in_short(self) -> str:
        """Both numbers alone: `0.28 s · 1.1 GB`."""
        memory = format_bytes(self.peak_bytes)
        return memory if self.step_seconds is None else f"{format_seconds(self.step_seconds)} · {memory}"

    @property
    def per_step(self) -> str:
        """What is said after "costs about": `0.28 s a step · 1.1 GB`."""
        memory = format_bytes(self.peak_bytes)
        return memory if self.step_seconds is None else f"{format_seconds(self.step_seconds)} a step · {memory}"

    def tell_run(self, steps: int) -> str:
        """Tells what a run of so many steps costs, in a line."""
        if self.step_seconds is None:
            return f"{steps:,} steps, {self}"
        return f"{steps:,} steps take about {format_seconds(steps * self.step_seconds)}: {self}"

    def __str__(self) -> str:
        return self.per_step if self.step_seconds is None else f"about {self.per_step}"


@dataclass(frozen=True)
class Place:
    """What the cost depends on besides the recipe.

    Attributes:
        widths: Channels of each convolution by name.
        height: Of the picture in pixels.
        width: Of the picture in pixels.
        history_mb: The history's budget in megabytes.
    """

    widths: Mapping[str, int]
    height: int
    width: int
    history_mb: float = HISTORY_MB

    def resize(self, size: int) -> "Place":
        """Returns it for a picture of the same form whose longest side is `size` pixels."""
        factor = size / max(self.height, self.width)
        height, width = (max(1, round(side * factor)) for side in (self.height, self.width))
        return Place(self.widths, height, width, self.history_mb)


def count_run_bytes(recipe: Recipe, place: Place) -> int:
    """Returns the estimated peak memory of a run's process in bytes, its history included."""
    widths, height, width = place.widths, place.height, place.width
    route = choose_route(widths, recipe.layers[-1], height, width)
    step = estimate_peak_bytes(widths, recipe.layers, height, width, recipe.precision, is_recomputing=route.recomputes)
    picture = _FLOAT_BYTES * _COLORS * height * width
    state = STATE_PICTURES[recipe.optimizer_name](recipe.optimizer)
    budget = place.history_mb * _BYTES_PER_MB
    kept = EXPECTED_STEPS * CHECKPOINT_PICTURES * picture
    # What goes beyond the budget leaves its picture to the reel, compressed to less than a byte a value.
    checkpoints = kept if kept <= budget else budget + min(REEL_SHARE * budget, EXPECTED_STEPS * picture / _FLOAT_BYTES)
    maps = count_map_values(widths, recipe.layers[-1], height, width)
    targets = _FLOAT_BYTES * sum(maps[name] for name in recipe.content_layers)
    return int(step + checkpoints + targets + state * picture)


def estimate_cost(
    recipe: Recipe, place: Place, rates: Rates | None, *, correction: float = 1.0, room: float = math.inf
) -> Cost:
    """Estimates what a run costs.

    Args:
        recipe: Its layers, precision and optimizer.
        place: Network and picture.
        rates: The machine's, for the recipe's precision; None where they are not known.
        correction: The factor by which measured steps differ from the estimate.
        room: Bytes that can be had.
    """
    work = count_work(place.widths, recipe.layers, recipe.style_layers, place.height, place.width)
    seconds = None if rates is None else correction * estimate_seconds(work, rates)
    needed = count_run_bytes(recipe, place)
    return Cost(seconds, needed, needed <= room)


def find_largest_size(recipe: Recipe, place: Place, room: float) -> int | None:
    """Returns the largest longest side that fits into so many bytes, a multiple of `SIZE_STEP`; None if none does."""
    low, high = SIZE_RANGE
    fitting = [size for size in range(low, high + 1, SIZE_STEP) if count_run_bytes(recipe, place.resize(size)) <= room]
    return fitting[-1] if fitting else None


def require_memory(recipe: Recipe, place: Place, network: str, room: float) -> None:
    """Checks that a run fits into memory.

    Args:
        recipe: The run's.
        place: Network and picture.
        network: The weights' name, for the sentence.
        room: Bytes that can be had.

    Raises:
        InputError: It does not; the sentence tells the largest size that does.
    """
    needed = count_run_bytes(recipe, place)
    if needed <= room:
        return
    size = max(place.height, place.width)
    largest = find_largest_size(recipe, place, room)
    remedy = (
        f"choose a size of at most {largest}"
        if largest is not None
        else "close what else takes memory, or choose the built-in network"
    )
    raise InputError(
        f"At size {size} a run with {network} needs about {format_bytes(needed)} of memory, but only "
        f"{format_bytes(room)} can be had; {remedy}."
    )


def format_seconds(seconds: float) -> str:
    """Writes a duration with two digits: `24 ms`, `0.28 s`, `12 s`, `1.4 min`, `2.1 h`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.2g} ms"
    for unit, length in (("s", 1), ("min", 60)):
        if seconds < 99.5 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / 3600:.2g} h"


def format_bytes(count: float) -> str:
    """Writes an amount of memory with two digits: `740 MB`, `1.1 GB`, `12 GB`."""
    if count < 995e6:
        return f"{float(f'{count / 1e6:.2g}'):.0f} MB"
    gigabytes = count / 1e9
    return f"{gigabytes:.1f} GB" if gigabytes < 9.95 else f"{gigabytes:.0f} GB"


def _count_adam(settings: Adam) -> int:
    return 2


def _count_lbfgs(settings: LBFGS) -> int:
    return 2 * settings.history


CHECKPOINT_PICTURES = 3
"""Arrays of the picture's shape that every step adds to the history: itself, and moments or a pair."""
STATE_PICTURES: dict[str, Callable[..., int]] = {"adam": _count_adam, "lbfgs": _count_lbfgs}
"""Arrays of the picture's shape that an optimizer's state holds, by the keys of `OPTIMIZER_SETTINGS`."""
