"""An image is one thing here: (H, W, 3) float32, RGB in [0, 1]. Whatever a person gives becomes that, once.

Files, uploads, Pillow pictures and arrays enter through `load_image`, which accepts them or says in a sentence what
to give instead. `core.outputs` is the way back to a file.
"""

import hashlib
import math
import os
import warnings
from typing import Any

import numpy as np
from PIL import Image

from nst_explorer.checks import require_integer
from nst_explorer.core.image_colors import read_levels
from nst_explorer.core.image_files import SIDE_RANGE, load_pixels, open_picture, require_sides
from nst_explorer.errors import InputError

ImageSource = str | os.PathLike[str] | bytes | bytearray | memoryview | Image.Image | np.ndarray
"""What `load_image` takes."""


def load_image(source: ImageSource, size: int | None = None) -> np.ndarray:
    """Reads an image from a file, an upload, a Pillow picture or an array.

    Photos are turned upright, colors converted to sRGB, transparent parts laid over white; of an animation the first
    frame is taken.

    Args:
        source: The path or the content of a JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC file; a Pillow picture; or an
            array of shape (H, W, 3), (H, W, 4) or (H, W), uint8, uint16, or floats in [0, 1].
        size: Longest side in pixels, to which a larger image is reduced with antialiasing; a smaller one is kept.
            None keeps every image.

    Returns:
        (H, W, 3) float32, RGB in [0, 1], C-contiguous, sharing no memory with `source`.

    Raises:
        InputError: It cannot be read or used; the sentence says what can.

    Example:
        >>> load_image(np.zeros((300, 400, 3), np.uint8), size=200).shape
        (150, 200, 3)
    """
    if size is not None:
        require_integer("size", size, *SIDE_RANGE, unit=" pixels", example="256")
    levels, name = _read_source(source)
    height, width = levels.shape[:2]
    pixels = _to_channels(levels)
    if size is None or max(height, width) <= size:
        return _scale(pixels.astype(np.float32), levels.dtype)
    new_height, new_width = (max(1, round(side * size / max(height, width))) for side in (height, width))
    _require_sides_left(name, (width, height), (new_width, new_height))
    return _scale(_resample(pixels, new_height, new_width, (0, 0, width, height)), levels.dtype)


def fill_shape(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resizes an image to cover that shape, keeping its aspect, and crops what stands over on both sides alike.

    Args:
        image: (H, W, 3) float32, RGB in [0, 1].
        height: Of the result, in pixels.
        width: Of the result, in pixels.

    Returns:
        (height, width, 3) float32, RGB in [0, 1].

    Example:
        >>> fill_shape(np.zeros((40, 80, 3), np.float32), 50, 50).shape
        (50, 50, 3)
    """
    if image.shape[:2] == (height, width):
        return image.copy()
    scale = min(image.shape[0] / height, image.shape[1] / width)
    left, top = (image.shape[1] - width * scale) / 2, (image.shape[0] - height * scale) / 2
    # Rounding must not push the box over the edge, which Pillow refuses.
    right, bottom = min(left + width * scale, image.shape[1]), min(top + height * scale, image.shape[0])
    return _scale(_resample(image, height, width, (max(left, 0), max(top, 0), right, bottom)), image.dtype)


def hash_image(image: np.ndarray) -> str:
    """Returns the SHA-256 of an image's shape, dtype and bytes, for the record of a run.

    Args:
        image: (H, W, 3) float32, RGB in [0, 1].

    Returns:
        64 hexadecimal digits, the same on every machine.
    """
    digest = hashlib.sha256(f"{image.shape} {image.dtype.name} ".encode())
    digest.update(image.astype(image.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def require_array(array: np.ndarray, name: str) -> None:
    """Checks the shape, dtype and range of an array of pixels; `name` is what the sentence calls it.

    Raises:
        InputError: It is not (H, W, 3), (H, W, 4) or (H, W), not uint8, uint16 or float, or has floats outside [0, 1].
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        hint = "; give one of the batch, array[0]" if array.ndim == 4 else "; move the channels to the end"
        raise InputError(
            f"The {name} has the shape {array.shape}, but it must be (height, width, 3), (height, width, 4) "
            f"or (height, width){hint if array.ndim > 2 else '; reshape it'}."
        )
    if array.dtype not in (np.uint8, np.uint16) and not np.issubdtype(array.dtype, np.floating):
        raise InputError(
            f"The {name} is of dtype {array.dtype}, but it must be uint8, uint16 or float; "
            "convert it, for instance with array.astype(np.uint8)."
        )
    if np.issubdtype(array.dtype, np.floating) and array.size:
        low, high = array.min(), array.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise InputError(
                f"The {name} holds values that are not finite, but all must be from 0 to 1; try np.nan_to_num(array)."
            )
        if low < 0 or high > 1:
            raise InputError(
                f"The {name} has values from {low} to {high}, but floats must be from 0 to 1; "
                "divide by the highest possible value, such as 255."
            )


def _read_source(source: Any) -> tuple[np.ndarray, str]:
    """Returns the levels of any source, checked, and what sentences call it."""
    if isinstance(source, np.ndarray):
        levels, name = source, "array of the image"
        require_array(levels, name)
        require_sides(name, levels.shape[1], levels.shape[0])
        return levels, name
    # Pillow warns about large pictures, odd metadata and palettes; what matters here is refused in a sentence.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(source, Image.Image):
            picture, name = source, "Pillow picture"
            load_pixels(picture, name)
        elif isinstance(source, (str, os.PathLike)):
            picture, name = open_picture(source)
        elif isinstance(source, (bytes, bytearray, memoryview)):
            picture, name = open_picture(bytes(source))
        else:
            raise InputError(
                f"The image is of type {type(source).__name__}, but it must be a path, a file's bytes, a Pillow "
                "picture or a NumPy array; give one of these."
            )
        levels = read_levels(picture, name)
    require_array(levels, name)
    return levels, name


def _to_channels(levels: np.ndarray) -> np.ndarray:
    """Brings (H, W), (H, W, 3) or (H, W, 4) levels to (H, W, 3) of the same scale, over white where transparent."""
    if levels.ndim == 2:
        return np.repeat(levels[..., None], 3, axis=2)
    if levels.shape[2] == 3:
        return levels
    white = _full_scale(levels.dtype)
    opacity = levels[..., 3:].astype(np.float32) / white
    return levels[..., :3] * opacity + white * (1 - opacity)


def _full_scale(dtype: np.dtype) -> np.float32:
    return np.float32(np.iinfo(dtype).max if np.issubdtype(dtype, np.integer) else 1)


def _scale(pixels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Divides (H, W, 3) float32 by the full scale of `dtype`; LANCZOS overshoots at edges, so the ends are cut."""
    return np.clip(np.ascontiguousarray(pixels) / _full_scale(dtype), 0, 1, dtype=np.float32)


def _resample(pixels: np.ndarray, height: int, width: int, box: tuple[float, float, float, float]) -> np.ndarray:
    """Resizes the box (left, top, right, bottom) of (H, W, 3) pixels, one channel at a time in full precision."""
    channels = [Image.fromarray(pixels[..., channel].astype(np.float32)) for channel in range(3)]
    resized = [channel.resize((width, height), Image.Resampling.LANCZOS, box) for channel in channels]
    return np.stack([np.asarray(channel) for channel in resized], axis=-1)


def _require_sides_left(name: str, before: tuple[int, int], after: tuple[int, int]) -> None:
    low = SIDE_RANGE[0]
    if min(after) < low:
        least = math.ceil(low * max(before) / min(before))
        raise InputError(
            f"The {name} of {before[0]:,} × {before[1]:,} pixels (width × height) would become {after[0]} × {after[1]} "
            f"at size {max(after)}, but each side must keep {low}; choose a size of at least {least:,} or crop it."
        )
