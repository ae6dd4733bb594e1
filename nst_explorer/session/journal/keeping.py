"""Keeping runs: what can be done with a run's file as a whole: name it, delete it, copy it out and in."""

import os
import re
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from nst_explorer.core.outputs import require_writable
from nst_explorer.errors import InputError
from nst_explorer.session.journal.folder import name_run_file
from nst_explorer.session.journal.locks import RunLock, locate_lock
from nst_explorer.session.journal.store import SIDE_FILES, SUFFIX, connect, open_store, refuse_damaged, write_facts

NAME_LENGTH = 120


def check_run_name(name: str) -> str:
    """Returns a run's name in one line.

    Raises:
        InputError: It is empty or too long.
    """
    tidy = " ".join(str(name).split())
    if not 0 < len(tidy) <= NAME_LENGTH:
        raise InputError(
            f'The run\'s name is "{tidy[:40]}", but it must have 1 to {NAME_LENGTH} characters; try "more style".'
        )
    return tidy


def rename_run(path: Path, name: str) -> None:
    """Gives a run that nobody has open another name; its file stays where it is.

    Raises:
        InputError: The name is not one, the run is open, or its file cannot be used.
    """
    tidy = check_run_name(name)
    _change_facts(path, {"name": tidy})


def delete_run(path: Path) -> None:
    """Removes a run's file, also a damaged one, with what lies beside it.

    Raises:
        InputError: Somebody has it open, or it cannot be removed.
    """
    try:
        lock = RunLock(path)
        try:
            path.unlink()
            for ending in SIDE_FILES:
                path.with_name(path.name + ending).unlink(missing_ok=True)
        finally:
            lock.release()
    except OSError as error:
        raise InputError(f'The run "{path}" cannot be deleted ({error.strerror}); check its folder.') from error


def export_run(path: Path, output: str | os.PathLike[str]) -> Path:
    """Writes a run as one file, whole, also one that is open; a file that is there is replaced.

    Raises:
        InputError: The run cannot be read, or the file not be written.
    """
    target = require_writable(output, (SUFFIX,))
    if target.exists() and target.samefile(path):
        raise InputError(f'The output "{output}" is the run itself, which is kept; give another name.')
    _copy(path, target)
    return target


def import_run(source: str | os.PathLike[str], folder: Path | None = None) -> Path:
    """Copies a run's file into the folder, under a name of its own, after a look whether it is one.

    Raises:
        InputError: It is not a run, is damaged or newer, or the folder cannot be written to.
    """
    path = Path(source).expanduser()
    if not path.is_file():
        raise InputError(f'The run to be imported is "{source}", but there is no such file; give the path of one.')
    target = name_run_file(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f'The folder "{target.parent}" cannot be made ({error.strerror}); free the way.') from error
    _copy(path, target)
    return target


def propose_file_name(name: str) -> str:
    """Returns a file's name for a run's name, which may come from elsewhere: letters and digits, no way out."""
    plain = re.sub(r"[^\w]+", "-", name, flags=re.UNICODE).strip("-_")[:60].strip("-_")
    return f"{plain or 'run'}{SUFFIX}"


def _change_facts(path: Path, facts: Mapping[str, Any]) -> None:
    try:
        lock = RunLock(path)
        try:
            open_store(path).close()
            with closing(connect(path, "rw")) as connection:
                write_facts(connection, facts)
        finally:
            lock.release()
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f'The run "{path}" cannot be changed ({reason}); check its folder.') from error


def _copy(path: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        part.open("xb").close()
        with closing(open_store(path)) as source, closing(connect(part, "rw")) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            finding = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            if finding != "ok":
                raise refuse_damaged(path, finding)
            write_facts(copy, {"state": "closed"})
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f'The run "{path}" cannot be copied to "{target}" ({reason}); make room or free the way.'
        ) from error
    finally:
        part.unlink(missing_ok=True)
        locate_lock(part).unlink(missing_ok=True)
