"""Branches: paths through the tree of records that part from each other, each with a name.

A branch owns the records from where it left another one on. Names are what people and files call them by; which branch
a shared record belongs to follows from the order in which they were begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nst_explorer.errors import InputError
from nst_explorer.recipe_changes import describe_change
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.lines import Line

LONGEST_NAME = 40


@dataclass(frozen=True, eq=False, repr=False)
class Branch:
    """One branch of a run.

    Attributes:
        name: What it is called.
        left_step: The step at which it left another branch, or None for the first one.
        newest: Its newest record.
        records: Its own records, from the first after it left.
        line: All records from the start to its newest.
        difference: What its newest recipe has other than the branch that it left, in words; empty for the first one.
        is_present: Whether it is the branch at hand.
    """

    name: str
    left_step: int | None
    newest: Record
    records: Line
    line: Line
    difference: str
    is_present: bool

    def __repr__(self) -> str:
        origin = "from the start" if self.left_step is None else f"left at step {self.left_step}"
        change = f", {self.difference}" if self.difference else ""
        present = ", present" if self.is_present else ""
        total = self.newest.losses["total"]
        return f"<Branch {self.name!r} {origin}, to step {self.newest.step}, total {total:.4g}{change}{present}>"


class HistoryListener:
    """What a history tells of itself; whoever listens overrides what it needs. It is called with the session's lock."""

    def on_record(self, iterate: Iterate, branch: str) -> None:
        """A new point was appended to a branch, which may be new with it."""

    def on_forget(self, record: Record) -> None:
        """A branch's newest record was taken back."""

    def on_move(self, record: Record, branch: str) -> None:
        """The session stands at another record, or at the newest one of another branch."""

    def on_rename(self, old: str, new: str) -> None:
        """A branch has another name."""

    def on_drop(self, branch: str, records: Sequence[Record]) -> None:
        """A branch is gone, with these records that no other branch has."""


class BranchBook:
    """The lines of all branches, by name, in the order in which they were begun.

    Attributes:
        lines: Name to all records from the start on. A list only grows; where records go, it is replaced.
        name: Of the branch at hand.
        listeners: Told of what happens.
    """

    def __init__(self, lines: dict[str, list[Record]], name: str) -> None:
        self.lines = lines
        self.name = name
        self.listeners: list[HistoryListener] = []
        self._begun = len(lines) - 1
        self._count_shared()

    @property
    def present_line(self) -> list[Record]:
        """The records of the branch at hand."""
        return self.lines[self.name]

    @property
    def line(self) -> Line:
        """The records of the branch at hand, as they are now."""
        return Line(self.present_line)

    def line_of(self, name: str) -> Line:
        """Returns the records of a branch, as they are now.

        Raises:
            InputError: There is none of that name.
        """
        return Line(self.lines[self._require(name)])

    def describe(self) -> tuple[Branch, ...]:
        """Returns all branches."""
        return tuple(self._describe(name, line) for name, line in self.lines.items())

    def fork(self, place: int) -> None:
        """Begins a branch after a place of the line, and takes it to hand."""
        begun = self.present_line[: place + 1]
        self._begun += 1
        while f"branch {self._begun}" in self.lines:
            self._begun += 1
        self.name = f"branch {self._begun}"
        self.lines[self.name] = begun
        self._shared[self.name] = place + 1

    def append(self, iterate: Iterate) -> None:
        """Appends a point to the branch at hand."""
        self.present_line.append(iterate.record)
        for listener in self.listeners:
            listener.on_record(iterate, self.name)

    def replace_start(self, iterate: Iterate) -> None:
        """Puts another point in the place of the only one."""
        self._tell_forgotten(self.present_line[0])
        self.lines[self.name] = []
        self.append(iterate)

    def forget_newest(self) -> Record:
        """Takes the newest record of the branch at hand back, and the branch with it if it has no other of its own."""
        line = self.present_line
        forgotten = line[-1]
        self.lines[self.name] = line[:-1]
        self._tell_forgotten(forgotten)
        if len(line) - 1 == self._shared[self.name]:
            origin = next((each for each, other in self.lines.items() if self._continues(other, line[-2])), None)
            if origin is not None:
                emptied, self.name = self.name, origin
                self._remove(emptied)
                self.tell_move(line[-2])
        return forgotten

    def switch(self, name: str) -> None:
        """Takes another branch to hand.

        Raises:
            InputError: There is none of that name.
        """
        self.name = self._require(name)
        self.tell_move(self.present_line[-1])

    def rename(self, old: str, new: str) -> None:
        """Gives a branch another name.

        Raises:
            InputError: There is no such branch, or the name is not possible or taken.
        """
        self._require(old)
        text = " ".join(new.split()) if isinstance(new, str) else ""
        if not text or len(text) > LONGEST_NAME:
            raise InputError(
                f"The branch's new name is {new!r}, but it must be a text of 1 to {LONGEST_NAME} letters; give another."
            )
        if text == old:
            return
        if text in self.lines:
            raise InputError(f'There is a branch "{text}" already, but each name must be another; give a new one.')
        self.lines = {text if each == old else each: line for each, line in self.lines.items()}
        self.name = text if self.name == old else self.name
        self._count_shared()
        for listener in self.listeners:
            listener.on_rename(old, text)

    def delete(self, name: str) -> Sequence[Record]:
        """Drops a branch that is not at hand, and returns the records that no other branch has.

        Raises:
            InputError: There is no such branch, or it is the one at hand.
        """
        if self._require(name) == self.name:
            raise InputError(f'"{name}" is the present branch, which cannot be deleted; switch to another one first.')
        return self._remove(name)

    def tell_move(self, record: Record) -> None:
        """Tells that the session stands at a record of the branch at hand."""
        for listener in self.listeners:
            listener.on_move(record, self.name)

    def _remove(self, name: str) -> Sequence[Record]:
        line = self.lines[name]
        self.lines = {each: other for each, other in self.lines.items() if each != name}
        shared = {record for other in self.lines.values() for record in other}
        dropped = tuple(record for record in line if record not in shared)
        self._count_shared()
        for listener in self.listeners:
            listener.on_drop(name, dropped)
        return dropped

    def _tell_forgotten(self, record: Record) -> None:
        for listener in self.listeners:
            listener.on_forget(record)

    def _continues(self, line: list[Record], record: Record) -> bool:
        place = Line(line).locate(record)
        return line is not self.present_line and place is not None

    def _require(self, name: str) -> str:
        if name not in self.lines:
            known = ", ".join(f'"{each}"' for each in self.lines)
            raise InputError(f"The branch is {name!r}, but this run has {known}; choose one of them.")
        return name

    def _describe(self, name: str, line: list[Record]) -> Branch:
        shared = self._shared[name]
        newest = line[-1]
        left = line[shared - 1] if shared else None
        return Branch(
            name=name,
            left_step=None if left is None else left.step,
            newest=newest,
            records=Line(line, shared),
            line=Line(line),
            difference="" if left is None else describe_change(left.recipe, newest.recipe),
            is_present=name == self.name,
        )

    def _count_shared(self) -> None:
        """How many records each branch has in common with those begun before it."""
        owned: set[Record] = set()
        self._shared: dict[str, int] = {}
        for name, line in self.lines.items():
            self._shared[name] = next((place for place, each in enumerate(line) if each not in owned), len(line))
            owned.update(line)
