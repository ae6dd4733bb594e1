"""Previews: small pictures of a run's points for its timeline, as many as their part of the budget holds."""

import numpy as np
from PIL import Image

from nst_explorer.session.iterate import Record
from nst_explorer.session.lines import Line

LONGEST_SIDE = 96


class Previews:
    """Small pictures of every point whose depth the spacing divides; it doubles whenever they outgrow the budget.

    They are read without a lock by whoever draws: what is thinned is replaced as a whole.

    Args:
        budget: In bytes.
    """

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.spacing = 1
        self.size = 0
        self._frames: dict[Record, tuple[int, np.ndarray]] = {}

    def __len__(self) -> int:
        return len(self._frames)

    def wants(self, record: Record, depth: int) -> bool:
        """Whether a preview of that point is to be kept, and is not yet."""
        return depth % self.spacing == 0 and record not in self._frames

    def keep(self, record: Record, frame: np.ndarray, depth: int) -> None:
        """Keeps a preview, `(h, w, 3) uint8`, and thins them if the budget asks for it."""
        self._frames[record] = depth, frame
        self.size += frame.nbytes
        while self.size > self.budget and len(self._frames) > 1:
            self.spacing *= 2
            kept = {each: entry for each, entry in self._frames.items() if entry[0] % self.spacing == 0}
            self._frames, self.size = kept, sum(frame.nbytes for _, frame in kept.values())

    def drop(self, record: Record) -> None:
        """Lets a record's preview go, if there is one."""
        entry = self._frames.pop(record, None)
        if entry is not None:
            self.size -= entry[1].nbytes

    def find(self, line: Line, place: int) -> tuple[Record, np.ndarray] | None:
        """Returns the preview nearest to a place of a line that begins at the start, and whose it is."""
        frames, spacing = self._frames, self.spacing
        below = place // spacing * spacing
        nearer = (below, below + spacing) if place - below <= spacing // 2 else (below + spacing, below)
        for each in (place, *nearer, *range(below, -1, -spacing)):
            if each < len(line) and (entry := frames.get(line[each])) is not None:
                return line[each], entry[1]
        return None


def quantize_picture(image: np.ndarray) -> np.ndarray:
    """Rounds `(H, W, 3) float32` in [0, 1], as an optimizer leaves it, to `uint8`."""
    return (image * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def shrink_picture(image: np.ndarray) -> np.ndarray:
    """Averages `(H, W, 3) float32` in [0, 1] over squares of pixels, to `(h, w, 3) uint8` of 96 at most a side."""
    factor = -(-max(image.shape[:2]) // LONGEST_SIDE)
    return np.asarray(Image.fromarray(quantize_picture(image)).reduce(factor))
