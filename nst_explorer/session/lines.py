"""A line of records: a view of a list that only grows, so that whoever was told of it needs no copy and no lock."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

from nst_explorer.session.iterate import Record


class Line(Sequence[Record]):
    """Records from one place of a growing list to another, steps in their order; what is appended later is not seen.

    Args:
        records: The list; it may grow, and never changes otherwise.
        start: The first place seen.
        stop: The place after the last one seen; the list's present end if left out.
    """

    __slots__ = ("_records", "_start", "_stop")

    def __init__(self, records: list[Record], start: int = 0, stop: int | None = None) -> None:
        self._records = records
        self._start = start
        self._stop = len(records) if stop is None else stop

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, index: int | slice) -> Record | tuple[Record, ...]:
        if isinstance(index, slice):
            return tuple(self._records[self._start : self._stop][index])
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"the line has {len(self)} records, and none at {index}")
        return self._records[self._start + place]

    def find_place(self, step: int) -> int | None:
        """Returns the place of the last record of a step, or None; looks at a few records only."""
        place = bisect_right(self, step, key=lambda record: record.step) - 1
        return place if place >= 0 and self[place].step == step else None

    def locate(self, record: Record) -> int | None:
        """Returns the place of a record, or None; looks at a few records only."""
        place = self.find_place(record.step)
        while place is not None and place >= 0 and self[place].step == record.step:
            if self[place] is record:
                return place
            place -= 1
        return None
