"""Paper: what all figures have in common, the sheet with its sizes, fonts and colors.

The user's own Matplotlib settings do not reach it, so that a figure looks the same in every notebook; what a color
means is as in the dashboard's light theme.
"""

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from PIL import Image

from nst_explorer.errors import InputError
from nst_explorer.view.colormaps import DIVERGING
from nst_explorer.view.palette import INK, color_term

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

WIDTH = 7.0
"""Inches: the text width of a page, both columns of a paper."""
LARGE, MEDIUM, SMALL = 9.0, 8.0, 7.0
"""Points, as printed at `WIDTH`."""
INK_COLOR, MUTED_COLOR = "#22262c", "#616a76"
TERM_COLORS = {
    INK: INK_COLOR,
    "var(--nst-content)": "#2a6ab0",
    "var(--nst-style-1)": "#c67d00",
    "var(--nst-style-2)": "#a64a00",
    "var(--nst-style-3)": "#b81f36",
    "var(--nst-style-4)": "#780f49",
    "var(--nst-style-5)": "#601070",
    "var(--nst-variation)": "#69826e",
}
"""The dashboard's colors in its light theme, as `widgets/style.css` has them."""
MISSING_COLOR = "#ff0090"
NAMES = {"generated": "generated picture", "content": "content", "style": "style"}
ACTIVATIONS = colormaps["viridis"].with_extremes(bad=MISSING_COLOR)
DIFFERENCES = ListedColormap(DIVERGING.colors / 255, "differences").with_extremes(bad=MISSING_COLOR)
_LETTERS_A_LINE = 128
_CLOSE: dict[str, Any] = {"w_pad": 0.03, "h_pad": 0.04, "wspace": 0.01, "hspace": 0.01}
_SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": MEDIUM,
    "font.weight": "normal",
    "text.usetex": False,
    "text.color": INK_COLOR,
    "axes.facecolor": "white",
    "axes.edgecolor": MUTED_COLOR,
    "axes.labelcolor": INK_COLOR,
    "axes.labelsize": MEDIUM,
    "axes.titlesize": MEDIUM,
    "axes.titleweight": "normal",
    "axes.titlepad": 3.0,
    "axes.linewidth": 0.6,
    "axes.grid": False,
    "xtick.color": MUTED_COLOR,
    "ytick.color": MUTED_COLOR,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "image.origin": "upper",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,  # TrueType: many publishers refuse Type 3
    "ps.fonttype": 42,
}


class PaperFigure(Figure):
    """A Matplotlib figure that shows itself as the last line of a cell, also where pyplot is not loaded."""

    def savefig(self, *arguments: Any, **options: Any) -> None:
        """Saves it as `Figure.savefig` does, with fonts that publishers accept."""
        with rc_context(_SETTINGS):
            super().savefig(*arguments, **options)

    def _repr_png_(self) -> bytes:
        drawn, smaller = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png")
        with Image.open(drawn) as picture:  # without the alpha that nothing uses: notebooks keep what a cell shows
            picture.convert("RGB").save(smaller, "PNG", optimize=True)
        return smaller.getvalue()


@contextmanager
def lay_out_sheet(height: float, *, is_compressed: bool = False) -> Iterator[PaperFigure]:
    """Gives an empty figure to draw on under the settings of paper.

    Args:
        height: Inches.
        is_compressed: Whether it holds a grid of pictures, which stand close together.
    """
    engine = ConstrainedLayoutEngine(compress=is_compressed, **(_CLOSE if is_compressed else {}))
    with rc_context(_SETTINGS):
        yield PaperFigure(figsize=(WIDTH, height), dpi=150, layout=engine)


def write_heading(figure: Figure, title: str, note: str) -> None:
    """Writes what the figure shows above it, and how to read it below."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=LARGE, fontweight="bold", color=INK_COLOR)
    figure.supxlabel(wrap_note(note), x=0.01, ha="left", fontsize=SMALL, color=MUTED_COLOR)


def wrap_note(note: str) -> str:
    """Breaks a note into lines of the sheet's width; its own line breaks stay."""
    return "\n".join(line for part in note.splitlines() for line in textwrap.wrap(part, _LETTERS_A_LINE))


def measure_heading(note: str) -> float:
    """Returns the inches that title and note take."""
    return 0.36 + 0.16 * len(wrap_note(note).splitlines())


def draw_map(axes: Axes, values: np.ndarray, low: float, high: float, *, is_difference: bool = False) -> None:
    """Draws `(h, w)` as an image of one pixel a value; what is no number is magenta, and where all is flat, `low`."""
    high = high if high > low else low + 1
    colormap = DIFFERENCES if is_difference else ACTIVATIONS
    axes.imshow(values, cmap=colormap, vmin=low, vmax=high, interpolation="none")


def draw_picture(axes: Axes, image: np.ndarray) -> None:
    """Draws `(H, W, 3)`, RGB in [0, 1], without axes."""
    axes.imshow(np.clip(image, 0, 1), interpolation="none")
    hide_axes(axes)


def hide_axes(axes: Axes) -> None:
    """Takes ticks and frame away, which say nothing about a picture."""
    axes.set_axis_off()


def write_label(
    axes: Axes,
    words: str,
    *,
    loc: Literal["left", "right"] = "left",
    size: float = SMALL,
    weight: str = "normal",
    color: str = INK_COLOR,
) -> Text:
    """Writes small words above a picture, on its left or right side."""
    return axes.set_title(words, loc=loc, fontsize=size, fontweight=weight, color=color)


def find_bound(values: np.ndarray, percentile: float) -> float:
    """Returns the percentile of the finite magnitudes, the largest where that is 0; 0 where there are none."""
    magnitudes = np.abs(values[np.isfinite(values)])
    if not magnitudes.size:
        return 0.0
    return float(np.percentile(magnitudes, percentile)) or float(magnitudes.max())


def color_line(term: str) -> str:
    """Returns the color of a term on white."""
    return TERM_COLORS[color_term(term)]


def require_session(session: "Session") -> None:
    """Checks that it can be asked for its run, without loading what a session is made of.

    Raises:
        InputError: It is something else, such as an explorer.
    """
    if not callable(getattr(session, "inspect", None)):
        kind = type(session).__name__
        raise InputError(f"The session is of type {kind}, but it must be a Session; try explorer.session.")
