"""Two feature maps and their product: where two channels answer at the same places, and how strongly."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from nst_explorer.view.colormaps import VIRIDIS
from nst_explorer.view.gram_heatmap import encode_values, measure_height

LONGEST_SIDE = 128
"""Pixels of the longer side of a picture; where a map is larger, a pixel is the mean of a square of its values."""
PERCENTILE = 99.5


@dataclass(frozen=True)
class MapPicture:
    """One map as a picture.

    Attributes:
        png: The picture.
        mean: Mean over all positions.
        highest: The number of the brightest color.
    """

    png: bytes
    mean: float
    highest: float


def draw_pair(first: np.ndarray, second: np.ndarray) -> tuple[MapPicture, MapPicture, MapPicture]:
    """Returns the pictures of two maps `(h, w)` and of their product, each on its own scale from 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        return _draw_map(first), _draw_map(second), _draw_map(first * second)


def reduce_map(values: np.ndarray, longest: int = LONGEST_SIDE) -> np.ndarray:
    """Returns means over squares of `(h, w)`, so that no side is longer than that; what does not fill one is cut off.

    Example:
        >>> reduce_map(np.arange(8.0).reshape(2, 4), 2)
        array([[2.5, 4.5]], dtype=float32)
    """
    height, width = values.shape
    side = -(-max(height, width) // longest)
    if side < 2:
        return values
    across, down = min(side, width), min(side, height)
    whole = np.ascontiguousarray(values[: height // down * down, : width // across * across], np.float32)
    return np.asarray(Image.fromarray(whole).reduce((across, down)))  # ten times as fast as NumPy's mean over axes


def _draw_map(values: np.ndarray) -> MapPicture:
    mean = float(np.mean(values, dtype=np.float64)) if values.size else float("nan")
    small = reduce_map(values)
    highest = measure_height(small, PERCENTILE)
    return MapPicture(encode_values(small, VIRIDIS, 0, highest), mean, highest)
