"""The history of a run: every loss that was computed, and enough pictures to return to any of its steps.

Records are small and all kept, as a tree: each knows the one before it. A branch is a path through it, from the start
to the branch's newest record, and has a name; the line is the branch at hand. Pictures with their optimizer's states
are large: `Checkpoints` keeps them within the budget, for all branches together, and what lies between two of them is
computed again. A small part of the budget is for `Previews`. Beside it, the `Reel` keeps what a film needs of the
checkpoints that were let go.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nst_explorer.core.tensors import to_array
from nst_explorer.session.branches import Branch, BranchBook, HistoryListener
from nst_explorer.session.checkpoints import Checkpoint, Checkpoints
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.lines import Line
from nst_explorer.session.previews import Previews, shrink_picture
from nst_explorer.session.reel import Reel

BYTES_PER_MB = 1_000_000
PREVIEW_SHARE = 0.04
REEL_SHARE = 0.125
"""Of the budget, and on top of it: 64 MB of 512 hold the pictures of 300 steps at 512²."""
FIRST_BRANCH = "main"


class History:
    """The tree of records, the branch at hand, the present position on it, checkpoints and previews.

    Args:
        start: The point of step 0.
        budget_mb: For checkpoints and previews together, in megabytes; two checkpoints are kept in any case.
            The reel comes on top, with `REEL_SHARE` of it.
    """

    def __init__(self, start: Iterate, budget_mb: float) -> None:
        self._begin({FIRST_BRANCH: [start.record]}, FIRST_BRANCH, budget_mb)
        self._pass(start, 0)

    @classmethod
    def reopen(
        cls,
        tips: Mapping[str, Record],
        checkpoints: Mapping[Record, Checkpoint],
        *,
        branch: str,
        present: Record,
        budget_mb: float,
    ) -> "History":
        """Makes a history of what was kept of one.

        Args:
            tips: Name of each branch to its newest record, in the order in which they were begun; the records before
                are reached over `parent`, and records that branches share are the same objects.
            checkpoints: Of any of their records; the start's must be there.
            branch: The branch at hand.
            present: Where it stands; a record of that branch.
            budget_mb: As in the constructor; if the checkpoints exceed it, they are thinned.

        Raises:
            LookupError: The start has no checkpoint, or the present record is not of the branch at hand.
        """
        history = cls.__new__(cls)
        history._begin({name: _list_path(tip) for name, tip in tips.items()}, branch, budget_mb)
        if history.line[0] not in checkpoints:
            raise LookupError("the start has no checkpoint")
        depths = {record: depth for line in history._book.lines.values() for depth, record in enumerate(line)}
        for record in sorted(checkpoints, key=lambda record: depths[record]):
            history._keep(record, checkpoints[record], depths[record])
        history.move_to(present)
        return history

    def _begin(self, lines: dict[str, list[Record]], branch: str, budget_mb: float) -> None:
        self._previews, self._reel = Previews(0), Reel(0)
        self._checkpoints = Checkpoints(0, lambda record, checkpoint: self._reel.keep(record, checkpoint.image))
        self.widen(budget_mb)
        self._book = BranchBook(lines, branch)
        self._position = len(lines[branch]) - 1

    @property
    def line(self) -> Line:
        """All records of the branch at hand, from the start to its newest."""
        return self._book.line

    @property
    def present(self) -> Record:
        """The record at which the session stands."""
        return self._book.present_line[self._position]

    @property
    def next(self) -> Record | None:
        """The record after the present one, if the session has gone back."""
        line = self._book.present_line
        return line[self._position + 1] if self._position + 1 < len(line) else None

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All branches, in the order in which they were begun."""
        return self._book.describe()

    @property
    def branch_name(self) -> str:
        """The name of the branch at hand."""
        return self._book.name

    @property
    def ends(self) -> dict[str, Record]:
        """Name of each branch to its newest record, in the order in which they were begun."""
        return {name: line[-1] for name, line in self._book.lines.items()}

    @property
    def left_tips(self) -> tuple[Record, ...]:
        """The newest record of every branch but the one at hand."""
        return tuple(branch.newest for branch in self.branches if not branch.is_present)

    @property
    def checkpoints(self) -> Checkpoints:
        """The pictures and states that are kept."""
        return self._checkpoints

    @property
    def previews(self) -> Previews:
        """The small pictures that are kept."""
        return self._previews

    @property
    def reel(self) -> Reel:
        """The compressed pictures of what was let go."""
        return self._reel

    def listen(self, listener: HistoryListener) -> None:
        """Tells one more listener of everything from here on, on the thread that does it; it must be quick."""
        self._book.listeners.append(listener)

    def line_of(self, branch: str | None) -> Line:
        """Returns all records of a branch, from the start to its newest; of the one at hand if it is None.

        Raises:
            InputError: There is no branch of that name.
        """
        return self.line if branch is None else self._book.line_of(branch)

    def find(self, step: int, branch: str | None = None) -> Record | None:
        """Returns the last record of that step, on the branch at hand if none is named."""
        line = self.line_of(branch)
        place = line.find_place(step) if isinstance(step, int) else None
        return None if place is None else line[place]

    def find_preview(self, record: Record, branch: str | None = None) -> tuple[Record, np.ndarray]:
        """Returns the small picture nearest to a record of a branch, `(h, w, 3) uint8`, and whose it is."""
        line = self.line_of(branch)
        place = line.locate(record)
        found = None if place is None else self._previews.find(line, place)
        if found is None:
            raise LookupError("the record does not belong to the branch")
        return found

    def path_to(self, record: Record) -> tuple[Record, Checkpoint, Sequence[Record]]:
        """Returns the nearest checkpoint at or before a record, where it is, and the records from there on."""
        path: list[Record] = []
        at: Record = record
        while (checkpoint := self._checkpoints.find(at)) is None:
            path.append(at)
            if at.parent is None:
                raise LookupError("the record does not belong to this history")
            at = at.parent
        return at, checkpoint, path[::-1]

    def add(self, iterate: Iterate) -> None:
        """Appends a new point after the present one. If others followed, it begins a branch; they keep theirs."""
        if self.next is not None:
            self._book.fork(self._position)
        self._position += 1
        self._book.append(iterate)
        self._pass(iterate, self._position)

    def pass_again(self, iterate: Iterate) -> None:
        """Stands at a point of the line that was computed again, and keeps it near the present."""
        self.move_to(iterate.record)
        self._pass(iterate, self._position)

    def keep_again(self, iterate: Iterate) -> None:
        """Keeps a point that was computed again on the way to another."""
        place = self.line.locate(iterate.record)
        if place is not None:
            self._pass(iterate, place)

    def forget_newest(self) -> None:
        """Drops the newest point, and stands at the one before: a change that was taken back.

        A branch that has nothing of its own left is no branch any more; the one it left is at hand again.
        """
        self._drop([self._book.forget_newest()])
        self._position -= 1

    def replace_start(self, iterate: Iterate) -> None:
        """Puts another point in the place of the start, after which nothing has come yet."""
        self._drop([self.present])
        self._book.replace_start(iterate)
        self._pass(iterate, 0)

    def move_to(self, record: Record) -> None:
        """Stands at a record of the line.

        Raises:
            LookupError: The line has no such record.
        """
        place = self.line.locate(record)
        if place is None:
            raise LookupError("the record does not belong to the branch at hand")
        self._position = place
        self._book.tell_move(record)

    def switch(self, name: str) -> None:
        """Takes another branch to hand, and stands at its newest record."""
        self._book.switch(name)
        self._position = len(self._book.present_line) - 1

    def rename(self, old: str, new: str) -> None:
        """Gives a branch another name."""
        self._book.rename(old, new)

    def delete(self, name: str) -> None:
        """Drops a branch that is not at hand, with the checkpoints that only it needs."""
        self._drop(self._book.delete(name))

    def widen(self, budget_mb: float) -> None:
        """Sets another budget; with a larger one, every step from here on is kept again."""
        budget = budget_mb * BYTES_PER_MB
        self._checkpoints.budget = budget * (1 - PREVIEW_SHARE)
        self._previews.budget = budget * PREVIEW_SHARE
        self._reel.budget = budget * REEL_SHARE
        self._previews.spacing = self._reel.spacing = 1

    def _pass(self, iterate: Iterate, depth: int) -> None:
        self._keep(iterate.record, Checkpoint(iterate.image, iterate.optimizer_state), depth)

    def _keep(self, record: Record, checkpoint: Checkpoint, depth: int) -> None:
        self._checkpoints.keep(record, checkpoint, depth)
        if self._previews.wants(record, depth):
            self._previews.keep(record, shrink_picture(to_array(checkpoint.image)), depth)

    def _drop(self, records: Sequence[Record]) -> None:
        for record in records:
            self._checkpoints.drop(record)
            self._previews.drop(record)
            self._reel.drop(record)


def _list_path(tip: Record) -> list[Record]:
    path, at = [], tip
    while at is not None:
        path.append(at)
        at = at.parent
    return path[::-1]
