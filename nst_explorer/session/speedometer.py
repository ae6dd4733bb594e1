"""A speedometer: how many steps a second a run takes, over the last steps that were taken in a row."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

WINDOW = 20


class Speedometer:
    """Steps a second, with all that a step had to wait for.

    Attributes:
        steps_per_second: Over the last steps, also those before a rest; None before the first.
    """

    def __init__(self) -> None:
        self.steps_per_second: float | None = None
        self._durations: deque[float] = deque(maxlen=WINDOW)
        self._waited = 0.0

    @contextmanager
    def time_step(self) -> Iterator[None]:
        """Times one step; one that fails does not count."""
        begin = time.perf_counter()
        yield
        self._durations.append(time.perf_counter() - begin + self._waited)
        self._waited = 0.0
        self.steps_per_second = len(self._durations) / sum(self._durations)

    @contextmanager
    def time_side_turn(self) -> Iterator[None]:
        """Times what the next step has to wait for."""
        begin = time.perf_counter()
        yield
        self._waited += time.perf_counter() - begin

    def rest(self) -> None:
        """Forgets the steps before a rest, so that the next ones are not mixed with them."""
        self._durations.clear()
