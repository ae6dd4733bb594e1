"""The reel: pictures of points whose checkpoints were let go, compressed, so that a film need not compute them again.

A run of 300 steps at 512² has checkpoints for a fifth of its steps; to compute the others again takes as long as the
run did. JPEGs of quality 92 with full color are good enough for a film, and not exact: whoever wants a step exactly
computes it.
"""

import io

import numpy as np
from PIL import Image

from nst_explorer.core.tensors import Tensor, to_array
from nst_explorer.session.iterate import Record
from nst_explorer.session.previews import quantize_picture

QUALITY = 92


class Reel:
    """Compressed pictures of every step that the spacing divides; it doubles whenever they outgrow the budget.

    They are read without a lock: what is thinned is replaced as a whole.

    Args:
        budget: In bytes.
    """

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.spacing = 1
        self.size = 0
        self._frames: dict[Record, bytes] = {}

    def __len__(self) -> int:
        return len(self._frames)

    def keep(self, record: Record, image: Tensor) -> None:
        """Keeps the picture of a point, `(H, W, 3) float32` in [0, 1], if its step is one of those that are kept."""
        if record.step % self.spacing or record in self._frames:
            return
        content = io.BytesIO()
        Image.fromarray(quantize_picture(to_array(image))).save(content, "JPEG", quality=QUALITY, subsampling=0)
        self._frames[record] = content.getvalue()
        self.size += len(self._frames[record])
        while self.size > self.budget and self._frames:
            self.spacing *= 2
            kept = {each: frame for each, frame in self._frames.items() if each.step % self.spacing == 0}
            if len(kept) == 1 and len(self._frames) == 1:
                kept = {}  # one picture is more than the budget holds
            self._frames, self.size = kept, sum(map(len, kept.values()))

    def find(self, record: Record) -> np.ndarray | None:
        """Returns the picture of a point nearly as it was, `(H, W, 3) uint8`, or None."""
        frame = self._frames.get(record)
        return None if frame is None else np.asarray(Image.open(io.BytesIO(frame), formats=["JPEG"]))

    def drop(self, record: Record) -> None:
        """Lets a record's picture go, if there is one."""
        self.size -= len(self._frames.pop(record, b""))
