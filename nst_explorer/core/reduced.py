"""Pictures read no larger than a thumbnail needs them: a JPEG is decoded at down to an eighth of its sides.

It is the same way as `load_image` takes, with the same checks and sentences, and the full size is told.
"""

import os
import warnings
from functools import partial
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image

from nst_explorer.core.image_files import load_pixels, open_file, read_header
from nst_explorer.core.images import fill_shape, load_image

_REDUCIBLE = ("L", "RGB", "RGBA", "CMYK")
_LYING = (5, 6, 7, 8)
"""Orientations in which a camera's picture is stored on its side."""


def load_square(path: str | os.PathLike[str], side: int) -> tuple[np.ndarray, int, int]:
    """Reads the middle of a picture as a small square, upright and in sRGB.

    Args:
        path: Of a file that `load_image` reads.
        side: Of the square, in pixels.

    Returns:
        (side, side, 3) float32, RGB in [0, 1]; and the width and height of the whole picture in pixels, upright.

    Raises:
        InputError: `load_image` would refuse it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `load_image`: what matters is refused in a sentence
        picture, width, height = open_file(path, partial(_decode_reduced, side=side))
    return fill_shape(load_image(picture), side, side), width, height


def _decode_reduced(file: BinaryIO, name: str, *, side: int) -> tuple[Image.Image, int, int]:
    picture = read_header(file, name)
    width, height = picture.size
    picture.draft(None, (side, side))
    load_pixels(picture, name, (width, height))
    if _is_lying(picture):
        width, height = height, width
    factor = min(picture.size) // (2 * side)
    if factor > 1 and picture.mode in _REDUCIBLE:
        picture = picture.reduce(factor)
    return picture, width, height


def _is_lying(picture: Image.Image) -> bool:
    try:
        return picture.getexif().get(ExifTags.Base.Orientation) in _LYING
    except Exception:  # noqa: BLE001  broken metadata raise whatever breaks first, and say nothing about the pixels
        return False
