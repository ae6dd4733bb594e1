"""Paintings made by code: style images that need no download, no license and no file."""

from collections.abc import Callable
from functools import partial

import numpy as np

from nst_explorer.procedural.brush_strokes import brush_strokes
from nst_explorer.procedural.families import FAMILIES, paint


def _paint_family(name: str, seed: int, size: int) -> np.ndarray:
    return paint(name, look=seed, seed=seed, size=size)


PAINTINGS: dict[str, Callable[[int, int], np.ndarray]] = {
    "Brush strokes": brush_strokes,
    **{name: partial(_paint_family, name) for name in FAMILIES},
}
"""Human name to a function of seed and size in pixels that returns (size, size, 3) float32, RGB in [0, 1]."""
