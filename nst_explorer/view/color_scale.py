"""Color scales of feature maps: which number gets the first color and which the last.

Activations begin at 0, where a channel is silent; differences are centered on it. The other end is the 99.5th
percentile, since a single bright value would leave all others in the dark.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from nst_explorer.view.colormaps import DIVERGING, LEVELS, VIRIDIS, Colormap, paint_values
from nst_explorer.view.frames import PNG_LEVEL

PERCENTILE = 99.5
_SAMPLE = 2**18
_QUICK_QUALITY = 80
_SMALL = 2**16
"""So few pixels of a map are quick without loss, and JPEG would show on them when they are enlarged."""


@dataclass(frozen=True)
class ColorScale:
    """What a color means.

    Attributes:
        low: The number of the first color.
        high: That of the last.
        colormap: `VIRIDIS` or `DIVERGING`.
    """

    low: float
    high: float
    colormap: Colormap

    def place_values(self, values: np.ndarray) -> np.ndarray:
        """Returns where numbers lie on the scale: float32, 0 the first color and 1 the last, NaN what is none."""
        bounds = np.array([self.high], np.float32)
        return place_maps(values[..., np.newaxis], bounds, is_difference=self.low < 0 or self.colormap is DIVERGING)[
            ..., 0
        ]


def choose_colormap(*, is_difference: bool) -> Colormap:
    """Returns the colormap of differences or of activations."""
    return DIVERGING if is_difference else VIRIDIS


def find_scale(values: np.ndarray, *, is_difference: bool) -> ColorScale:
    """Finds the scale of numbers of any shape; of very many, every n-th position is looked at."""
    if values.size > _SAMPLE:
        values = values.reshape(-1, values.shape[-1])[:: values.size // _SAMPLE]
    (bound,) = find_bounds(values.reshape(-1, 1)).tolist()
    return ColorScale(-bound if is_difference else 0.0, bound, choose_colormap(is_difference=is_difference))


def find_bounds(maps: np.ndarray) -> np.ndarray:
    """Finds the last number of each map's own scale.

    Args:
        maps: `(…, C)`, NaN and infinite allowed.

    Returns:
        `(C,) float32`, the 99.5th percentile of the magnitudes; the largest where that is 0, and 0 where all are.
    """
    values = np.ascontiguousarray(np.abs(maps.reshape(-1, maps.shape[-1])).T)
    is_finite = np.isfinite(values)
    if not is_finite.all():
        values = np.where(is_finite, values, np.nan)
        # A map without a single number has no percentile, and would be warned about.
        values[~is_finite.any(axis=1)] = 0
        return _prefer_percentile(np.nanpercentile(values, PERCENTILE, axis=1), np.nanmax(values, axis=1))
    return _prefer_percentile(np.percentile(values, PERCENTILE, axis=1), values.max(axis=1))


def place_maps(maps: np.ndarray, bounds: np.ndarray, *, is_difference: bool) -> np.ndarray:
    """Returns where numbers lie on their map's scale, `(…, C) float32`: 0 the first color, 1 the last."""
    # Where the scale has no length all numbers are 0, but for those that are none.
    lengths = np.where(bounds > 0, bounds, 1).astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        return maps / (2 * lengths) + np.float32(0.5) if is_difference else maps / lengths


def encode_placed(placed: np.ndarray, colormap: Colormap, *, is_quick: bool) -> tuple[bytes, str]:
    """Encodes numbers on their scale as a picture, one pixel each.

    Args:
        placed: `(h, w) float32`, as `place_values` returns them.
        colormap: The scale's.
        is_quick: Whether loss is allowed, for a picture that moves.

    Returns:
        The bytes, and `png` or `jpeg`.
    """
    if np.isnan(placed).any():
        picture = Image.fromarray(paint_values(placed, colormap, 0.0, 1.0))
    else:
        with np.errstate(over="ignore"):
            levels = np.clip(placed * (LEVELS - 1) + 0.5, 0, LEVELS - 1).astype(np.uint8)
        picture = Image.fromarray(levels)
        picture.putpalette(colormap.colors.tobytes())
    return encode_picture(picture, is_quick=is_quick)


def encode_picture(picture: Image.Image, *, is_quick: bool) -> tuple[bytes, str]:
    """Encodes a picture quickly, or without loss; returns the bytes, and `png` or `jpeg`."""
    buffer = io.BytesIO()
    if is_quick and (picture.mode != "P" or picture.width * picture.height > _SMALL):
        picture.convert("RGB").save(buffer, "JPEG", quality=_QUICK_QUALITY)
        return buffer.getvalue(), "jpeg"
    picture.save(buffer, "PNG", compress_level=PNG_LEVEL)
    return buffer.getvalue(), "png"


def _prefer_percentile(percentiles: np.ndarray, largest: np.ndarray) -> np.ndarray:
    return np.where(percentiles > 0, percentiles, largest).astype(np.float32)
