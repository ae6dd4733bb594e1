"""A pointer's surface: an empty canvas over a picture, that only tells where the mouse is.

A canvas swallows the Tab key and the wheel, so the stylesheet shows it only while the mouse is over the picture, and
nothing can be done with it alone that cannot be done by a named control.
"""

from collections.abc import Callable

from ipycanvas import Canvas
from traitlets import Unicode

from nst_explorer.widgets.panel import add_classes

WHEEL_NOTCH = 50
"""Pixels of scrolling that count as one turn of the wheel; a notch of a mouse is 100 to 120."""


class _NamedCanvas(Canvas):
    """A Canvas that may have a tooltip; the front end fails to make a view of one without a description."""

    description = Unicode("").tag(sync=True)


class PointerSurface:
    """An empty canvas with a size in cells of the picture below.

    Attributes:
        widget: To be put after the picture into a box of the class `nst-stack`.

    Args:
        description: Its accessible name.
        on_point: Called with column and row of the cell under the mouse.
        on_click: Called with the same when the mouse is pressed.
        on_leave: Called when the mouse goes.
        on_wheel: Called with the cell under the mouse and +1 for each notch that the wheel is turned forward, −1 back.
    """

    def __init__(
        self,
        description: str,
        on_point: Callable[[int, int], None],
        on_click: Callable[[int, int], None] | None = None,
        on_leave: Callable[[], None] | None = None,
        on_wheel: Callable[[int, int, int], None] | None = None,
    ) -> None:
        self._on_point = on_point
        self._on_click = on_click
        self._on_wheel = on_wheel
        self._turned = 0.0
        self._last: tuple[int, int] | None = None
        self._place: tuple[float, float] | None = None  # of the mouse, in parts of the picture
        self.widget = add_classes(_NamedCanvas(width=1, height=1, tooltip=description), "nst-surface")
        self.widget.on_mouse_move(self._move)
        self.widget.on_mouse_down(self._press)
        self.widget.on_mouse_out(lambda x, y: self._leave(on_leave))
        self.widget.on_mouse_wheel(self._turn)

    def show_size(self, columns: int, rows: int) -> None:
        """Takes the picture's size in cells."""
        if (self.widget.width, self.widget.height) != (columns, rows):
            self.widget.width, self.widget.height = columns, rows
            self._last = None

    def _locate(self, x: float, y: float) -> tuple[int, int]:
        return min(max(int(x), 0), self.widget.width - 1), min(max(int(y), 0), self.widget.height - 1)

    def _move(self, x: float, y: float) -> None:
        cell = self._locate(x, y)
        self._place = x / self.widget.width, y / self.widget.height
        if cell != self._last:
            self._last = cell
            self._on_point(*cell)

    def _press(self, x: float, y: float) -> None:
        if self._on_click is not None:
            self._on_click(*self._locate(x, y))

    def _turn(self, across: float, down: float) -> None:
        """Adds up what the wheel tells, in pixels to scroll; a touchpad sends many small turns for one notch."""
        if self._on_wheel is None or self._place is None:
            return
        if self._turned * down < 0:
            self._turned = 0.0
        self._turned += down
        if abs(self._turned) >= WHEEL_NOTCH:
            steps, self._turned = (-1 if self._turned > 0 else 1), 0.0
            across, down = self._place  # a browser tells how far the wheel was turned, and not where
            self._on_wheel(*self._locate(across * self.widget.width, down * self.widget.height), steps)

    def _leave(self, on_leave: Callable[[], None] | None) -> None:
        self._last, self._place, self._turned = None, None, 0.0
        if on_leave is not None:
            on_leave()
