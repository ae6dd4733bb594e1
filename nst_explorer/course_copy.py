"""The student's copy of the course: brought to where they work, kept up to date, and never written over.

What was copied is noted with a hash. A file that still has this hash was not touched, and a newer one takes its place;
one that has another was worked in, and stays. One that is gone comes back: deleting or renaming a file is how to get it
anew.

A notebook is copied without outputs and execution counts, which would tell an answer before its question; the package's
own has them. Of a notebook only the cells are hashed, because JupyterLab writes metadata of its own as soon as it opens
one. An earlier version copied outputs too: such a copy, if untouched, gives way to one without.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nst_explorer.errors import InputError

FOLDER_NAME = "nst-explorer-course"
FIRST_NOTEBOOK = "00_explorer.ipynb"
RECORD_NAME = ".nst-explorer-course.json"
PATTERNS = ("*.ipynb", "README.md")


@dataclass(frozen=True)
class CourseCopy:
    """A student's copy of the course.

    Attributes:
        folder: Where it is.
        news: What the student is to know, a sentence each; empty where nothing changed.
    """

    folder: Path
    news: tuple[str, ...]


def find_course(package: Path) -> Path:
    """Finds the course that came with the package: inside it in a wheel, beside it in a checkout.

    Args:
        package: The folder of `nst_explorer`.

    Raises:
        InputError: It is in neither place.
    """
    places = (package / "notebooks", package.parent / "notebooks")
    for place in places:
        if (place / FIRST_NOTEBOOK).is_file():
            return place
    raise InputError(
        f"The course is neither in {places[0]} nor in {places[1]}; install NST Explorer again, or name a notebook."
    )


def copy_course(source: Path, folder: Path) -> CourseCopy:
    """Copies the course, or brings an earlier copy up to date.

    Args:
        source: Where the package has it.
        folder: The current folder; the copy is its `nst-explorer-course`, or itself where it is one already.

    Returns:
        The copy, and what to tell of it.

    Raises:
        InputError: It cannot be written, or is not a folder.
    """
    target = folder if (folder / RECORD_NAME).is_file() else folder / FOLDER_NAME
    try:
        return _update_copy(source, target)
    except OSError as error:
        raise InputError(
            f"The course cannot be written into {target} ({error.strerror}); "
            "start from a folder of your own, or name a notebook."
        ) from error


def _update_copy(source: Path, target: Path) -> CourseCopy:
    is_new = not target.exists()
    target.mkdir(exist_ok=True)
    noted = _read_record(target)
    hashes = dict(noted)
    updated, kept = [], []
    for file in sorted(each for pattern in PATTERNS for each in source.glob(pattern)):
        mine, content = target / file.name, prepare_file(file)
        theirs, as_shipped = _hash_content(file.name, content), hash_file(file)
        present = hash_file(mine) if mine.exists() else None
        if present not in (None, theirs, as_shipped, noted.get(file.name)):
            if noted.get(file.name) not in (theirs, as_shipped):
                kept.append(file.name)
            continue
        if present != theirs:
            _write(mine, content)
            updated += [file.name] if present else []
        hashes[file.name] = theirs
    if hashes != noted:
        _write(target / RECORD_NAME, json.dumps(hashes, indent=1).encode())
    return CourseCopy(target, tuple(_tell(source, target, is_new, updated, kept)))


def _tell(source: Path, target: Path, is_new: bool, updated: list[str], kept: list[str]) -> list[str]:
    news = [f"The course was copied into {target}; what you change there is yours."] if is_new else []
    if updated:
        news.append(f"Brought up to date, as you had not changed them: {', '.join(updated)}.")
    news += [
        f"{name} has a newer version, but you changed yours, so it stays; the new one is {source / name}. "
        "To have it here, rename yours and start again."
        for name in kept
    ]
    return news


def prepare_file(file: Path) -> bytes:
    """Returns what a student gets of a file: a notebook without outputs and execution counts, any other as it is.

    Raises:
        OSError: It cannot be read.
    """
    content = file.read_bytes()
    if file.suffix != ".ipynb":
        return content
    try:
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
    except (ValueError, KeyError, TypeError):  # no notebook: nothing to leave out
        return content
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()


def hash_file(file: Path) -> str:
    """Returns a hash of what a student changes: a notebook's cells with their outputs, any other file's bytes.

    Raises:
        OSError: It cannot be read.
    """
    return _hash_content(file.name, file.read_bytes())


def _hash_content(name: str, content: bytes) -> str:
    if name.endswith(".ipynb"):
        try:
            cells = [_normalize(cell) for cell in json.loads(content)["cells"]]
        except (ValueError, KeyError, TypeError):  # no notebook any more: then every byte counts
            return hashlib.sha256(content).hexdigest()
        content = json.dumps(cells, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _normalize(value: Any) -> Any:
    """Joins texts that a notebook's file holds as lists of lines, or as one, as the program likes that wrote it."""
    if isinstance(value, dict):
        return {key: _normalize(each) for key, each in value.items()}
    if isinstance(value, list):
        is_text = bool(value) and all(isinstance(each, str) for each in value)
        return "".join(value) if is_text else [_normalize(each) for each in value]
    return value


def _read_record(target: Path) -> dict[str, str]:
    try:
        record = json.loads((target / RECORD_NAME).read_bytes())
    except (FileNotFoundError, ValueError):  # without one, each file counts as changed, and stays
        return {}
    return record if isinstance(record, dict) else {}


def _write(file: Path, content: bytes) -> None:
    """Writes a file so that it is whole or as it was, also when the computer stops."""
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
