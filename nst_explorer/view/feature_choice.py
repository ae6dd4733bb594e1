"""What is looked at on the tab of feature maps: one frozen value, and what one choice means for the others."""

from dataclasses import dataclass, replace
from typing import Any

MAP_SOURCES = ("generated", "content", "style", "difference")
"""Whose maps; `difference` is generated minus content."""
ORDERS = ("number", "mean", "variance", "contribution")
SCALES = ("own", "shared")


@dataclass(frozen=True)
class FeatureChoice:
    """What is shown of a layer's feature maps.

    Attributes:
        of: Whose maps, one of `MAP_SOURCES`.
        order: How channels are sorted, one of `ORDERS`.
        scale: Whether each map has its own color scale or all share one, one of `SCALES`.
        page: Which page of the mosaic, from 0; None is the one with the chosen channel on it.
        channel: The channel that is enlarged, from 0.
        place: Where in the map it is read: parts of its height and width in [0, 1), so that another layer is read at
            the same place of the picture.
        is_overlaid: Whether the enlarged map is drawn over the picture.
    """

    of: str = "generated"
    order: str = "number"
    scale: str = "own"
    page: int | None = 0
    channel: int = 0
    place: tuple[float, float] = (0.5, 0.5)
    is_overlaid: bool = False

    def locate_pixel(self, height: int, width: int) -> tuple[int, int]:
        """Returns row and column of the place in a map of that size."""
        down, across = self.place
        return min(int(down * height), height - 1), min(int(across * width), width - 1)


def change_choice(choice: FeatureChoice, field: str, value: Any) -> FeatureChoice:
    """Returns the choice with one field changed, and the page that goes with it.

    A channel is looked up where it is; another order is looked at from its beginning.

    Example:
        >>> change_choice(FeatureChoice(page=3), "channel", 17).page is None
        True
    """
    pages = {"channel": {"page": None}, "order": {"page": 0}}
    return replace(choice, **{field: value}, **pages.get(field, {}))


def choose_pixel(choice: FeatureChoice, row: int, column: int, height: int, width: int) -> FeatureChoice:
    """Returns the choice with another pixel of a map of that size; beyond its border is the pixel at the border."""
    row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
    return replace(choice, place=((row + 0.5) / height, (column + 0.5) / width))
