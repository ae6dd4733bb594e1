"""The run as a timeline: its branches, what a jump along it costs, and small pictures of its steps.

Looking at it waits for nobody: lines only grow, and what is thinned is replaced as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.tensors import to_array
from nst_explorer.errors import InputError
from nst_explorer.session.branches import Branch
from nst_explorer.session.filming import Filming
from nst_explorer.session.iterate import Record
from nst_explorer.session.pace import Pace, measure_area
from nst_explorer.session.previews import quantize_picture
from nst_explorer.session.problem import Problem
from nst_explorer.session.walk import Walk


@dataclass(frozen=True)
class Jump:
    """What going to a step costs.

    Attributes:
        step: The step.
        replayed: How many steps are computed again for it.
        seconds: About how long that takes; None while no step of this run has been timed.
    """

    step: int
    replayed: int
    seconds: float | None


@dataclass(frozen=True, eq=False)
class Preview:
    """A picture that stands for a step until the step itself is there.

    Attributes:
        record: Whose picture it is: the step's, or the nearest one kept.
        image: `(h, w, 3) uint8`, RGB; reduced, where only a small one is kept.
    """

    record: Record
    image: np.ndarray


class Timeline(Filming):
    """The half of a `Session` that moves between branches, which sets the attributes."""

    _problem: Problem
    _walk: Walk
    _pace: Pace
    _tell: Callable[[], None]

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All branches, in the order in which they were begun; going back and changing the recipe begins one."""
        return self._walk.history.branches

    @property
    def left_branches(self) -> tuple[Record, ...]:
        """The newest record of every branch but the present one."""
        return self._walk.history.left_tips

    def switch(self, name: str) -> None:
        """Goes to the newest step of another branch; the present one is kept.

        Raises:
            InputError: There is no branch of that name.
        """
        with self._problem.lock, on_device(self._problem.device):
            self._walk.switch(name)
            self._tell()

    def rename_branch(self, old: str, new: str) -> None:
        """Gives a branch another name.

        Raises:
            InputError: There is no such branch, or the new name is empty, too long or taken.
        """
        with self._problem.lock:
            self._walk.history.rename(old, new)
            self._tell()

    def delete_branch(self, name: str) -> None:
        """Drops a branch that is not the present one; what it shares with others stays.

        Raises:
            InputError: There is no such branch, or it is the present one.
        """
        with self._problem.lock:
            self._walk.history.delete(name)
            self._tell()

    def estimate_jump(self, step: int) -> Jump:
        """Returns what going to a step of the present line costs; never waits.

        Raises:
            InputError: The line has no such step.
        """
        at, _, path = self._walk.history.path_to(self._find(step))
        images = self._problem.images
        areas = [measure_area(images.get_scale(each.recipe, each.scale).content) for each in (at, *path)]
        return Jump(step, len(path), self._pace.estimate(areas))

    def preview(self, step: int, branch: str | None = None) -> Preview:
        """Returns a picture of a step of a branch, exact if the step is kept; never waits.

        Args:
            step: The step.
            branch: The branch's name; the present one if left out.

        Raises:
            InputError: There is no such branch or step.
        """
        record, history = self._find(step, branch), self._walk.history
        checkpoint = history.checkpoints.find(record)
        if checkpoint is not None:
            return Preview(record, quantize_picture(to_array(checkpoint.image)))
        return Preview(*history.find_preview(record, branch))

    def picture_at(self, step: int, branch: str | None = None) -> np.ndarray:
        """Computes the picture of a step of a branch exactly, and stays where it is; arguments as in `preview`.

        Returns:
            `(H, W, 3) float32`, RGB in [0, 1].
        """
        with self._problem.lock, on_device(self._problem.device):
            return to_array(self._walk.compute_image(self._find(step, branch)))

    def find_record(self, step: int, branch: str | None = None) -> Record:
        """Returns the last record of a step; arguments and errors as in `preview`."""
        return self._find(step, branch)

    def _find(self, step: int, branch: str | None = None) -> Record:
        record = self._walk.history.find(step, branch)
        if record is None:
            newest = self._walk.history.line_of(branch)[-1].step
            raise InputError(f"The step is {step!r}, but this run has the steps 0 to {newest}; choose one of them.")
        return record
