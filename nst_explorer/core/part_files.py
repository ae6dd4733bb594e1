"""Part files: what is being written beside its final place until it is whole.

The final place never holds half a file, since a part is renamed to it in one act. A part is locked while its attempt
runs. One without a lock was left by an attempt that was killed, and the next attempt removes it.
"""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl


@contextmanager
def open_part(path: Path) -> Iterator[BinaryIO]:
    """Opens a new part file for `path`, and removes it at the end unless `keep_part` has made it whole.

    Args:
        path: The final place, in a folder that exists. Several processes may have parts of it open at once.

    Raises:
        OSError: The folder cannot be written to.

    Example:
        >>> with open_part(Path("weights.h5")) as part:
        ...     part.write(b"whole")
        ...     keep_part(part, Path("weights.h5"))
        5
    """
    _remove_leftovers(path)
    part = _create_part(path)
    try:
        yield part
    finally:
        try:
            part.close()
        finally:  # on a full disk closing fails as well: it writes what is still held back
            Path(part.name).unlink(missing_ok=True)


def keep_part(part: BinaryIO, path: Path) -> None:
    """Renames a part to its final place, in one act and over what was there.

    Raises:
        OSError: The final place cannot be written to.
    """
    part.flush()
    if sys.platform == "win32":
        part.close()  # Windows renames no open file; elsewhere it stays locked until it is renamed
    Path(part.name).replace(path)


def _create_part(path: Path) -> BinaryIO:
    while True:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part").open("xb")
        if sys.platform != "win32":
            with suppress(OSError):  # some network disks lock nothing; there, leftovers stay
                fcntl.flock(part, fcntl.LOCK_EX)
        if Path(part.name).exists():
            return part
        part.close()  # another attempt took it for a leftover before it was locked


def _remove_leftovers(path: Path) -> None:
    for leftover in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):  # it belongs to an attempt that is running, to somebody else, or is gone
            if sys.platform == "win32":
                leftover.unlink()  # Windows refuses this by itself while the file is open
            else:
                with leftover.open("r+b") as part:
                    fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    leftover.unlink()
