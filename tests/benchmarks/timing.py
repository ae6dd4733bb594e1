"""Taking times: one after the other, or several contenders in turns, so that a busy moment hits all of them."""

import statistics
import time
from collections.abc import Callable, Mapping

import numpy as np

TURN_SECONDS = 0.2
MOST_CALLS = 20
PAUSE_SECONDS = 0.05
"""Threads of one library look out for work a while after the last, and would take the next contender's core."""


def take_time(act: Callable[[], object]) -> float:
    """Returns the seconds of a call."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def take_times(act: Callable[[], object], count: int) -> list[float]:
    """Returns the seconds of each of that many calls."""
    return [take_time(act) for _ in range(count)]


def take_turns(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Returns the median seconds of a call of each contender; in every round each has its turn."""
    counts = {name: count_calls(take_time(act)) for name, act in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, act in contenders.items():
            time.sleep(PAUSE_SECONDS)
            times[name] += take_times(act, counts[name])
    return {name: statistics.median(taken) for name, taken in times.items()}


def count_calls(seconds: float) -> int:
    """Returns how many calls of that length make up a turn."""
    return max(1, min(MOST_CALLS, round(TURN_SECONDS / seconds)))


def make_image(seed: int, size: int) -> np.ndarray:
    """Returns noise, `(size, size, 3) float32` in [0, 1): a step takes as long for it as for a photo."""
    return np.random.default_rng(seed).random((size, size, 3), dtype=np.float32)
