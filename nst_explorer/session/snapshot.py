"""What a runner tells: a session's moment, frozen, or a command that failed.

A snapshot holds arrays and numbers only, so that whoever shows it needs neither tensors nor the session's lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nst_explorer.session.side_runs import SideMoment

if TYPE_CHECKING:
    from nst_explorer.session.advice import Diagnosis
    from nst_explorer.session.branches import Branch
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.lines import Line
    from nst_explorer.session.pushes import Pushes
    from nst_explorer.session.session import Session
    from nst_explorer.session.watch import Stop


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a listener is told of the session at one moment.

    Attributes:
        session: Whose moment it is.
        image: `(H, W, 3) float32`, RGB in [0, 1].
        present: The present record: step, recipe and losses.
        line: All records of the branch at hand.
        branches: All branches.
        is_playing: Whether the worker goes on by itself.
        steps_per_second: Over the last steps taken in a row, or None before the first.
        diagnoses: What is to be said of the run, of this step or one shortly before.
        changes_done: How many of the changes that were asked for are in.
        pushes: The last measurement of who pushes, of this step or an earlier one; None where nobody has asked.
        stop: What ended the last steps early, a breakpoint or a number that is not finite; None if nothing did.
    """

    session: "Session"
    image: np.ndarray
    present: "Record"
    line: "Line"
    branches: "tuple[Branch, ...]"
    is_playing: bool
    steps_per_second: float | None
    diagnoses: "tuple[Diagnosis, ...]"
    changes_done: int
    pushes: "Pushes | None" = None
    stop: "Stop | None" = None

    @property
    def advice(self) -> tuple[str, ...]:
        """Sentences that a person should know of, as `Session.advise` returns them."""
        return tuple(each.sentence for each in self.diagnoses if not each.is_harmless)


@dataclass(frozen=True)
class Failure:
    """A command that could not be carried out; the session is as it was.

    Attributes:
        message: A sentence for a person.
        command: Which: `open`, `step`, `rewind`, `switch`, `rename`, `delete`, `change`, `call`, `rate`, `side runs` or
            `side step`.
        subject: What the caller named it, to show the message beside it.
    """

    message: str
    command: str
    subject: str = ""


Listener = Callable[[Snapshot | Failure | SideMoment], None]
