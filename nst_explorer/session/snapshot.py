"""What a runner tells: a session's moment, frozen, or a command that failed.

A snapshot holds arrays and numbers only, so that whoever shows it needs neither tensors nor the session's lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nst_explorer.session.side_runs import SideMoment

if TYPE_CHECKING:
    from nst_explorer.session.branches import Branch
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.lines import Line
    from nst_explorer.session.push_meter import Pushes
    from nst_explorer.session.session import Session


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
        advice: Sentences of `Session.advise`.
        changes_done: How many of the changes that were asked for are in.
        pushes: The last measurement of who pushes, of this step or an earlier one; None where nobody has asked.
    """

    session: "Session"
    image: np.ndarray
    present: "Record"
    line: "Line"
    branches: "tuple[Branch, ...]"
    is_playing: bool
    steps_per_second: float | None
    advice: tuple[str, ...]
    changes_done: int
    pushes: "Pushes | None" = None


@dataclass(frozen=True)
class Failure:
    """A command that could not be carried out; the session is as it was.

    Attributes:
        message: A sentence for a person.
        command: Which: `open`, `step`, `rewind`, `switch`, `rename`, `delete`, `change`, `call`, `side runs` or
            `side step`.
        subject: What the caller named it, to show the message beside it.
    """

    message: str
    command: str
    subject: str = ""


Listener = Callable[[Snapshot | Failure | SideMoment], None]
