"""Branches: their list, with what can be done to each, and two of them compared."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from nst_explorer.view.branch_table import BranchRow
from nst_explorer.view.picture_names import name_wipe
from nst_explorer.view.selection import BRANCH_STEPS
from nst_explorer.widgets.explaining import NotesPlace, mark_control
from nst_explorer.widgets.panel import (
    Control,
    make_box,
    make_button,
    make_field,
    make_heading,
    make_html,
    make_image,
    make_segments,
)
from nst_explorer.widgets.share_row import ShareRow

ONLY_ONE = "There is one branch. Go back to an earlier step and change the recipe: that begins another one."


class BranchPanel:
    """A row for each branch, and below it the present one beside another.

    Args:
        on_switch: Called with the name of the branch to go to.
        on_rename: Called with the old name and the new one.
        on_delete: Called with the name of the branch to drop.
        on_compare: Called with the name of the branch to compare with the present one.
        on_steps: Called with at which steps to compare them, one of `BRANCH_STEPS`.
        on_wipe: Called with how much of the picture is the other branch's, in [0, 1].
    """

    def __init__(
        self,
        on_switch: Callable[[str], None],
        on_rename: Callable[[str, str], None],
        on_delete: Callable[[str], None],
        on_compare: Callable[[str], None],
        on_steps: Callable[[str], None],
        on_wipe: Callable[[float], None],
    ) -> None:
        self._on_row = on_switch, on_rename, on_delete
        self._rows: list[_Row] = []
        self._list = make_box("nst-branches")
        self._status = make_html("", "nst-branch-words")
        self._other = Control(make_field(widgets.Dropdown(description="Compare with"), "nst-inline"), on_compare)
        self._steps = Control(make_segments("Steps", BRANCH_STEPS, BRANCH_STEPS[0], "nst-inline"), on_steps)
        self._image = make_image("Two branches", "nst-branch-picture")
        self._share = ShareRow(on_wipe)
        self._ends = make_html("", "nst-wipe-ends")
        self._curves = make_html("", "nst-drawing nst-pair-curves")
        self._words = make_html("", "nst-branch-words")
        self._comparison = make_box(
            "nst-branch-comparison",
            make_heading("Compare"),
            self._other.widget,
            self._steps.widget,
            self._words,
            self._image,
            self._ends,
            mark_control(self._share.root, "Branches", "Line between the branches"),
            self._curves,
        )
        self.root = make_box(
            "nst-view",
            NotesPlace("Branches"),
            self._list,
            self._status,
            self._comparison,
        )

    def show_list(self, rows: Sequence[BranchRow], other: str) -> None:
        """Shows the branches and which of them is compared; empty if there is no other."""
        while len(self._rows) < len(rows):
            self._rows.append(_Row(*self._on_row))
        for widget, row in zip(self._rows, rows, strict=False):
            widget.show(row)
        shown = tuple(each.root for each in self._rows[: len(rows)])
        if self._list.children != shown:
            self._list.children = shown
        names = [row.name for row in rows if not row.is_present]
        self._status.value = "" if names else f"<span>{ONLY_ONE}</span>"
        if names:
            self._other.show_options([(name, name) for name in names], other)
            self._comparison.remove_class("nst-hidden")
        else:
            self._comparison.add_class("nst-hidden")

    def show_comparison(
        self, picture: bytes, kind: str, steps: str, share: float, ends: tuple[str, str], curves: str, difference: str
    ) -> None:
        """Shows two branches.

        Args:
            picture: Both pictures with a wipe, encoded.
            kind: Its format, `jpeg` or `png`.
            steps: At which steps, one of `BRANCH_STEPS`.
            share: How much of it is the left one's.
            ends: What is left and what is right.
            curves: Both totals, as SVG.
            difference: In what their recipes differ.
        """
        if picture != self._image.value:
            with self._image.hold_sync():
                self._image.format, self._image.value = kind, picture
        self._image.tooltip = f"Two branches: {name_wipe(*ends, share)}"
        self._steps.show(steps)
        self._share.show(share)
        left, right = (escape(end) for end in ends)
        self._ends.value = f"<span>◂ {left}</span><span>{right} ▸</span>"
        self._curves.value = (
            curves + f'<p class="nst-keys"><i class="nst-key-other"></i>{left}<i class="nst-key-this"></i>{right}</p>'
        )
        self._words.value = f"Their recipes' difference: <b>{escape(difference)}</b>"


class _Row:
    """One branch: its name to be changed, what is known of it, and buttons."""

    def __init__(
        self, on_switch: Callable[[str], None], on_rename: Callable[[str, str], None], on_delete: Callable[[str], None]
    ) -> None:
        self._shown = BranchRow("", "", False)
        self._field = widgets.Text(description="Branch", continuous_update=False)
        self._name = Control(make_field(self._field, "nst-unlabeled"), lambda new: on_rename(self._shown.name, new))
        self._words = make_html("", "nst-branch-words")
        self._switch = make_button("Switch", lambda: on_switch(self._shown.name), "nst-small nst-verb nst-verb-switch")
        self._delete = make_button("Delete", lambda: on_delete(self._shown.name), "nst-small nst-verb nst-verb-delete")
        mark_control(self._field, "Branches", "Name of …")
        mark_control(self._switch, "Branches", "Switch to …")
        mark_control(self._delete, "Branches", "Delete …")
        line = make_box("nst-branch-line", self._name.widget, self._switch, self._delete, is_row=True)
        self.root = make_box("nst-branch", line, self._words)

    def show(self, row: BranchRow) -> None:
        """Shows a branch."""
        self._name.show(row.name)
        if row == self._shown:
            return
        self._shown = row
        self._field.description = f"Name of {row.name}"
        self._field.tooltip = self._field.description
        # The whole name is read out; the stylesheet shows the verb alone, since the name stands beside it.
        self._switch.description = f"Switch to {row.name}"
        self._delete.description = f"Delete {row.name}"
        self._switch.disabled = self._delete.disabled = row.is_present
        here = "<b>present</b> · " if row.is_present else ""
        self._words.value = f"{here}{escape(row.words)}"
        if row.is_present:
            self.root.add_class("nst-present")
        else:
            self.root.remove_class("nst-present")
