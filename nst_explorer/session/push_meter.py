"""The push meter: how strongly each term of the loss pulls at the pixels, as the norm of its gradient.

A loss that is large may push little, and the other way round. Each term's gradient costs a backward pass, so they are
measured only when somebody looks, one term between two commands: after the last one of a set, the set is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.session import Session

STEPS_BETWEEN = 100
"""While it plays, a set is measured at every step that is a multiple of this."""


@dataclass(frozen=True, eq=False)
class Pushes:
    """Who pushes at one moment.

    Attributes:
        record: The moment.
        norms: Term to the Euclidean norm of its weighted gradient over all values of the picture.
    """

    record: "Record"
    norms: Mapping[str, float]


class PushMeter:
    """Measures a set term by term.

    Attributes:
        is_wanted: Whether somebody looks.
        last: The last whole set, or None.
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self.last: Pushes | None = None
        self._begun: tuple[Record | None, dict[str, float]] = (None, {})

    def is_due(self, session: "Session | None", *, is_playing: bool) -> bool:
        """Whether a term should be measured before anything else is done that nobody has asked for."""
        if not self.is_wanted or session is None:
            return False
        present = session.present
        return (self.last is None or self.last.record is not present) and (
            not is_playing or present.step % STEPS_BETWEEN == 0
        )

    def measure_next(self, session: "Session") -> bool:
        """Measures one term of the present step, and returns whether that made a whole set."""
        present = session.present
        norms = self._begun[1] if self._begun[0] is present else {}
        self._begun = (present, norms)
        terms = tuple(present.recipe.term_weights)
        term = next(each for each in terms if each not in norms)
        norms[term] = session.measure_push(term)
        if len(norms) < len(terms):
            return False
        self.last = Pushes(present, norms)
        return True
