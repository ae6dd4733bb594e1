"""Thumbnails on disk: each picture's is made once, until its file is changed or the room for all of them is used up.

One file a thumbnail: a line with the picture's width and height, and the JPEG. Processes share the folder; a file is
written beside its place and then moved there, so that nobody ever reads half of one.
"""

import hashlib
import logging
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "NST_EXPLORER_CACHE"
DATA_VARIABLE = "NST_EXPLORER_DATA"
BUDGET_BYTES = 100_000_000
"""Room for some 10,000 of 10 KB."""
SUFFIX = ".thumbnail"
_VERSION = 1
_HEAD = re.compile(rb"(\d+) (\d+)\n(?=\xff\xd8)")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Thumbnail:
    """A small picture of a larger one.

    Attributes:
        jpeg: A square JPEG.
        width: Of the larger one, in pixels.
        height: The same.
    """

    jpeg: bytes
    width: int
    height: int


def locate_thumbnails() -> Path:
    """Returns the folder of thumbnails: in the user's cache, or where `NST_EXPLORER_CACHE` or `..._DATA` say."""
    chosen, data = os.environ.get(FOLDER_VARIABLE), os.environ.get(DATA_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    base = Path(data).expanduser() if data else platformdirs.user_cache_path("nst-explorer", appauthor=False)
    return base / "thumbnails"


def find_thumbnail(picture: Path, side: int) -> Thumbnail | None:
    """Returns a picture's thumbnail if it was made of the file as it is now, else None."""
    place = _locate(picture, side)
    try:
        data = place.read_bytes()
    except OSError:
        return None
    head = _HEAD.match(data)
    if head is None:
        return None
    with suppress(OSError):
        os.utime(place)  # what is looked at stays longest
    return Thumbnail(data[head.end() :], int(head[1]), int(head[2]))


def keep_thumbnail(picture: Path, side: int, thumbnail: Thumbnail) -> None:
    """Keeps a picture's thumbnail. A folder that cannot be written costs time only, and is logged."""
    place = _locate(picture, side)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(b"%d %d\n" % (thumbnail.width, thumbnail.height) + thumbnail.jpeg)
            Path(part).replace(place)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        logger.warning("thumbnails cannot be kept in %s: %s", place.parent, error)


def prune_thumbnails(budget: int = BUDGET_BYTES) -> None:
    """Deletes thumbnails that were not looked at for longest, until the others keep to a number of bytes."""
    kept = 0
    for _, size, file in sorted(_list_files(), reverse=True):
        kept += size
        if kept > budget:
            with suppress(OSError):  # another process deletes, too
                file.unlink()


def _list_files() -> list[tuple[float, int, Path]]:
    files = []
    for file in locate_thumbnails().glob(f"*{SUFFIX}"):
        with suppress(OSError):
            found = file.stat()
            files.append((found.st_mtime, found.st_size, file))
    return files


def _locate(picture: Path, side: int) -> Path:
    found = picture.stat()
    facts = f"{_VERSION} {side} {picture.resolve()} {found.st_size} {found.st_mtime_ns}"
    return locate_thumbnails() / f"{hashlib.sha256(facts.encode('utf-8', 'surrogateescape')).hexdigest()}{SUFFIX}"
