"""From a file to a decoded Pillow picture, or to a sentence that says why not.

A file is known by its first bytes, not by its name: so only the decoder of that one format ever sees it, a photo with
the wrong suffix opens, and a format that is not read can be named. Sides are read from the header, before the pixels
are decoded, so that no file can claim more memory than the largest allowed picture.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from PIL import Image

from nst_explorer.errors import InputError

try:
    import pillow_heif
except ImportError:  # the optional extra "heic"
    pillow_heif = None

T = TypeVar("T")
SIDE_RANGE = (32, 10_000)
READABLE_FORMATS = ("JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF", "HEIC")
_READABLE = f"{', '.join(READABLE_FORMATS[:-1])} or {READABLE_FORMATS[-1]}"

_SIGNATURES = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "WebP": rb"RIFF.{4}WEBP",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM.{4}\0{4}",
    "GIF": rb"GIF8[79]a",
    "HEIC": rb".{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)",
    "AVIF": rb".{4}ftypavi[fs]",
    "JPEG 2000": rb"\0{3}\x0cjP  |\xff\x4f\xff\x51",
    "JPEG XL": rb"\0{3}\x0cJXL |\xff\x0a",
    "Photoshop": rb"8BPS",
    "OpenEXR": rb"\x76\x2f\x31\x01",
    "PDF": rb"%PDF",
    "SVG": rb"\s*(<\?xml|<svg)",
    "HTML": rb"(?i:\s*<(!doctype )?html)",
}
_SIGNATURE_BYTES = 64
_URL = re.compile(r"[a-z][a-z0-9+.-]+:/|data:", re.IGNORECASE)


def open_picture(source: str | os.PathLike[str] | bytes) -> tuple[Image.Image, str]:
    """Reads and decodes an image file, first frame or page only.

    Args:
        source: A path, in which `~` is the home folder, or a file's content.

    Returns:
        The decoded picture as stored, and what sentences call it.

    Raises:
        InputError: There is no such file, it may not be read, is no image of a readable format, is damaged, or has a
            side outside `SIDE_RANGE`.
    """
    if isinstance(source, bytes):
        return _decode(io.BytesIO(source), "uploaded image"), "uploaded image"
    return open_file(source, lambda file, name: (_decode(file, name), name))


def open_file(source: str | os.PathLike[str], decode: Callable[[BinaryIO, str], T]) -> T:
    """Opens an image file and returns what `decode` makes of it and of what sentences call it.

    Raises:
        InputError: There is no such file, it may not be read, or `decode` says so.
    """
    given = os.fspath(source)
    if not isinstance(given, str) or not given.strip():
        raise InputError(f"The path of the image is {given!r}, but it must name a file; give a path like photo.jpg.")
    if _URL.match(given):
        shown = given if len(given) <= 80 else f"{given[:77]}…"
        raise InputError(
            f'The image is given as the address "{shown}", but it must be a file on this machine; '
            "download it and give the path."
        )
    name = f'image "{given}"'
    try:
        path = Path(given).expanduser()
        if not path.exists():
            start = "" if path.is_absolute() else f', which starts at "{Path.cwd()}"'
            raise InputError(f"The {name} does not exist, but it must be a {_READABLE} file; check the path{start}.")
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "a device"
            raise InputError(f"The {name} is {kind}, but it must be a file; give the path of an image.")
        with path.open("rb") as file:
            return decode(file, name)
    except PermissionError as error:
        raise InputError(
            f"The {name} may not be read, but a run needs its pixels; change its permissions or give another file."
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"The {name} cannot be read ({reason}), but must be; check the path.") from error


def require_sides(name: str, width: int, height: int) -> None:
    """Checks the sides of a picture; `name` is what the sentence calls it.

    Raises:
        InputError: A side is outside `SIDE_RANGE`.
    """
    low, high = SIDE_RANGE
    if min(width, height) < low or max(width, height) > high:
        remedy = "give a larger one" if min(width, height) < low else "reduce it first"
        raise InputError(
            f"The {name} has {width:,} × {height:,} pixels (width × height), "
            f"but each side must have {low} to {high:,}; {remedy}."
        )


def load_pixels(picture: Image.Image, name: str, full: tuple[int, int] | None = None) -> None:
    """Checks the sides that the header tells and then decodes the pixels; `name` is what sentences call the picture.

    Args:
        picture: As it was opened.
        name: As above.
        full: The sides in the file, in pixels, where fewer are decoded.

    Raises:
        InputError: A side is outside `SIDE_RANGE`, or the data are damaged.
    """
    require_sides(name, *(full or picture.size))
    try:
        picture.load()
    except Exception as error:
        # Decoders of broken data raise whatever breaks first, from IndexError to zlib.error.
        raise _damaged(name) from error


def _decode(file: BinaryIO, name: str) -> Image.Image:
    picture = read_header(file, name)
    load_pixels(picture, name)
    return picture


def read_header(file: BinaryIO, name: str) -> Image.Image:
    """Returns a picture whose pixels are not decoded yet; `name` is what sentences call it.

    Raises:
        InputError: It is no image of a readable format, or is damaged.
    """
    head = file.read(_SIGNATURE_BYTES)
    file.seek(0)
    kind = _require_readable(head, name)
    try:
        return _open_heic(file) if kind == "HEIC" else Image.open(file, formats=[kind])
    except Image.DecompressionBombError as error:
        raise InputError(
            f"The {name} claims far more pixels than {SIDE_RANGE[1]:,} a side, which are allowed; reduce it first."
        ) from error
    except Exception as error:
        raise _damaged(name) from error


def _open_heic(file: BinaryIO) -> Image.Image:
    # The class itself rather than pillow_heif's registration, which would change Pillow for everyone.
    return cast(Any, pillow_heif).HeifImageFile(file)


def _require_readable(head: bytes, name: str) -> str:
    """Returns the format that a file's first bytes tell, one of `READABLE_FORMATS`."""
    if not head:
        raise InputError(f"The {name} is empty, but it must be a {_READABLE} file; save or copy it again.")
    kind = next((kind for kind, start in _SIGNATURES.items() if re.match(start, head, re.DOTALL)), None)
    if kind is None:
        raise InputError(f"The {name} is not an image, but it must be a {_READABLE} file; give another file.")
    if kind not in READABLE_FORMATS:
        raise InputError(
            f"The {name} is of the format {kind}, but it must be {_READABLE}; save it as PNG and give that."
        )
    if kind == "HEIC" and pillow_heif is None:
        raise InputError(
            f"The {name} is a HEIC photo, but reading these needs an optional package; "
            'run pip install "nst-explorer[heic]", or save it as JPEG.'
        )
    return kind


def _damaged(name: str) -> InputError:
    return InputError(f"The {name} is damaged or incomplete, but all of it is needed; copy, download or save it again.")
