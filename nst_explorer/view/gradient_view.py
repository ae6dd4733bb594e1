"""What the tab of gradients shows, ready to be shown: texts and pictures, no numbers any more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nst_explorer.view.gradient_choice import GradientChoice
from nst_explorer.view.numbers import format_number
from nst_explorer.view.push_picture import PushPicture


@dataclass(frozen=True, eq=False)
class OptimizerView:
    """An optimizer's state.

    Attributes:
        title: Its name and the step it is about to take.
        picture: The move of each pixel, by its strength.
        caption: What the picture shows, as HTML.
        facts: Names and values.
        memories: Caption as HTML and chart as SVG of what it remembers.
        idea: How it goes about it.
        standstill: Why it takes no step from here, or empty.
    """

    title: str
    picture: PushPicture
    caption: str
    facts: tuple[tuple[str, str], ...]
    memories: tuple[tuple[str, str], ...]
    idea: str
    standstill: str = ""


@dataclass(frozen=True, eq=False)
class GradientView:
    """Gradients at one step.

    Attributes:
        choice: What was asked for, with the term that is shown.
        terms: Those that can be chosen, and `total`.
        size: Height and width of the picture.
        pixel: Row and column of the pixel that is read.
        picture: The push at the pixels.
        caption: Whose, and at which step, as HTML.
        norms: Table of the norms, as HTML.
        angles: Sentences on who opposes whom, as HTML.
        cosines: Table of the cosines, as HTML.
        reading: Table of what the terms want of the pixel, as HTML.
        optimizer: The optimizer's state.
    """

    choice: GradientChoice
    terms: tuple[str, ...]
    size: tuple[int, int]
    pixel: tuple[int, int]
    picture: PushPicture
    caption: str
    norms: str
    angles: str
    cosines: str
    reading: str
    optimizer: OptimizerView


@dataclass(frozen=True)
class CheckRow:
    """One line of the check: what was moved, both slopes, how far apart they are, and whether that is near enough."""

    name: str
    gradient: float
    difference: float
    deviation: float
    agrees: bool


def write_check(rows: Sequence[CheckRow], verdict: str) -> str:
    """Writes the check of a gradient as an HTML table with its verdict."""
    body = "".join(
        f'<tr><th scope="row">{escape(row.name)}</th><td>{format_number(row.gradient)}</td>'
        f"<td>{format_number(row.difference)}</td><td>{escape(write_deviation(row.deviation))} "
        f"{'✓' if row.agrees else '✗'}</td></tr>"
        for row in rows
    )
    head = "<th>moved</th><th>gradient</th><th>difference</th><th>deviation</th>"
    return f'<p role="status">{verdict}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def write_deviation(deviation: float) -> str:
    """Writes a relative deviation in percent: `0.002%`, `<0.001%`; without bound where a slope is no number."""
    if not math.isfinite(deviation):
        return "∞"
    if deviation < 1e-5:
        return "<0.001%" if deviation > 0 else "0"
    return f"{deviation:.3%}" if deviation < 0.01 else f"{deviation:.1%}"
