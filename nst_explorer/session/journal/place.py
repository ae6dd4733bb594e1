"""A place: where a run stands in the tree of its records. It is all that a journal wants to know of a history."""

from dataclasses import dataclass

from nst_explorer.session.history import History
from nst_explorer.session.iterate import Record


@dataclass(frozen=True, eq=False)
class Place:
    """A position, and the ends of all branches; every other record is reached over `parent`.

    Attributes:
        start: The first record.
        present: Where the run stands.
        newest: The last record of the branch at hand.
        left: The last record of every other branch.
    """

    start: Record
    present: Record
    newest: Record
    left: tuple[Record, ...]

    @property
    def tips(self) -> tuple[Record, ...]:
        """The ends of all branches, that of the one at hand first."""
        return self.newest, *self.left

    @classmethod
    def of(cls, history: History) -> "Place":
        """Returns where a history stands."""
        line = history.line
        return cls(line[0], history.present, line[-1], history.left_tips)
