"""The line below the mosaic that tells the numbers of the tile that is pointed at, or has the keyboard's focus.

All sentences of the page are there and the stylesheet shows one of them, so that pointing needs no message and no
script, and the tiles stay buttons, over which the wheel scrolls the page and Tab goes on.
"""

from collections.abc import Sequence

from nst_explorer.view.feature_mosaic import PAGE_SIZE
from nst_explorer.widgets.panel import make_box, make_html

HINT = "Point at a map for its numbers; click to look closer."


class TileLine:
    """One line, to be placed beside the mosaic and after it.

    Attributes:
        root: The widget.
    """

    def __init__(self) -> None:
        self._sentences = make_html("", "nst-tile-sentences")
        rules = make_html(f"<style>{_write_rules()}</style>", "nst-sheet")
        self.root = make_box("nst-tile-line", rules, self._sentences)

    def show(self, sentences: Sequence[str]) -> None:
        """Takes the sentences of the tiles, as HTML, in their order."""
        self._sentences.value = f"<em>{HINT}</em>" + "".join(f"<span>{sentence}</span>" for sentence in sentences)


def _write_rules() -> str:
    """Writes which sentence is shown: that of the tile under the mouse, else that of the one with the focus."""
    rules = [".nst .nst-mosaic:has(.nst-hit:is(:hover, :focus-visible)) ~ .nst-tile-line em { display: none; }"]
    for place in range(1, PAGE_SIZE + 1):
        tile, sentence = f".nst-hit:nth-child({place})", f"~ .nst-tile-line span:nth-of-type({place})"
        rules.append(
            f".nst .nst-mosaic:has({tile}:hover) {sentence}, "
            f".nst .nst-mosaic:not(:has(.nst-hit:hover)):has({tile}:focus-visible) {sentence} {{ display: inline; }}"
        )
    return "".join(rules)
