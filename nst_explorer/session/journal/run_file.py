"""A run's file as it is written: made whole beside its place, gone on with, and closed."""

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from nst_explorer.session.checkpoints import Checkpoint
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.journal.checkpoint_rows import CheckpointRows
from nst_explorer.session.journal.locks import RunLock, is_locked
from nst_explorer.session.journal.packing import pack_image
from nst_explorer.session.journal.place import Place
from nst_explorer.session.journal.record_rows import RecordRows
from nst_explorer.session.journal.store import (
    connect,
    create_store,
    finish_writing,
    prepare_writing,
    write_facts,
)

PART_ENDING = ".part"
BYTES_PER_MB = 1_000_000
logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Beginning:
    """What is written of a run once.

    Attributes:
        facts: Name to a value that JSON can hold.
        images: Role to image, `(H, W, 3) float32`, RGB in [0, 1].
    """

    facts: Mapping[str, Any]
    images: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Continuation:
    """A run's file that was there already, and is whole.

    Attributes:
        lock: Held by this process.
        known: The records that the file holds, by number.
        spacing: Of its checkpoints.
    """

    lock: RunLock
    known: Mapping[Record, int] = field(default_factory=dict)
    spacing: int = 1


@dataclass(frozen=True, eq=False)
class Moment:
    """Where a run stands, as far as it is to be written.

    Attributes:
        place: In the history.
        start: The first record with its picture and state; needed where the file has not got them.
        newest: The picture and state to be written as a checkpoint, if it is time for one.
        facts: To be written as well.
    """

    place: Place
    start: tuple[Record, Checkpoint] | None
    newest: Iterate | None
    facts: Mapping[str, Any]


class RunFile:
    """An open file; `create` and `reopen` make one."""

    def __init__(self, connection: sqlite3.Connection, lock: RunLock, records: RecordRows, limit_mb: float) -> None:
        self._connection = connection
        self._lock = lock
        self._records = records
        self._checkpoints = CheckpointRows(connection, limit_mb * BYTES_PER_MB)
        self._place: Mapping[str, Any] | None = None

    @classmethod
    def create(cls, path: Path, beginning: Beginning, moment: Moment, limit_mb: float) -> "RunFile":
        """Makes a new file, beside its place until it is a whole run, so that no moment leaves half of one.

        Raises:
            OSError, sqlite3.Error: It cannot be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path.parent)
        lock = RunLock(path)
        part = path.with_name(f".{path.name}{PART_ENDING}")
        try:
            with closing(create_store(part)) as connection:
                file = cls(connection, lock, RecordRows(connection, {}), limit_mb)
                _write_beginning(connection, {**beginning.facts, "limit_mb": limit_mb}, beginning.images)
                file.write(moment)
            part.rename(path)
            opened = cls._open(path, lock, file._records.numbers, limit_mb)
            opened._place = file._place
            return opened
        except BaseException:
            part.unlink(missing_ok=True)
            lock.release()
            raise

    @classmethod
    def reopen(cls, path: Path, origin: Continuation, limit_mb: float) -> "RunFile":
        """Opens a file that was there to go on writing it.

        Raises:
            sqlite3.Error: It cannot be written.
        """
        try:
            file = cls._open(path, origin.lock, origin.known, limit_mb)
            file._checkpoints.spacing = origin.spacing
            write_facts(file._connection, {"state": "running", "limit_mb": limit_mb})
        except BaseException:
            origin.lock.release()
            raise
        return file

    def write(self, moment: Moment) -> None:
        """Writes what is new, in one transaction.

        Raises:
            sqlite3.Error: It cannot be written.
        """
        connection, records, checkpoints, place = self._connection, self._records, self._checkpoints, moment.place
        connection.execute("BEGIN IMMEDIATE")
        records.write((*place.ends.values(), place.present))
        if moment.start is not None and moment.start[0] is place.start:
            # Before anything follows it, another recipe puts another first record in the place of the first.
            checkpoints.begin(records[place.start], moment.start[1])
        if moment.newest is not None:
            newest = moment.newest
            records.write([newest.record])
            checkpoints.write(records[newest.record], Checkpoint(newest.image, newest.optimizer_state))
        there = {
            "present": records[place.present],
            "branch": place.branch,
            "ends": {name: records[end] for name, end in place.ends.items()},
        }
        facts = {"place": there, "spacing": checkpoints.spacing, **moment.facts}
        if there != self._place:  # a run that was set aside, and is closed now, is no newer for it
            facts["touched"] = tell_time()
            self._place = there
        write_facts(connection, facts)
        connection.execute("COMMIT")

    def close(self) -> None:
        """Lets the file go."""
        try:
            finish_writing(self._connection)
        except sqlite3.Error:
            logger.warning("a journal was not closed cleanly", exc_info=True)
        finally:
            self._lock.release()

    @classmethod
    def _open(cls, path: Path, lock: RunLock, known: Mapping[Record, int], limit_mb: float) -> "RunFile":
        connection = connect(path, "rw")
        try:
            prepare_writing(connection, path)
            return cls(connection, lock, RecordRows(connection, known), limit_mb)
        except BaseException:
            connection.close()
            raise


def tell_time() -> str:
    """Returns the present moment in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _write_beginning(
    connection: sqlite3.Connection, facts: Mapping[str, Any], images: Mapping[str, np.ndarray]
) -> None:
    write_facts(connection, facts)
    for role, image in images.items():
        columns = pack_image(image)
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO images (role, {names}) VALUES (?, ?, ?, ?, ?)", (role, *columns.values()))


def _remove_leftovers(folder: Path) -> None:
    """Removes what was left by processes that were killed while they made a file."""
    for part in folder.glob(f".*{PART_ENDING}"):
        if not is_locked(folder / part.name[1 : -len(PART_ENDING)]):
            part.unlink(missing_ok=True)
