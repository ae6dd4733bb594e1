"""Breakpoints: a form that sets one, and the list of those that are set."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import Control, add_classes, make_box, make_button, make_field, make_html

CONDITIONS = ("at a step", "when a term falls below", "when the total rises", "at a plateau")
ALWAYS = "when a number is not finite: always"
PERCENT = 100


class BreakpointPanel:
    """The form and the list.

    Args:
        on_add: Called with what `Session.break_when` takes, by name.
        on_remove: Called with the place of a breakpoint in the list, from 0.
    """

    def __init__(self, on_add: Callable[[Mapping[str, Any]], None], on_remove: Callable[[int], None]) -> None:
        self._on_remove = on_remove
        self._condition = Control(
            make_field(widgets.Dropdown(description="Pause", options=CONDITIONS)), self._show_fields
        )
        self._is_typed = False
        self._step = make_field(widgets.IntText(description="Step to break at", value=100))
        self._step_control = Control(self._step, self._note_typed)
        self._term = make_field(widgets.Dropdown(description="Term", options=("total",)), "nst-break-term")
        self._below = make_field(widgets.FloatText(description="Below", value=0.05))
        self._rises = make_field(widgets.IntText(description="Steps running", value=5))
        self._plateau = make_field(widgets.FloatText(description="Change below (%)", value=1.0))
        self._over = make_field(widgets.IntText(description="Over steps", value=20))
        self._terms = Control(self._term, lambda _: None)
        self._fields = {
            "at a step": (self._step,),
            "when a term falls below": (self._term, self._below),
            "when the total rises": (self._rises,),
            "at a plateau": (self._plateau, self._over),
        }
        every = [field for fields in self._fields.values() for field in fields]
        self._rows: list[_Row] = []
        self._list = make_box("nst-break-list")
        self._always = make_html(ALWAYS, "nst-break-always")
        self.root = make_box(
            "nst-breaks",
            make_box(
                "nst-break-form",
                self._condition.widget,
                *every,
                make_button("Add breakpoint", lambda: self._add(on_add)),
                is_row=True,
            ),
            self._list,
        )
        self._show_fields(CONDITIONS[0])
        self.show((), ("total",), 100)

    def show(self, breakpoints: Sequence[str], terms: Sequence[str], proposed_step: int) -> None:
        """Shows the breakpoints in words, the terms that one may watch, and a step unless another one was typed."""
        if not self._is_typed:
            self._step_control.show(proposed_step)
        kept = self._term.value if self._term.value in terms else "total"
        self._terms.show_options([(name, name) for name in terms], kept)
        while len(self._rows) < len(breakpoints):
            place = len(self._rows)
            self._rows.append(_Row(lambda place=place: self._on_remove(place)))
        for row, words in zip(self._rows, breakpoints, strict=False):
            row.show(words)
        shown = (*(row.root for row in self._rows[: len(breakpoints)]), self._always)
        if self._list.children != shown:
            self._list.children = shown

    def _note_typed(self, _: int) -> None:
        self._is_typed = True

    def _add(self, on_add: Callable[[Mapping[str, Any]], None]) -> None:
        self._is_typed = False
        on_add(self._read())

    def _show_fields(self, condition: str) -> None:
        for each, fields in self._fields.items():
            for field in fields:
                if each == condition:
                    field.remove_class("nst-hidden")
                else:
                    add_classes(field, "nst-hidden")

    def _read(self) -> dict[str, Any]:
        readers: dict[str, Callable[[], dict[str, Any]]] = {
            "at a step": lambda: {"step": self._step.value},
            "when a term falls below": lambda: {"term": self._term.value, "below": self._below.value},
            "when the total rises": lambda: {"rises": self._rises.value},
            "at a plateau": lambda: {"plateau": self._plateau.value / PERCENT, "over": self._over.value},
        }
        return readers[self._condition.widget.value]()


class _Row:
    """One breakpoint: its words, and the way to take it away."""

    def __init__(self, on_remove: Callable[[], None]) -> None:
        self._text = make_html("", "nst-break-text")
        self._remove = make_button("", on_remove, "nst-quiet nst-break-remove")
        mark_control(self._remove, "Debug", "Remove the breakpoint …")
        self.root = make_box("nst-break", self._text, self._remove, is_row=True)

    def show(self, words: str) -> None:
        """Shows the words; the button's whole name, which is read out, ends with them."""
        self._text.value = escape(words)
        self._remove.description = f"Remove the breakpoint {words}"
