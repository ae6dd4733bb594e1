"""How much memory is held: arrays that several states share are counted once, by identity."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

BYTES_PER_VALUE = 4
"""Pictures and optimizer states are float32."""


class HeldArrays:
    """The arrays of all values that are held, with the bytes that they take together.

    Attributes:
        size: Bytes.
    """

    def __init__(self) -> None:
        self.size = 0
        self._holders: dict[int, int] = {}

    def hold(self, value: Any) -> None:
        """Counts a value's arrays; one that is held already costs nothing more."""
        for array in list_arrays(value):
            holders = self._holders.get(id(array), 0)
            self._holders[id(array)] = holders + 1
            if not holders:
                self.size += measure_array(array)

    def let_go(self, value: Any) -> None:
        """Takes a value that was held out of the count; an array that others hold stays in it."""
        for array in list_arrays(value):
            holders = self._holders[id(array)] - 1
            if holders:
                self._holders[id(array)] = holders
            else:
                del self._holders[id(array)]
                self.size -= measure_array(array)


def measure_array(array: Any) -> int:
    """Returns the bytes of a float32 array or tensor."""
    return BYTES_PER_VALUE * math.prod(array.shape)


def list_arrays(value: Any) -> Iterator[Any]:
    """Yields the arrays in a value: itself, those in its fields if it is a dataclass, or in its items."""
    if hasattr(value, "shape"):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from list_arrays(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from list_arrays(each)
