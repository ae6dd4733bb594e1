"""The largest differences of two Gram matrices as a table, each row a named button that chooses its cell."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from nst_explorer.view.gram_differences import MOST_DIFFERENCES, Difference
from nst_explorer.view.numbers import format_number
from nst_explorer.widgets.panel import add_classes, make_box, make_heading, make_html


class DifferenceList:
    """A table and invisible buttons over its rows.

    Args:
        on_choose: Called with row and column of the cell that was chosen.
    """

    def __init__(self, on_choose: Callable[[int, int], None]) -> None:
        self._on_choose = on_choose
        self._shown: tuple[Difference, ...] = ()
        self._table = make_html("", "nst-table")
        layout, style = widgets.Layout(), widgets.ButtonStyle()
        self._hits = [self._make_hit(index, layout, style) for index in range(MOST_DIFFERENCES)]
        self.root = make_box(
            "nst-differences",
            make_heading("Largest differences", "what a style loss of Gram matrices works on"),
            make_box("nst-stack", self._table, make_box("nst-hits", *self._hits)),
        )

    def show(self, differences: Sequence[Difference], cell: tuple[int, int]) -> None:
        """Shows the differences, the largest first, and which of them is looked at."""
        self._shown = tuple(differences)
        self._table.value = _write_table(differences, cell)
        for index, hit in enumerate(self._hits):
            if index < len(differences):
                hit.description = differences[index].name
                hit.remove_class("nst-hidden")
            else:
                add_classes(hit, "nst-hidden")

    def _make_hit(self, index: int, layout: widgets.Layout, style: widgets.ButtonStyle) -> widgets.Button:
        hit = widgets.Button(description=f"Choose difference {index + 1}", layout=layout, style=style)
        hit.on_click(lambda _: self._choose(index))
        return add_classes(hit, "nst-hit nst-hidden")

    def _choose(self, index: int) -> None:
        if index < len(self._shown):
            self._on_choose(self._shown[index].row, self._shown[index].column)


def _write_table(differences: Sequence[Difference], cell: tuple[int, int]) -> str:
    if not differences:
        return "<p>There is none: both matrices are the same, or not of numbers.</p>"
    rows = "".join(_write_row(each, is_chosen=(each.row, each.column) in (cell, cell[::-1])) for each in differences)
    head = "<th>i, j</th><th>A</th><th>G</th><th>G − A</th><th>of Σ(G − A)²</th>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _write_row(difference: Difference, *, is_chosen: bool) -> str:
    change = difference.generated - difference.style
    share = "&lt;0.1%" if difference.share < 0.001 else f"{difference.share:.1%}"
    return (
        f'<tr class="{"nst-total" if is_chosen else ""}"><th scope="row">{difference.row}, {difference.column}</th>'
        f"<td>{format_number(difference.style)}</td><td>{format_number(difference.generated)}</td>"
        f"<td>{'+' if change > 0 else ''}{format_number(change)}</td><td>{share}</td></tr>"
    )
