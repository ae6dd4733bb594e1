"""Images in: from any file that people have to one kind of array, `(H, W, 3) float32`, RGB in [0, 1].

Everything about files ends here: orientation, color profiles, transparency, palettes, 16 bits, CMYK. What cannot be
used is refused in a sentence, before it is decoded where its header tells enough.
"""

import hashlib
import io
import os
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from nst_explorer.errors import InputError

try:
    from pillow_heif import register_heif_opener
except ImportError:  # the extra `heic` is not installed; asked for, it is named in the sentence
    register_heif_opener = None

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "GIF")  # MPO: a phone's JPEG with a second picture in it
SIDE_RANGE = (32, 10_000)
ALLOWED = "a JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC picture"
URL = re.compile(r"^(?!file:)[a-z][a-z0-9+.-]+:(//|.*;base64,)|^file:", re.IGNORECASE)
HEIC_MARK = re.compile(rb"^....ftyp(hei|hev|mif|msf)", re.DOTALL)


def load_image(source: Any, size: int | None = None) -> np.ndarray:
    """Loads a picture.

    Args:
        source: A path, the bytes of a file, a PIL image, or an array: `(H, W)`, `(H, W, 3)` or `(H, W, 4)`, of
            uint8, uint16, or floats in [0, 1].
        size: The longest side in pixels; larger pictures are reduced with antialiasing, smaller ones are kept.

    Returns:
        `(H, W, 3) float32`, RGB in [0, 1]: upright, in sRGB, transparency over white. Of an animation the first frame.

    Raises:
        InputError: It cannot be used; the sentence says why, and what can.
    """
    if isinstance(source, np.ndarray):
        image = _read_array(source)
        _require_sides(image.shape[1], image.shape[0], "The array")
        return _reduce_array(image, size)
    if isinstance(source, Image.Image):
        _require_sides(*source.size, "The picture")
        return _finish(_to_rgb(source, "The picture"), size, "The picture")
    if isinstance(source, bytes | bytearray | memoryview):
        return _load_file(bytes(source), "The uploaded file", size)
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        subject = f'The image "{path}"'
        return _load_file(_read_file(str(path), subject), subject, size)
    raise InputError(
        f"The image is of the type {type(source).__name__}, but it must be a path, a file's bytes, a PIL image or an "
        "array; give one of these."
    )


def fill_shape(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resizes a picture so that it covers a shape, and crops what juts out at both sides alike.

    Args:
        image: `(h, w, 3) float32`, RGB in [0, 1].
        height: Of the result in pixels.
        width: Of the result in pixels.

    Returns:
        `(height, width, 3) float32`, RGB in [0, 1].
    """
    scale = max(height / image.shape[0], width / image.shape[1])
    tall, wide = max(height, round(image.shape[0] * scale)), max(width, round(image.shape[1] * scale))
    resized = _resize_array(image, tall, wide)
    top, left = (tall - height) // 2, (wide - width) // 2
    return np.ascontiguousarray(resized[top : top + height, left : left + width])


def hash_image(image: np.ndarray) -> str:
    """Returns the SHA-256 of a picture's shape and float32 values, in hex."""
    digest = hashlib.sha256(f"{image.shape} float32 ".encode())
    digest.update(np.ascontiguousarray(image, "<f4").tobytes())
    return digest.hexdigest()


def _read_file(path: str, subject: str) -> bytes:
    if URL.match(path):
        raise InputError(f"{subject} is an address, but it must be a path on this machine; save the picture first.")
    try:
        return Path(path).expanduser().read_bytes()
    except FileNotFoundError:
        raise InputError(f"{subject} does not exist; check the path, which is relative to {Path.cwd()}.") from None
    except IsADirectoryError:
        raise InputError(f"{subject} is a folder, but it must be {ALLOWED}; name a file in it.") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{subject} cannot be read ({reason}); check the path and its permissions.") from error


def _load_file(content: bytes, subject: str, size: int | None) -> np.ndarray:
    if not content:
        raise InputError(f"{subject} is empty, but it must be {ALLOWED}; choose another file.")
    formats = FORMATS
    if HEIC_MARK.match(content[:16]):
        if register_heif_opener is None:
            raise InputError(
                f'{subject} is a HEIC picture, which needs an extra; run pip install "nst-explorer[heic]", or save it '
                "as JPEG."
            )
        register_heif_opener()
        formats = ("HEIF",)
    with warnings.catch_warnings():
        # Pillow warns of what it then reads well enough, and of large pictures; the sides are checked here.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                _require_sides(*picture.size, subject)
                picture.load()
                rgb = _to_rgb(picture, subject)
        except UnidentifiedImageError:
            raise InputError(f"{subject} is not a picture that can be read; it must be {ALLOWED}.") from None
        except Image.DecompressionBombError:
            raise InputError(_describe_sides("far more than 10,000 px a side", subject)) from None
        except InputError:
            raise
        # Pillow's plug-ins raise these, and more, for damaged files: what is wrong is always the file.
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, RuntimeError, MemoryError) as error:
            raise InputError(
                f"{subject} is damaged or cut off ({_first_line(error)}); save or fetch it again, or choose another."
            ) from error
    return _finish(rgb, size, subject)


def _to_rgb(picture: Image.Image, subject: str) -> Image.Image:
    """Returns the picture upright, in sRGB and without transparency, as 8-bit RGB."""
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        return _quantize_gray(picture, subject).convert("RGB")
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        picture = picture.convert("RGB")
    elif picture.mode == "P":
        picture = picture.convert("RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    rgb = _to_srgb(picture, profile)
    if alpha is None:
        return rgb
    return Image.composite(rgb, Image.new("RGB", rgb.size, "white"), alpha)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Converts by the profile; one that is damaged, or made for other channels, says nothing, and is left out."""
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _quantize_gray(picture: Image.Image, subject: str) -> Image.Image:
    """Brings 16-bit, 32-bit and float grays to 8 bits; Pillow's own conversion would clip them."""
    values = np.asarray(picture, np.float64)
    if picture.mode == "F":
        if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
            raise InputError(f"{subject} has gray values outside of 0 to 1, or none; save it with 8 or 16 bits.")
        values = values * 65535
    return Image.fromarray(np.rint(values.clip(0, 65535) / 257).astype(np.uint8))


def _finish(rgb: Image.Image, size: int | None, subject: str) -> np.ndarray:
    wide, tall = _fit(*rgb.size, size)
    _require_short_side(wide, tall, size, subject)
    if (wide, tall) != rgb.size:
        rgb = rgb.resize((wide, tall), Image.Resampling.LANCZOS)
    return np.asarray(rgb, np.float32) / np.float32(255)


def _read_array(array: np.ndarray) -> np.ndarray:
    shape = " × ".join(str(side) for side in array.shape)
    if array.ndim == 2:
        array = np.repeat(array[..., None], 3, axis=-1)
    if array.ndim != 3 or array.shape[2] not in (3, 4):
        raise InputError(f"The array has the shape {shape}, but it must be H × W × 3, H × W × 4 or H × W; reshape it.")
    if array.dtype in (np.uint8, np.uint16):
        values = array.astype(np.float32) / np.iinfo(array.dtype).max
    elif array.dtype.kind == "f":
        values = array.astype(np.float32)
        if not np.isfinite(values).all() or (values.size and (values.min() < 0 or values.max() > 1)):
            raise InputError("The array has values outside of 0 to 1, or none; divide 0 to 255 by 255.")
    else:
        raise InputError(
            f"The array is of {array.dtype}, but it must be uint8, uint16, or floats from 0 to 1; convert it."
        )
    if values.shape[2] == 4:
        alpha = values[..., 3:]
        values = values[..., :3] * alpha + (1 - alpha)
    return np.ascontiguousarray(values)


def _reduce_array(image: np.ndarray, size: int | None) -> np.ndarray:
    tall, wide, _ = image.shape
    new_wide, new_tall = _fit(wide, tall, size)
    _require_short_side(new_wide, new_tall, size, "The array")
    return image.copy() if (new_wide, new_tall) == (wide, tall) else _resize_array(image, new_tall, new_wide)


def _resize_array(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resizes with antialiasing in float32; Lanczos rings over the range, which is clipped."""
    channels = [
        Image.fromarray(np.ascontiguousarray(image[..., channel])).resize((width, height), Image.Resampling.LANCZOS)
        for channel in range(3)
    ]
    return np.dstack([np.asarray(channel, np.float32) for channel in channels]).clip(0, 1)


def _fit(wide: int, tall: int, size: int | None) -> tuple[int, int]:
    scale = min(1.0, size / max(wide, tall)) if size else 1.0
    return max(1, round(wide * scale)), max(1, round(tall * scale))


def _require_sides(wide: int, tall: int, subject: str) -> None:
    if min(wide, tall) < SIDE_RANGE[0] or max(wide, tall) > SIDE_RANGE[1]:
        raise InputError(_describe_sides(f"{wide} × {tall} px", subject))


def _describe_sides(given: str, subject: str) -> str:
    return f"{subject} has {given}, but each side must have 32 to 10,000 px; resize it or choose another."


def _require_short_side(wide: int, tall: int, size: int | None, subject: str) -> None:
    if min(wide, tall) < SIDE_RANGE[0]:
        raise InputError(
            f"{subject} would have {wide} × {tall} px at the size {size}, but each side must have 32 or more; choose "
            "a larger size, or crop the picture."
        )


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
