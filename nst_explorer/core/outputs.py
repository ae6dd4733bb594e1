"""Writing results: found impossible before a run rather than after, and never leaving half a file.

A file is written as a part beside its place and then put there in one act, so that whoever looks sees the old file or
the new one, also when the disk is full or the process is killed.
"""

import difflib
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, PngImagePlugin

from nst_explorer.core.images import require_array
from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.errors import InputError

RECORD_NAME = "nst-explorer"
"""Name of the PNG text chunk that holds a run's record."""

_PNG: dict[str, Any] = {"format": "PNG"}
_JPEG: dict[str, Any] = {"format": "JPEG", "quality": 95, "subsampling": 0}
_TIFF: dict[str, Any] = {"compression": "zlib", "predictor": True}
_ENCODINGS: dict[str, dict[str, Any]] = {
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": {"format": "WEBP", "lossless": True},
    ".tif": _TIFF,
    ".tiff": _TIFF,
}
PICTURE_SUFFIXES: tuple[str, ...] = tuple(_ENCODINGS)


def save_image(image: np.ndarray, path: str | os.PathLike[str], record: str | None = None) -> None:
    """Writes an image as PNG, lossless WebP, TIFF, or JPEG of quality 95 without chroma subsampling, by its suffix.

    Args:
        image: (H, W, 3) float32, RGB in [0, 1]; rounded to 16 bits in a TIFF, and to 8 in the others.
        path: Where to; a file that is there is replaced.
        record: JSON text of the run, kept in a PNG as the iTXt chunk `nst-explorer`, and in a TIFF as its description.
            The other formats go without it.

    Raises:
        InputError: The image is not one, the suffix is unknown, or the file cannot be written.
    """
    suffix = _require_suffix(path, PICTURE_SUFFIXES)
    require_array(image, "image to be saved")
    if image.ndim != 3 or image.shape[2] != 3 or not np.issubdtype(image.dtype, np.floating):
        raise InputError(
            f"The image to be saved is {image.dtype} of shape {image.shape}, but it must be float32 of shape "
            "(height, width, 3); convert it with load_image."
        )
    options = _ENCODINGS[suffix]
    write_file(path, _encode_tiff(image, record) if options is _TIFF else _encode(image, options, record))


def _encode(image: np.ndarray, options: dict[str, Any], record: str | None) -> bytes:
    if options is _PNG and record is not None:
        options = {**options, "pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_itxt(RECORD_NAME, record)
    content = io.BytesIO()
    Image.fromarray(np.rint(image * np.float32(255)).astype(np.uint8)).save(content, **options)
    return content.getvalue()


def _encode_tiff(image: np.ndarray, record: str | None) -> bytes:
    # Pillow writes no color picture of 16 bits. TIFF's texts are ASCII, and JSON can do with that.
    text = None if record is None else json.dumps(json.loads(record))
    content = io.BytesIO()
    values = np.rint(image.astype(np.float64) * 65535).astype(np.uint16)
    options = {"photometric": "rgb", "description": text, "software": RECORD_NAME, "metadata": None}
    tifffile.imwrite(content, values, **options, **_TIFF)
    return content.getvalue()


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Writes a file completely or not at all; one that is there is replaced.

    Raises:
        InputError: It cannot be written.
    """
    try:
        # Of a link, the file it points to is replaced, not the link.
        target = Path(path).expanduser().resolve()
        with open_part(target) as part:
            part.write(content)
            keep_part(part, target)
    except (OSError, RuntimeError, ValueError) as error:
        raise describe_unwritable(path, error) from error


def require_writable(path: str | os.PathLike[str], suffixes: Sequence[str] = PICTURE_SUFFIXES) -> Path:
    """Finds out whether a file can be written, by writing and removing another one beside it.

    Args:
        path: The output; `~` is the home folder.
        suffixes: The endings it may have, with the dot, in lower case; the first is proposed where none is near.

    Returns:
        The path, with `~` replaced.

    Raises:
        InputError: The ending is not one of these, the folder does not exist or may not be written to, or the path is
            itself a folder or a write-protected file.
    """
    _require_suffix(path, suffixes)
    try:
        target = Path(path).expanduser()
        resolved = target.resolve()
        folder = resolved.parent
        if target.is_dir():
            raise InputError(f'The output "{path}" is a folder, but it must be a file; give another name.')
        if not folder.exists():
            raise InputError(f'The folder of the output "{path}" does not exist, but it must; create "{folder}" first.')
        if not folder.is_dir():
            raise InputError(
                f'The output "{path}" lies in "{folder}", which must be a folder but is a file; give another.'
            )
        if target.exists() and not os.access(target, os.W_OK):
            raise InputError(f'The output "{path}" is write-protected, but it would be replaced; give another name.')
        # Permission bits do not tell about read-only mounts, network folders or a full disk; trying does.
        with open_part(resolved) as part:
            part.write(b"\0")
            part.flush()
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise describe_unwritable(path, error) from error
    return target


def _require_suffix(path: str | os.PathLike[str], suffixes: Sequence[str]) -> str:
    given = Path(path)
    suffix = given.suffix.lower()
    if suffix not in suffixes:
        nearest = difflib.get_close_matches(suffix, suffixes, n=1, cutoff=0.7) or list(suffixes)
        allowed = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
        proposal = f"{given.stem or 'result'}{nearest[0]}"
        raise InputError(f'The output is "{path}", but its name must end with {allowed}; try "{proposal}".')
    return suffix


def describe_unwritable(path: str | os.PathLike[str], error: Exception) -> InputError:
    """Returns the sentence for a file that cannot be written, to be raised."""
    reason = getattr(error, "strerror", None) or error
    return InputError(
        f'The output "{path}" cannot be written ({reason}), but must be; free the way or give another path.'
    )
