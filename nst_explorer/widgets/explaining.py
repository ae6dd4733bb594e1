"""Explanations in the panels: a place for the sentences, and the marks by which a control is found with its own.

A panel makes the places and marks what cannot be found by its name; an `Explainer` finds the rest when the panel is
built, and fills the places in.
"""

import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from nst_explorer.view.explained_tabs import EXPLANATIONS
from nst_explorer.view.explanation import Explanation, write_formula_line, write_notes
from nst_explorer.view.lessons import LessonPlaces
from nst_explorer.widgets.panel import add_classes, make_html

TAG = re.compile(r"<[^>]+>")
MARK = "nst-about"


class NotesPlace(widgets.HTML):
    """Where the sentences on a part and on its controls stand.

    Args:
        part: Name of the part, a key of `EXPLANATIONS`.
    """

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part
        add_classes(self, "nst-html nst-explain nst-notes")


def make_formula(part: str) -> widgets.HTML:
    """Returns a part's formula, which is seen with the explanations."""
    return make_html(write_formula_line(EXPLANATIONS[part]), "nst-explain nst-explain-formula")


def mark_control(widget: Any, part: str, name: str) -> Any:
    """Marks what is explained under a name that it does not bear itself, and returns it.

    Raises:
        KeyError: The part has no explanation of that name.
    """
    place = EXPLANATIONS[part].find_control(name)
    if place is None:
        raise KeyError(f"{part} has no explanation of {name}")
    return add_classes(widget, f"{MARK} {MARK}-{place}")


def is_marked(widget: Any) -> bool:
    """Whether an explanation belongs to the widget."""
    return MARK in widget._dom_classes


def mark_controls(root: Any, part: str) -> Any:
    """Marks every control below a widget that the part explains by the name it bears, and returns the widget.

    A button's tooltip becomes its two sentences, where it has no other: that is also its description for whoever hears
    it read out.
    """
    explanation = EXPLANATIONS[part]
    for widget in _walk(root):
        if not is_marked(widget) and isinstance(getattr(widget, "description", None), str):
            _mark(widget, explanation)
    return root


class Explainer:
    """Gives the panels their explanations.

    Args:
        places: Where the lessons are.
    """

    def __init__(self, places: LessonPlaces) -> None:
        self._places = places

    def explain(self, root: Any, part: str) -> Any:
        """Fills a panel's places in and marks its controls, and returns its root; what comes later marks itself."""
        add_classes(root, "nst-explained")
        for widget in _walk(root):
            if isinstance(widget, NotesPlace):
                widget.value = write_notes(EXPLANATIONS[widget.part], self._places)
        return mark_controls(root, part)


def _mark(widget: Any, explanation: Explanation) -> None:
    name = TAG.sub("", widget.description)
    place = explanation.find_control(name) if name else None
    if place is None:
        return
    add_classes(widget, f"{MARK} {MARK}-{place}")
    if isinstance(widget, widgets.Button) and not widget.tooltip:
        widget.tooltip = TAG.sub("", list(explanation.controls.values())[place - 1])


def _walk(widget: Any) -> Iterator[Any]:
    """Yields a widget and all below it, but for what lies in a marked box: the box's explanation is theirs."""
    yield widget
    if not is_marked(widget):
        for child in getattr(widget, "children", ()):
            yield from _walk(child)
