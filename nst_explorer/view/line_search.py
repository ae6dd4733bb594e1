"""Finding something in a long line of records, by looking at a few of them.

A run of ten thousand steps is drawn many times a second. Its steps go up by one from record to record, and stay where
the recipe or the size changed: so the number of changes before a place is the place less the steps, and halving finds
each.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol, TypeVar


class StepPoint(Protocol):
    """What is read of a session's record."""

    @property
    def step(self) -> int:
        """Number of updates since the start."""
        ...


Point = TypeVar("Point", bound=StepPoint)


def list_changes(line: Sequence[StepPoint]) -> list[int]:
    """Returns the places of a line, after its first, where the recipe or the size changed.

    Args:
        line: Records whose steps go up by one, or stay where something changed; at least one.
    """
    first = line[0].step
    places: list[int] = []
    while len(places) < len(line) - 1 - (line[-1].step - first):
        begin = places[-1] + 1 if places else 1
        places.append(
            bisect_left(range(len(line)), len(places) + 1, begin, key=lambda place: place - (line[place].step - first))
        )
    return places


def find_step(line: Sequence[Point], step: int) -> Point | None:
    """Returns the last record of a step, or None."""
    place = bisect_right(line, step, key=lambda point: point.step) - 1
    return line[place] if place >= 0 and line[place].step == step else None


def holds(line: Sequence[StepPoint], point: StepPoint) -> bool:
    """Whether that very record is on the line."""
    place = bisect_left(line, point.step, key=lambda each: each.step)
    while place < len(line) and line[place].step == point.step:
        if line[place] is point:
            return True
        place += 1
    return False
