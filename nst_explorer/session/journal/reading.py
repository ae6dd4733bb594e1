"""Reading a recorded run: records, images and checkpoints as they were written, or a sentence why not."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from nst_explorer.core.tensors import Tensor
from nst_explorer.session.breakpoints import Breakpoint
from nst_explorer.session.checkpoints import Checkpoint
from nst_explorer.session.iterate import Record
from nst_explorer.session.journal.breakpoint_facts import unpack_breakpoints
from nst_explorer.session.journal.packing import hash_tensor, unpack_image, unpack_state, unpack_tensor
from nst_explorer.session.journal.record_rows import read_records
from nst_explorer.session.journal.store import read_facts, refuse_damaged

IMAGE_COLUMNS = ("png", "shape", "exact", "sha256")


@dataclass(frozen=True, eq=False)
class RecordedRun:
    """What a run's file holds.

    Attributes:
        facts: Names, versions, weights, device and more.
        images: `content` and `style`, `(H, W, 3) float32`, RGB in [0, 1].
        records: Of all branches, by their numbers in the file.
        present: Where the run stood.
        branch: Name of the branch at hand.
        ends: Name of each branch to its last record, in the order in which they were begun.
        checkpoints: Pictures with their optimizer's state, on the present device.
        breakpoints: Those that were set.
    """

    facts: Mapping[str, Any]
    images: Mapping[str, np.ndarray]
    records: Mapping[int, Record]
    present: Record
    branch: str
    ends: Mapping[str, Record]
    checkpoints: Mapping[Record, Checkpoint]
    breakpoints: tuple[Breakpoint, ...]


def read_run(connection: sqlite3.Connection, path: Path) -> RecordedRun:
    """Reads a whole run.

    Args:
        connection: To its file; nothing is written.
        path: What an error calls it.

    Raises:
        InputError: The file is damaged.
    """
    try:
        return _read(connection)
    except (sqlite3.Error, LookupError, ValueError, TypeError, AttributeError) as error:
        raise refuse_damaged(path, _tell(error)) from error


def _read(connection: sqlite3.Connection) -> RecordedRun:
    facts = read_facts(connection)
    images = {
        role: unpack_image(dict(zip(IMAGE_COLUMNS, columns, strict=True)))
        for role, *columns in connection.execute(f"SELECT role, {', '.join(IMAGE_COLUMNS)} FROM images")
    }
    if set(images) != {"content", "style"}:
        raise LookupError("an image is missing")
    records = read_records(connection)
    tensors: dict[str, Tensor] = {}

    def get_tensor(sha256: str) -> Tensor:
        if sha256 not in tensors:
            tensors[sha256] = _read_tensor(connection, sha256)
        return tensors[sha256]

    checkpoints = {
        records[number]: Checkpoint(*unpack_state(state, get_tensor))
        for number, state in connection.execute("SELECT record, state FROM states ORDER BY record")
    }
    place = facts["place"]
    ends = {str(name): records[number] for name, number in place["ends"].items()}
    start = ends[place["branch"]]
    while start.parent is not None:
        start = start.parent
    if start not in checkpoints:
        raise LookupError("its first picture is missing")
    present, breakpoints = records[place["present"]], unpack_breakpoints(facts)
    return RecordedRun(facts, images, records, present, place["branch"], ends, checkpoints, breakpoints)


def _read_tensor(connection: sqlite3.Connection, sha256: str) -> Tensor:
    row = connection.execute("SELECT shape, dtype, data FROM tensors WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None or hash_tensor(*row) != sha256:
        raise LookupError("a checkpoint's picture is missing or not what it was")
    return ops.convert_to_tensor(unpack_tensor(*row).copy())


def _tell(error: Exception) -> str:
    """A missing key says only itself; to a person it is a row that is not there."""
    return f"the row {error} is missing" if isinstance(error, KeyError) else str(error)
