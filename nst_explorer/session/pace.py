"""The pace of a run: how long its steps take, so that a wait can be told before it begins."""

import statistics
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nst_explorer.core.tensors import Tensor

WINDOW = 20


class Pace:
    """The seconds of the last steps at each size of the picture."""

    def __init__(self) -> None:
        self._seconds: dict[int, deque[float]] = {}

    @contextmanager
    def time_step(self, area: int) -> Iterator[None]:
        """Times one step of a picture of that many pixels."""
        begin = time.perf_counter()
        yield
        self._seconds.setdefault(area, deque(maxlen=WINDOW)).append(time.perf_counter() - begin)

    def estimate(self, areas: Iterable[int]) -> float | None:
        """Returns the seconds that steps of pictures of so many pixels take together; None before the first step.

        At a size at which no step was taken yet, one takes as much longer than at the nearest size as it has pixels.
        """
        if not self._seconds:
            return None
        medians = {area: statistics.median(seconds) for area, seconds in tuple(self._seconds.items())}
        seconds = 0.0
        for area, count in Counter(areas).items():
            known = min(medians, key=lambda each: abs(each - area))
            seconds += count * medians[known] * area / known
        return seconds

    def restart(self) -> None:
        """Forgets the steps so far: the next ones are of another recipe."""
        self._seconds.clear()


def measure_area(image: Tensor) -> int:
    """Returns how many pixels a picture `(H, W, 3)` has."""
    return int(image.shape[0]) * int(image.shape[1])
