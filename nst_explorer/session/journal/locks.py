"""The lock of a run: whoever writes a run's file holds it, and the system takes it back when that process dies.

It lies beside the file, not on it: closing any handle of a file that SQLite has open would drop SQLite's own locks.
"""

import os
import sys
import time
from pathlib import Path
from typing import BinaryIO

from nst_explorer.errors import InputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TRIES = 5
SECONDS_BETWEEN = 0.05
"""Whoever only asks whether a run is open holds its lock for an instant."""


class RunLock:
    """A run's lock, held from its making until `release`.

    Args:
        path: Of the run's file.

    Raises:
        InputError: Somebody else holds it, in this process or another.
        OSError: The folder cannot be written to, or its file system locks nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = locate_lock(path)
        for attempt in range(TRIES):
            self._file = _try_lock(self._path)
            if self._file is not None:
                return
            if attempt < TRIES - 1:
                time.sleep(SECONDS_BETWEEN)
        raise InputError(
            f'The run "{path.stem}" is open elsewhere, and only one may write it; close it there, or export it and '
            "open the copy."
        )

    def release(self) -> None:
        """Lets the lock go; a second time does nothing."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)  # while it is held, so that nobody locks a file that is gone
            self._file.close()
            self._file = None


def locate_lock(path: Path) -> Path:
    """Returns where a run's lock lies."""
    return path.with_name(f"{path.name}.lock")


def is_locked(path: Path) -> bool:
    """Whether somebody has the run open, in this process or another."""
    lock = locate_lock(path)
    if not lock.exists():
        return False
    try:
        file = _try_lock(lock)
    except OSError:  # somebody else's, in a folder that we may only read
        return False
    if file is None:
        return True
    lock.unlink(missing_ok=True)
    file.close()
    return False


def _try_lock(lock: Path) -> BinaryIO | None:
    while True:
        file = lock.open("ab")
        try:
            _lock_file(file)
        except BlockingIOError:
            file.close()
            return None
        except OSError:
            file.close()
            raise
        if _is_still(lock, file):
            return file
        file.close()  # its last holder has removed it meanwhile


def _lock_file(file: BinaryIO) -> None:
    if sys.platform == "win32":
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(str(error)) from error
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_still(lock: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
