"""Checkpoints: the pictures and optimizer states from which a run can go on, as many as the budget holds.

Every point that a run passes is kept at first. When the budget is spent, the finest are let go before the coarser, and
the oldest of them before the newer. How fine one is, its depth in the tree says: those whose depth 3 does not divide
go first, then those of 15, 30, 60, 120 and so on. So what was passed lately stays dense, and the longest way between
two checkpoints grows with the logarithm of what is asked of the budget, for the whole run alike. 60 is among the
spacings because a replay of 60 steps is what a person waits for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nst_explorer.core.tensors import Tensor
from nst_explorer.session.held_arrays import HeldArrays, list_arrays, measure_array
from nst_explorer.session.iterate import Record

SPACINGS = (1, 3, 15, 30, 60)
"""Each divides the next; they go on by doubling."""
DENSE, NEAR = 12, 100
"""Of the points passed last: how many are kept all, and how many every third; less where the budget holds few."""
DENSE_SHARE, NEAR_SHARE = 1 / 16, 1 / 2


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A picture and its optimizer's state; the gradient is computed again."""

    image: Tensor
    optimizer_state: Any


class Checkpoints:
    """Checkpoints by record, within a budget. The start and the point passed last are never let go.

    Args:
        budget: In bytes.
        on_thinned: Called with what is let go for the budget's sake.
    """

    def __init__(self, budget: float, on_thinned: "Callable[[Record, Checkpoint], None] | None" = None) -> None:
        self.budget = budget
        self._on_thinned = on_thinned
        self._kept: dict[Record, Checkpoint] = {}
        self._passed: dict[Record, int] = {}
        self._count = 0
        self._levels: dict[int, dict[Record, None]] = {}  # the one passed longest ago first
        self._level_of: dict[Record, int] = {}
        self._held = HeldArrays()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, record: Record) -> bool:
        return record in self._kept

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self._kept))

    def find(self, record: Record) -> Checkpoint | None:
        """Returns the checkpoint of a record, if it is kept."""
        return self._kept.get(record)

    @property
    def size(self) -> int:
        """Bytes of all arrays that are kept, each counted once."""
        return self._held.size

    def keep(self, record: Record, checkpoint: Checkpoint, depth: int) -> None:
        """Keeps the checkpoint of a point that is passed, and lets others go if the budget asks for it.

        Args:
            record: The point.
            checkpoint: Picture and state.
            depth: How many records come before it, back to the start.
        """
        self._count += 1
        self._passed[record] = self._count
        if record in self._kept:
            queue = self._levels[self._level_of[record]]
            del queue[record]
        else:
            self._kept[record] = checkpoint
            self._held.hold(checkpoint)
            self._level_of[record] = find_level(depth)
            queue = self._levels.setdefault(self._level_of[record], {})
        queue[record] = None
        self._thin()

    def drop(self, record: Record) -> None:
        """Lets a record's checkpoint go, if it is kept."""
        checkpoint = self._kept.pop(record, None)
        if checkpoint is not None:
            self._held.let_go(checkpoint)
            del self._levels[self._level_of.pop(record)][record]
            del self._passed[record]

    def _thin(self) -> None:
        while self._held.size > self.budget and len(self._kept) > 2:
            record = self._choose_victim()
            checkpoint = self._kept[record]
            self.drop(record)
            if self._on_thinned is not None:
                self._on_thinned(record, checkpoint)

    def _choose_victim(self) -> Record:
        dense, near = self._measure_windows()
        oldest: list[Record] = []
        for level in sorted(self._levels):
            record = next((each for each in self._levels[level] if self._may_go(each)), None)
            if record is None:
                continue
            oldest.append(record)
            if self._count - self._passed[record] >= (near if level else dense):
                return record
        return oldest[0]  # the budget does not even hold what was passed last

    def _may_go(self, record: Record) -> bool:
        return record.parent is not None and self._passed[record] != self._count

    def _measure_windows(self) -> tuple[int, int]:
        """How many points passed last are kept all, and every third; at most a quarter of what the budget holds."""
        newest = next(reversed(self._kept))
        size = sum(measure_array(array) for array in list_arrays(self._kept[newest]))
        capacity = self.budget / max(size, 1)
        return min(DENSE, int(capacity * DENSE_SHARE)), min(NEAR, int(capacity * NEAR_SHARE))


def find_level(depth: int) -> int:
    """Returns how coarse a depth is: the number of spacings after the first that divide it.

    Example:
        >>> [find_level(depth) for depth in (1, 3, 15, 30, 60, 120)]
        [0, 1, 2, 3, 4, 5]
    """
    if depth == 0:
        return 0  # the start stands outside of all: it never goes
    level = sum(depth % spacing == 0 for spacing in SPACINGS) - 1
    spacing = SPACINGS[-1] * 2
    while level >= len(SPACINGS) - 1 and depth % spacing == 0:
        level, spacing = level + 1, spacing * 2
    return level
