"""The history of a run: every loss that was computed, and enough pictures to return to any of its steps.

Records are small and all kept, as a tree: each knows the one before it. The line is the path from the start to the
newest record of the branch at hand. Pictures with their optimizer's state are large; of these checkpoints the history
keeps one in every `spacing` steps, and doubles the spacing whenever they outgrow the budget. What lies between two
checkpoints is computed again.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from nst_explorer.core.tensors import Tensor
from nst_explorer.session.iterate import Iterate, Record

BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A picture and its optimizer's state; the gradient is computed again."""

    image: Tensor
    optimizer_state: Any


class History:
    """The tree of records, the line at hand, the present position on it, and the checkpoints."""

    def __init__(self, start: Iterate, budget_mb: float) -> None:
        self._budget = budget_mb * BYTES_PER_MB
        self._spacing = 1
        self._line: list[Record] = []
        self._position = -1
        self._checkpoints: dict[Record, Checkpoint] = {}
        self._left_tips: list[Record] = []
        self._append(start)

    @classmethod
    def reopen(
        cls,
        checkpoints: Mapping[Record, Checkpoint],
        tips: Sequence[Record],
        position: Record,
        budget_mb: float,
    ) -> "History":
        """Returns a history as it was recorded.

        Args:
            checkpoints: At least that of the start.
            tips: The newest record of each branch, that of the line at hand first; the others follow over `parent`.
            position: Where the session stands on that line.
            budget_mb: Of the history.
        """
        history = cls.__new__(cls)
        history._budget, history._spacing = budget_mb * BYTES_PER_MB, 1
        history._checkpoints = dict(checkpoints)
        history._line, history._left_tips = [], list(tips[1:])
        at: Record | None = tips[0]
        while at is not None:
            history._line.append(at)
            at = at.parent
        history._line.reverse()
        history.move_to(position)
        return history

    @property
    def line(self) -> tuple[Record, ...]:
        """All records of the branch at hand, from the start to its newest."""
        return tuple(self._line)

    @property
    def present(self) -> Record:
        """The record at which the session stands."""
        return self._line[self._position]

    @property
    def next(self) -> Record | None:
        """The record after the present one, if the session has gone back."""
        return self._line[self._position + 1] if self._position + 1 < len(self._line) else None

    @property
    def left_tips(self) -> tuple[Record, ...]:
        """The newest record of every branch that was left; the path to it goes over `parent`."""
        return tuple(self._left_tips)

    @property
    def checkpoint_count(self) -> int:
        """How many pictures are kept."""
        return len(self._checkpoints)

    def find(self, step: int) -> Record | None:
        """Returns the line's last record of that step."""
        return next((record for record in reversed(self._line) if record.step == step), None)

    def path_to(self, record: Record) -> tuple[Record, Checkpoint, tuple[Record, ...]]:
        """Returns the nearest checkpoint at or before a record, where it is, and the records from there on."""
        path: list[Record] = []
        at: Record = record
        while at not in self._checkpoints:
            path.append(at)
            if at.parent is None:
                raise LookupError("the record does not belong to this history")
            at = at.parent
        return at, self._checkpoints[at], tuple(reversed(path))

    def add(self, iterate: Iterate) -> None:
        """Appends a new point after the present one. If others followed, they are left as a branch of their own."""
        if self.next is not None:
            self._left_tips.append(self._line[-1])
            del self._line[self._position + 1 :]
        self._append(iterate)

    def forget_newest(self) -> None:
        """Drops the newest point, and stands at the one before: a change that was taken back."""
        self._checkpoints.pop(self._line.pop(), None)
        self._position = len(self._line) - 1

    def widen(self, budget_mb: float) -> None:
        """Sets another budget; every step from here on is kept again, until the new budget is spent."""
        self._budget, self._spacing = budget_mb * BYTES_PER_MB, 1

    def move_to(self, record: Record) -> None:
        """Stands at a record of the line."""
        self._position = next(index for index, each in enumerate(self._line) if each is record)

    def _append(self, iterate: Iterate) -> None:
        self._line.append(iterate.record)
        self._position = len(self._line) - 1
        if iterate.record.step % self._spacing == 0:
            self._checkpoints[iterate.record] = Checkpoint(iterate.image, iterate.optimizer_state)
            self._thin(iterate)

    def _thin(self, iterate: Iterate) -> None:
        size = _count_bytes(iterate.image) + _count_bytes(iterate.optimizer_state)
        while len(self._checkpoints) > 2 and len(self._checkpoints) * size > self._budget:
            self._spacing *= 2
            self._checkpoints = {
                record: checkpoint
                for record, checkpoint in self._checkpoints.items()
                if record.step % self._spacing == 0 and not (record.is_change and record.step != 0)
            }


def _count_bytes(value: Any) -> int:
    """Bytes of a float32 tensor, or of all tensors that are fields of a state."""
    if hasattr(value, "shape"):
        return 4 * math.prod(value.shape)
    if is_dataclass(value):
        return sum(_count_bytes(getattr(value, each.name)) for each in fields(value))
    return 0
