"""A place: where a run stands in the tree of its records. It is all that a journal wants to know of a history."""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.session.history import History
from nst_explorer.session.iterate import Record


@dataclass(frozen=True, eq=False)
class Place:
    """A position, and the ends of all branches; every other record is reached over `parent`.

    Attributes:
        start: The first record.
        present: Where the run stands.
        branch: Name of the branch at hand.
        ends: Name of each branch to its last record, in the order in which they were begun.
    """

    start: Record
    present: Record
    branch: str
    ends: Mapping[str, Record]

    @property
    def newest(self) -> Record:
        """The last record of the branch at hand."""
        return self.ends[self.branch]

    @classmethod
    def of(cls, history: History) -> "Place":
        """Returns where a history stands."""
        return cls(history.line[0], history.present, history.branch_name, history.ends)
