"""Files out: whether a file can be written is found out before the work, and no half of one is ever left."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from nst_explorer.errors import InputError, suggest_name

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
RECORD_NAME = "nst-explorer"


def require_writable(path: Path, suffixes: Sequence[str]) -> None:
    """Checks that a file of that name can be written, by writing one beside it.

    Args:
        path: The file that is to be written later.
        suffixes: The endings that it may have, such as `(".png",)`.

    Raises:
        InputError: It could not be written; the sentence says why.
    """
    subject = f'The output "{path}"'
    if path.suffix.lower() not in suffixes:
        allowed = ("one of " if len(suffixes) > 1 else "") + ", ".join(suffixes)
        raise InputError(f"{subject} must end in {allowed}" + suggest_name(path.suffix, suffixes))
    if path.is_dir():
        raise InputError(f"{subject} is a folder, but it must be a file; name one in it.")
    if not path.parent.is_dir():
        raise InputError(f'{subject} cannot be written: there is no folder "{path.parent}"; make it first.')
    try:
        if path.exists():
            with path.open("ab"):
                pass
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-"):
            pass
    except OSError as error:
        raise InputError(f"{subject} cannot be written ({error.strerror}); choose another folder.") from error


def save_image(image: np.ndarray, path: Path, record: str | None = None) -> None:
    """Writes a picture, in the format that its suffix names.

    Args:
        image: `(H, W, 3) float32`, RGB in [0, 1]; rounded to 8 bits.
        path: Ends in one of `PICTURE_SUFFIXES`.
        record: Text about how it came about; goes into a PNG as the text `nst-explorer`, other formats leave it out.

    Raises:
        InputError: It cannot be written.
    """
    picture = Image.fromarray(np.rint(image.clip(0, 1) * 255).astype(np.uint8))
    suffix = path.suffix.lower()
    options: dict = {"format": {".jpg": "JPEG", ".tif": "TIFF"}.get(suffix, suffix[1:].upper())}
    if suffix in (".jpg", ".jpeg"):
        options |= {"quality": 95, "subsampling": 0}
    elif suffix == ".webp":
        options["lossless"] = True
    elif suffix == ".png" and record is not None:
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt(RECORD_NAME, record)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            picture.save(file, **options)
        Path(part).chmod(0o666 & ~_read_umask())
        Path(part).replace(path)
    except OSError as error:
        raise InputError(
            f'The output "{path}" cannot be written ({error.strerror or error}); choose another folder.'
        ) from error
    finally:
        Path(part).unlink(missing_ok=True)


def _read_umask() -> int:
    """The umask can only be read by setting it; a temporary file would otherwise keep its private mode."""
    umask = os.umask(0)
    os.umask(umask)
    return umask
