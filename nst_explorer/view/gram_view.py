"""Everything the Gram tab shows of one layer at one step, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.view.channel_pair import MapPicture
from nst_explorer.view.gram_choice import GramChoice, Window
from nst_explorer.view.gram_differences import Difference
from nst_explorer.view.mathml import Lines

MATRICES = ("style", "generated", "difference")


@dataclass(frozen=True)
class LossText:
    """A term of the loss, written out.

    Attributes:
        title: `Style loss` or `Content loss`.
        words: What is compared, as HTML.
        formulas: MathML, by the line.
    """

    title: str
    words: str
    formulas: Lines


@dataclass(frozen=True, eq=False)
class GramView:
    """What is shown.

    Attributes:
        layer: Its name.
        step: The step of the run.
        choice: What was asked for.
        cell: The row i and column j that are shown.
        window: The channels that are seen.
        heat_maps: PNG for each of `MATRICES`.
        scales: Written ends of the color scale for each of `MATRICES`.
        marks: SVG over each heat map.
        window_words: Which channels are seen.
        pair: Map i, map j and their product.
        formulas: The cell written out, MathML by the line.
        differences: The largest ones.
        spectrum: SVG.
        rank_words: The effective ranks in words.
        losses: The layer's terms; none where it is only looked at.
        symbols: Each symbol with what it means.
        notes: What must be known to read the pictures, a sentence each.
    """

    layer: str
    step: int
    choice: GramChoice
    cell: tuple[int, int]
    window: Window
    heat_maps: Mapping[str, bytes]
    scales: Mapping[str, tuple[str, str]]
    marks: str
    window_words: str
    pair: tuple[MapPicture, MapPicture, MapPicture]
    formulas: Lines
    differences: tuple[Difference, ...]
    spectrum: str
    rank_words: str
    losses: tuple[LossText, ...]
    symbols: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
