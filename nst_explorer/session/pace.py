"""The pace of a run: how long its steps take, so that a wait can be told before it begins."""

import statistics
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

WINDOW = 20


class Pace:
    """The seconds of the last steps."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=WINDOW)

    @contextmanager
    def time_step(self) -> Iterator[None]:
        """Times one step."""
        begin = time.perf_counter()
        yield
        self._seconds.append(time.perf_counter() - begin)

    @property
    def step_seconds(self) -> float | None:
        """The median of the last steps, in seconds; None before the first."""
        return statistics.median(self._seconds) if self._seconds else None

    def restart(self) -> None:
        """Forgets the steps so far: the next ones are of another recipe."""
        self._seconds.clear()
