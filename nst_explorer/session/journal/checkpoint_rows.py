"""The checkpoints in a run's file: written now and then, thinned within the file's limit, tensors shared by hash."""

import sqlite3
from collections.abc import Mapping

from nst_explorer.session.checkpoints import Checkpoint
from nst_explorer.session.journal.packing import PackedTensor, list_tensors, pack_state
from nst_explorer.session.journal.thinning import thin_checkpoints

FEWEST = 2
"""The start, and the newest."""


class CheckpointRows:
    """What checkpoints a file holds, kept in step with it.

    Attributes:
        spacing: The distance in records from one checkpoint to the next; it doubles whenever the file is full.

    Args:
        connection: To the file; whoever calls has begun a transaction.
        limit: Of the file, in bytes. Losses are written even beyond it.
        spacing: As it was when the file was last written.
    """

    def __init__(self, connection: sqlite3.Connection, limit: float, spacing: int = 1) -> None:
        self.spacing = spacing
        self._connection = connection
        self._limit = limit
        self._tensors: dict[int, set[str]] = {
            record: list_tensors(state) for record, state in connection.execute("SELECT record, state FROM states")
        }
        self._start: int | None = min(self._tensors, default=None)
        self._newest: int | None = max(self._tensors, default=None)

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The records that have a checkpoint."""
        return tuple(sorted(self._tensors))

    def begin(self, record: int, checkpoint: Checkpoint) -> None:
        """Writes the checkpoint of the start, from which every record can be reached; it is always kept."""
        self._start = record
        if record not in self._tensors:
            self.write(record, checkpoint)

    def write(self, record: int, checkpoint: Checkpoint) -> None:
        """Writes the newest checkpoint, and lets go of those before it that are no longer wanted."""
        if record not in self._tensors:
            state, tensors = pack_state(checkpoint.image, checkpoint.optimizer_state)
            self._newest = record
            self._thin(sum(len(each.data) for each in tensors.values()))
            self._write_tensors(tensors)
            self._connection.execute("INSERT INTO states VALUES (?, ?)", (record, state))
            self._tensors[record] = set(tensors)
        self._newest = record
        self._thin(0)

    def _write_tensors(self, tensors: Mapping[str, PackedTensor]) -> None:
        shapes = {each.sha256: str(list(each.shape)) for each in tensors.values()}
        self._connection.executemany(
            "INSERT OR IGNORE INTO tensors VALUES (?, ?, ?, ?)",
            [(each.sha256, shapes[each.sha256], each.dtype, each.data) for each in tensors.values()],
        )

    def _thin(self, bytes_to_come: int) -> None:
        self._keep_wanted()
        while len(self._tensors) > FEWEST and self._count_bytes() + bytes_to_come > self._limit:
            self.spacing *= 2
            self._keep_wanted()

    def _keep_wanted(self) -> None:
        given = self.identifiers
        always = {each for each in (self._start, self._newest) if each is not None}
        wanted = thin_checkpoints(given, self.spacing, always)
        dropped = [each for each in given if each not in wanted]
        if not dropped:
            return
        freed = set().union(*(self._tensors.pop(each) for each in dropped)) - set().union(*self._tensors.values())
        self._connection.executemany("DELETE FROM states WHERE record = ?", [(each,) for each in dropped])
        self._connection.executemany("DELETE FROM tensors WHERE sha256 = ?", [(each,) for each in freed])

    def _count_bytes(self) -> int:
        """Bytes in use; what was freed is used again before the file grows."""
        pages, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size
