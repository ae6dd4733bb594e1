"""Filming: the pictures of many steps in their order, each from where it is had at the least cost.

A step's checkpoint is exact and there at once. Where it was let go, the reel may hold the picture, compressed. The
others are computed again, one step at a time under the session's lock, so that a run that goes on has its turns.
"""

import time
from abc import ABC
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.tensors import to_array
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.previews import quantize_picture
from nst_explorer.session.problem import Problem
from nst_explorer.session.walk import Walk

Rest = Callable[[float], None]
"""Told how many seconds a run beside it missed by the last piece of work; whoever has such a run waits in it."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A step's picture.

    Attributes:
        record: Whose it is.
        image: `(H, W, 3) uint8`, RGB, at the size that the run had there.
    """

    record: Record
    image: np.ndarray


class Filming(ABC):
    """The part of a `Session` that hands out the pictures of many steps; the session sets the attributes."""

    _problem: Problem
    _walk: Walk

    def trace_pictures(
        self, records: Sequence[Record], *, is_exact: bool = False, rest: Rest = lambda seconds: None
    ) -> Iterator[Frame]:
        """Yields the pictures of some of this run's records, and stays where it is; the run may go on meanwhile.

        Args:
            records: In the order of their steps, on one line.
            is_exact: Whether what is not kept whole is computed again, and not taken from the reel.
            rest: Called after every step that was computed again, with its seconds, while no lock is held.
        """
        history, last = self._walk.history, None
        for record in records:
            checkpoint = history.checkpoints.find(record)
            image = None if checkpoint is None else quantize_picture(to_array(checkpoint.image))
            if image is None and not is_exact:
                image = history.reel.find(record)
            if image is None:
                last = self._compute_again(record, last, rest)
                image = quantize_picture(to_array(last.image))
            yield Frame(record, image)

    def _compute_again(self, record: Record, last: Iterate | None, rest: Rest) -> Iterate:
        """Computes a record's iterate, from the last one computed where that is on the way."""
        at, checkpoint, path = self._walk.history.path_to(record)
        on_the_way = [at, *path]
        if last is not None and last.record in on_the_way:
            iterate, path = last, on_the_way[on_the_way.index(last.record) + 1 :]
        else:
            iterate = self._time(lambda: self._problem.restore(at, checkpoint.image, checkpoint.optimizer_state), rest)
        for each in path:
            iterate = self._time(lambda before=iterate, after=each: self._problem.replay(before, after), rest)
        return iterate

    def _time(self, compute: Callable[[], Iterate], rest: Rest) -> Iterate:
        with self._problem.lock, on_device(self._problem.device):
            begin = time.monotonic()
            iterate = compute()
            seconds = time.monotonic() - begin
        rest(seconds)
        return iterate
