"""What is looked at on the tab of gradients."""

from dataclasses import dataclass

DRAWINGS = ("push", "color", "strength")
"""`push`: what is wanted of each pixel's brightness; `color`: the same for each channel; `strength`: how much."""


@dataclass(frozen=True)
class GradientChoice:
    """What is shown of the gradients.

    Attributes:
        term: Whose: a term of the loss or `total`. Where a recipe has no such term, the total is shown.
        drawing: How, one of `DRAWINGS`.
        place: The pixel that is read, as parts of the picture's height and width in [0, 1).
        hovered: The same under the mouse, read in its place for as long as the mouse is there.
    """

    term: str = "total"
    drawing: str = "push"
    place: tuple[float, float] = (0.5, 0.5)
    hovered: tuple[float, float] | None = None

    def locate_pixel(self, height: int, width: int) -> tuple[int, int]:
        """Returns row and column of the pixel that is read, in a picture of that size."""
        down, across = self.hovered or self.place
        return min(int(down * height), height - 1), min(int(across * width), width - 1)


def place_pixel(row: int, column: int, height: int, width: int) -> tuple[float, float]:
    """Returns the place of a pixel in a picture of that size; beyond its border is the pixel at the border."""
    row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
    return (row + 0.5) / height, (column + 0.5) / width
