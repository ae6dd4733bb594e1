"""What is looked at in a Gram matrix: a cell, an order of the channels, and a window that zooms in on some of them.

A choice says what a person did; what is seen of it depends on the layer's number of channels and on the order, and is
worked out in `place_window`. So a choice stays valid when another layer, with fewer channels, is chosen.
"""

from dataclasses import dataclass, replace

import numpy as np

ORDERS = ("natural", "by similarity")
MAPS_OF = ("generated", "style")
ZOOM_STEP = 4
FEWEST_CHANNELS = 8
"""The smallest window; a cell is then as large as a fingertip."""


@dataclass(frozen=True)
class GramChoice:
    """What of a Gram matrix is looked at. All channels are numbers in their natural order.

    Attributes:
        cell: The chosen row i and column j; None for the strongest pair of the style.
        hovered: The cell under the mouse, shown in its place for as long as the mouse is there.
        linked: A channel hovered elsewhere, whose row and column are marked.
        order: The order of rows and columns, one of `ORDERS`.
        zoom: How often a quarter of the channels was chosen; 0 shows all.
        center: The cell around which the window was laid.
        maps_of: Whose feature maps are multiplied, one of `MAPS_OF`.
    """

    cell: tuple[int, int] | None = None
    hovered: tuple[int, int] | None = None
    linked: int | None = None
    order: str = "natural"
    zoom: int = 0
    center: tuple[int, int] = (0, 0)
    maps_of: str = "generated"


@dataclass(frozen=True, eq=False)
class Window:
    """The channels that are seen.

    Attributes:
        rows: `(n,) int`, the channel of each row, from the top.
        columns: `(n,) int`, the channel of each column, from the left.
        channel_count: The layer's channels.
    """

    rows: np.ndarray
    columns: np.ndarray
    channel_count: int

    @property
    def side(self) -> int:
        """The number of rows, and of columns."""
        return len(self.rows)

    def locate(self, column: int, row: int) -> tuple[int, int]:
        """Returns the cell (i, j) at a place of the picture, counted from its upper left corner."""
        last = self.side - 1
        return int(self.rows[min(max(row, 0), last)]), int(self.columns[min(max(column, 0), last)])


def count_zooms(channel_count: int) -> int:
    """Returns how often one can zoom in on so many channels.

    Example:
        >>> [count_zooms(count) for count in (16, 64, 512)]
        [0, 1, 3]
    """
    zooms = 0
    while channel_count >= FEWEST_CHANNELS * ZOOM_STEP ** (zooms + 1):
        zooms += 1
    return zooms


def zoom(choice: GramChoice, steps: int, channel_count: int, cell: tuple[int, int]) -> GramChoice:
    """Returns the choice with a narrower (above 0) or wider window, laid around a cell."""
    most = count_zooms(channel_count)
    wanted = min(max(min(choice.zoom, most) + steps, 0), most)
    return replace(choice, zoom=wanted, center=cell) if wanted != choice.zoom else choice


def choose_cell(choice: GramChoice, default: tuple[int, int], channel_count: int) -> tuple[int, int]:
    """Returns the cell to be shown: the hovered one, else the chosen, else the default; all within the layer."""
    row, column = choice.hovered or choice.cell or default
    return min(max(row, 0), channel_count - 1), min(max(column, 0), channel_count - 1)


def place_window(choice: GramChoice, order: np.ndarray) -> Window:
    """Returns the channels that are seen under a choice.

    Args:
        choice: What is looked at.
        order: `(C,) int`, the channels as they are ordered.
    """
    count = len(order)
    side = count // ZOOM_STEP ** min(choice.zoom, count_zooms(count))
    places = np.argsort(order)
    starts = [min(max(int(places[min(each, count - 1)]) - side // 2, 0), count - side) for each in choice.center]
    rows, columns = (order[start : start + side] for start in starts)
    return Window(rows, columns, count)
