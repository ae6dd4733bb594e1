"""The agenda: what a worker was asked to do and has not done yet.

Whoever asks leaves word and returns at once. The worker takes one item at a time, and sleeps while there is none.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe


@dataclass(frozen=True)
class Command:
    """Something to be done once."""

    name: str
    action: Callable[[], Any]
    subject: str = ""


@dataclass(frozen=True)
class Change:
    """Alterations of the recipe that wait together: they cost one evaluation."""

    alterations: tuple[Callable[[Recipe], Recipe], ...]
    subject: str
    name: str = "change"


@dataclass(frozen=True)
class Mark:
    """A moment: how often playing was asked for or ended until then, and how many steps were asked for."""

    plays: int
    steps: int


class Agenda:
    """Commands in their order, and the wish to go on."""

    def __init__(self) -> None:
        self._word = threading.Condition()
        self._items: deque[Command | Change] = deque()
        self._wants_play = False
        self._plays_asked = 0
        self._steps_asked = 0
        self._steps_done = 0
        self._is_closed = False

    @property
    def is_playing(self) -> bool:
        """Whether steps are to be taken once the commands are done."""
        with self._word:
            return self._wants_steps

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self._is_closed

    def play(self, wants_play: bool) -> None:
        """Asks for steps until further notice, or for none any more."""
        with self._word:
            self._wants_play, self._steps_done = wants_play, self._steps_asked
            self._plays_asked += 1
            self._word.notify()

    def add_steps(self, steps: int) -> None:
        """Asks for that many steps more."""
        with self._word:
            self._steps_asked += steps
            self._word.notify()

    def count_step(self) -> None:
        """Notes that a step is being taken."""
        with self._word:
            self._steps_done = min(self._steps_asked, self._steps_done + 1)

    def mark(self) -> Mark:
        """Returns the present moment."""
        with self._word:
            return Mark(self._plays_asked, self._steps_asked)

    def forget_before(self, mark: Mark) -> None:
        """Forgets the steps, and the wish to go on, that were asked for before that moment; later ones still hold."""
        with self._word:
            if self._plays_asked == mark.plays:
                self._wants_play = False
            self._steps_done = max(self._steps_done, mark.steps)

    def add(self, command: Command) -> None:
        """Asks for something to be done after all that was asked before.

        Raises:
            InputError: It is closed.
        """
        with self._word:
            if self._is_closed:
                raise InputError("This runner is closed, but only an open one takes commands; make a new one.")
            self._items.append(command)
            self._word.notify()

    def add_change(self, alter: Callable[[Recipe], Recipe], subject: str) -> None:
        """Asks for an altered recipe; with the last item, if that is one of the same subject, it is one change."""
        with self._word:
            waiting = self._items[-1] if self._items else None
            if isinstance(waiting, Change) and waiting.subject == subject:
                self._items[-1] = Change((*waiting.alterations, alter), subject)
            else:
                self._items.append(Change((alter,), subject))
            self._word.notify()

    def take(self) -> Command | Change | None:
        """Returns the next item, which is then the worker's, or None."""
        with self._word:
            return self._items.popleft() if self._items else None

    def wake(self) -> None:
        """Has the worker look again for what is due."""
        with self._word:
            self._word.notify()

    def close(self) -> None:
        """Has the worker end."""
        with self._word:
            self._is_closed = True
            self._word.notify()

    def wait(self, is_due: Callable[[], bool]) -> None:
        """Sleeps until there is something to do, here or because `is_due` says so."""
        with self._word:
            while not (self._items or self._wants_steps or self._is_closed or is_due()):
                self._word.wait()

    @property
    def _wants_steps(self) -> bool:
        """Read under the lock."""
        return self._wants_play or self._steps_done < self._steps_asked
