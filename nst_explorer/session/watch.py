"""The watch: looks at every new record of a run for breakpoints, and remembers what stopped it last.

A breakpoint stops a run where it begins to hold, and then not again until it has ceased to: going on from a stop is
always possible. A new one stops at the next step already where it holds. Going back and over the same steps again
meets it again.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nst_explorer.errors import InputError
from nst_explorer.session.breakpoints import Breakpoint
from nst_explorer.session.iterate import Record


@dataclass(frozen=True, eq=False)
class Stop:
    """That a run was stopped.

    Attributes:
        record: Where it rests.
        sentence: Why, for a person.
        breakpoints: Those that stopped it; empty where there is no next step.
        has_failed: Whether the next step was not finite, which is told as an error.
    """

    record: Record
    sentence: str
    breakpoints: tuple[Breakpoint, ...] = ()
    has_failed: bool = False


class Watch:
    """The breakpoints of one session; those who set them do not wait for a step.

    Attributes:
        stop: What ended the last advance early, or None.
        most_steps: The last step that a run may come to, or None.
    """

    def __init__(self) -> None:
        self.stop: Stop | None = None
        self.most_steps: int | None = None
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._new: frozenset[Breakpoint] = frozenset()
        self._lock = threading.Lock()

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """All of them, in the order in which they were set."""
        return self._breakpoints

    def add(self, each: Breakpoint) -> None:
        """Sets a breakpoint; one that was set before is as new again."""
        with self._lock:
            self._new |= {each}
            if each not in self._breakpoints:
                self._breakpoints += (each,)

    def remove(self, each: Breakpoint) -> None:
        """Takes a breakpoint away.

        Raises:
            InputError: It is not set.
        """
        with self._lock:
            if each not in self._breakpoints:
                known = "; ".join(str(other) for other in self._breakpoints) or "none"
                raise InputError(
                    f"The breakpoint to remove is {each}, but those of this session are {known}; "
                    "give one of session.breakpoints."
                )
            self._replace(other for other in self._breakpoints if other != each)

    def set_all(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Sets these in the place of all others."""
        with self._lock:
            self._replace(breakpoints)

    def require_step(self, step: int) -> None:
        """Checks that a step may follow this one.

        Raises:
            InputError: It is the last that is allowed.
        """
        if self.most_steps is not None and step >= self.most_steps:
            raise InputError(
                f"The run is at step {step:,}, but a run may only come to step {self.most_steps:,} here; "
                "go back, or begin another."
            )

    def look_at(self, record: Record) -> None:
        """Notes whether a run that has just come to a record is to stop there."""
        with self._lock:
            breakpoints, new, self._new = self._breakpoints, self._new, frozenset()
        before = tuple(_list_step_before(record))
        hit = tuple(
            each
            for each in breakpoints
            if each.holds(record) and (each in new or not all(each.holds(earlier) for earlier in before))
        )
        self.stop = Stop(record, " ".join(each.explain(record) for each in hit), hit) if hit else None

    def _replace(self, breakpoints: Iterable[Breakpoint]) -> None:
        self._breakpoints = tuple(breakpoints)
        self._new &= frozenset(self._breakpoints)


def _list_step_before(record: Record) -> Iterator[Record]:
    """Yields the records of the step before: one, and one more if the recipe was changed there."""
    earlier = record.parent
    while earlier is not None and earlier.step >= record.step - 1:
        if earlier.step < record.step:
            yield earlier
        earlier = earlier.parent
