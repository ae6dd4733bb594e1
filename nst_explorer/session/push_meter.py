"""The push meter: how strongly each term of the loss pulls at the pixels, and in which direction.

A loss that is large may push little, and the other way round. Each term's gradient costs a backward pass, so they are
measured only when somebody looks, one term between two commands: after the last one of a set, the set is told. One set
serves all who look.
"""

from typing import TYPE_CHECKING

import numpy as np

from nst_explorer.session.pushes import Pushes

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.session import Session

STEPS_BETWEEN = 100
"""While it plays, a set is measured at every step that is a multiple of this."""


class PushMeter:
    """Measures a set term by term.

    Attributes:
        last: The last whole set, or None.
    """

    def __init__(self) -> None:
        self.last: Pushes | None = None
        self._watchers: frozenset[str] = frozenset()
        self._is_asked = False
        self._begun: tuple[Record | None, dict[str, np.ndarray]] = (None, {})

    @property
    def is_wanted(self) -> bool:
        """Whether somebody looks."""
        return bool(self._watchers)

    def watch(self, watcher: str, *, is_wanted: bool) -> None:
        """Notes that somebody looks, or no longer."""
        self._watchers = self._watchers | {watcher} if is_wanted else self._watchers - {watcher}

    def ask(self) -> None:
        """Asks for the next step's set, whatever is going on."""
        self._is_asked = True

    def give_up(self) -> None:
        """Forgets who looks and what was asked."""
        self._watchers, self._is_asked = frozenset(), False

    def is_due(self, session: "Session | None", *, is_playing: bool) -> bool:
        """Whether a term should be measured before anything else is done that nobody has asked for."""
        if session is None or not (self._is_asked or self.is_wanted):
            return False
        present = session.present
        return (self.last is None or self.last.record is not present) and (
            self._is_asked or not is_playing or present.step % STEPS_BETWEEN == 0
        )

    def measure_next(self, session: "Session") -> bool:
        """Measures one term of the present step, and returns whether that made a whole set."""
        present = session.present
        gradients = self._begun[1] if self._begun[0] is present else {}
        self._begun = (present, gradients)
        terms = tuple(present.recipe.term_weights)
        term = next((each for each in terms if each not in gradients), None)
        gradient = session.gradient(term)
        if session.present is not present:  # a notebook's cell took a step meanwhile
            return False
        if term is not None:
            gradients[term] = gradient
        if len(gradients) < len(terms):
            return False
        pushes = Pushes(present, gradients, session.gradient(), session.foretell_update())
        if session.present is not present:
            return False
        self.last, self._is_asked, self._begun = pushes, False, (None, {})
        return True
