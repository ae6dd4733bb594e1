"""A canvas for the pictures that are drawn: Pillow at twice the size, then halved, so that edges are smooth."""

import numpy as np
from PIL import Image, ImageDraw

from nst_explorer.procedural.colors import list_inks

_SUPERSAMPLING = 2


class Canvas:
    """A square to draw on, in fractions of its side.

    Args:
        size: Side in pixels of the picture that `read` returns.
        ground: (3,) its color.

    Example:
        >>> canvas = Canvas(64, np.zeros(3))
        >>> canvas.fill_discs(np.array([[0.5, 0.5]]), np.array([0.25]), np.ones((1, 3)))
        >>> canvas.read()[32, 32]
        array([1., 1., 1.], dtype=float32)
    """

    def __init__(self, size: int, ground: np.ndarray) -> None:
        self._side = size * _SUPERSAMPLING
        self._image = Image.new("RGB", (self._side, self._side), list_inks(ground[None])[0])
        self._draw = ImageDraw.Draw(self._image)

    def draw_lines(self, paths: np.ndarray, widths: np.ndarray, colors: np.ndarray) -> None:
        """Draws (n, points, 2) lines of (n,) widths in (n, 3) colors."""
        flat = (paths * self._side).reshape(len(paths), -1).tolist()
        pixels = np.maximum(1, np.rint(widths * self._side)).astype(int).tolist()
        for path, width, ink in zip(flat, pixels, list_inks(colors), strict=True):
            self._draw.line(path, fill=ink, width=width, joint="curve" if width > 6 else None)

    def fill_polygons(self, corners: np.ndarray, colors: np.ndarray, outline: np.ndarray | None = None) -> None:
        """Fills (n, corners, 2) polygons with (n, 3) colors, with a thin outline of an (3,) color if one is given."""
        edge = None if outline is None else list_inks(outline[None])[0]
        flat = (corners * self._side).reshape(len(corners), -1).tolist()
        for polygon, ink in zip(flat, list_inks(colors), strict=True):
            self._draw.polygon(polygon, fill=ink, outline=edge)

    def fill_discs(
        self, centers: np.ndarray, radii: np.ndarray, colors: np.ndarray, outline: np.ndarray | None = None
    ) -> None:
        """Fills discs at (n, 2) centers of (n,) radii with (n, 3) colors."""
        edge = None if outline is None else list_inks(outline[None])[0]
        boxes = np.concatenate([centers - radii[:, None], centers + radii[:, None]], axis=1) * self._side
        for box, ink in zip(boxes.tolist(), list_inks(colors), strict=True):
            self._draw.ellipse(box, fill=ink, outline=edge)

    def read(self) -> np.ndarray:
        """Returns the picture: (size, size, 3) float32, RGB in [0, 1]."""
        return np.asarray(self._image.reduce(_SUPERSAMPLING), np.float32) / 255


def halve(pixels: np.ndarray) -> np.ndarray:
    """Returns a picture at half its size, each pixel the mean of four: (H/2, W/2, 3)."""
    return 0.25 * (pixels[::2, ::2] + pixels[1::2, ::2] + pixels[::2, 1::2] + pixels[1::2, 1::2])
