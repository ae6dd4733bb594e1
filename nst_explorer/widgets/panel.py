"""Small parts that all panels are made of, and the one rule for controls: showing a value is not a gesture.

Layout and color live in style.css and are reached by class names; Python sets no sizes, since an inline size would win
over the container queries that make the dashboard fit its width.
"""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
from traitlets import Unicode


def make_box(classes: str, *children: widgets.Widget, is_row: bool = False) -> widgets.Box:
    """Returns a column, or a row, of widgets with CSS classes."""
    return (widgets.HBox if is_row else widgets.VBox)(list(children), _dom_classes=classes.split())


def add_classes(widget: Any, classes: str) -> Any:
    """Adds CSS classes, separated by spaces, and returns the widget.

    All in one message: Jupyter drops messages where more than 3,000 come within three seconds, as from several
    dashboards at once. What is made with its classes needs none.
    """
    added = [each for each in classes.split() if each not in widget._dom_classes]
    if added:
        widget._dom_classes = (*widget._dom_classes, *added)
    return widget


def set_class(widget: Any, name: str, *, is_on: bool) -> None:
    """Gives a widget a CSS class or takes it away."""
    if is_on:
        widget.add_class(name)
    else:
        widget.remove_class(name)


def make_html(text: str = "", classes: str = "") -> widgets.HTML:
    """Returns a piece of HTML; whatever comes from outside must be escaped by whoever writes it."""
    return widgets.HTML(text, _dom_classes=["nst-html", *classes.split()])


def make_heading(title: str, note: str = "") -> widgets.HTML:
    """Returns a panel's title with a quiet note beside it."""
    return make_html(f"<h3>{title}</h3><span>{note}</span>", "nst-heading")


def make_explanation(text: str, formula: str = "") -> widgets.HTML:
    """Returns two or three sentences, with MathML if wanted: the browser draws it, nothing is fetched."""
    return make_html(write_explanation(text, formula), "nst-explain")


def write_explanation(text: str, formula: str = "") -> str:
    """Returns what an explanation says, as HTML."""
    mathematics = f'<div><math displaystyle="true">{formula}</math></div>' if formula else ""
    return f"<p>{text}</p>{mathematics}"


def make_button(text: str, on_click: Callable[[], None], classes: str = "") -> widgets.Button:
    """Returns a button with text, which is its accessible name."""
    button = widgets.Button(description=text, _dom_classes=["nst-button", *classes.split()])
    button.on_click(lambda _: on_click())
    return button


def make_field(control: Any, classes: str = "") -> Any:
    """Puts a control's label above it, so that no label is ever cut off."""
    with control.hold_sync():
        control.tooltip = control.description  # without one, the label's tooltip would read "null"
        return add_classes(control, f"nst-field {classes}")


def make_segments(label: str, options: Sequence[Any], value: Any, classes: str = "") -> widgets.RadioButtons:
    """Returns a choice in one line. Radio buttons tell assistive technology which is chosen; ToggleButtons do not."""
    return make_field(widgets.RadioButtons(description=label, options=options, value=value), f"nst-segments {classes}")


class NamedImage(widgets.Image):
    """An Image that may have a tooltip, which is its accessible name.

    The front end reads `description` before it sets a tooltip, and fails to make a view where there is none.
    """

    description = Unicode("").tag(sync=True)


def make_image(description: str, classes: str) -> NamedImage:
    """Returns an empty picture with its accessible name."""
    return add_classes(NamedImage(format="png", tooltip=description), classes)


def make_facts(facts: Sequence[tuple[str, str]]) -> str:
    """Returns names with values below them, as HTML."""
    return "".join(f"<dl><dt>{name}</dt><dd>{value}</dd></dl>" for name, value in facts)


class Control:
    """A control of which gestures are heard, and shown values are not.

    The browser sends back what it is shown, and a widget tells its observers of every change, whoever made it. Only a
    value that differs from the one last shown is a person's.

    Args:
        widget: Any widget with a value.
        on_change: Called with each value that a person gave.
        trait: The name of the value.
    """

    def __init__(self, widget: Any, on_change: Callable[[Any], None], trait: str = "value") -> None:
        self.widget = widget
        self._trait = trait
        self._shown = getattr(widget, trait)
        self._on_change = on_change
        widget.observe(self._hear, trait)

    def show(self, value: Any) -> None:
        """Shows a value without telling anyone."""
        self._shown = value
        if getattr(self.widget, self._trait) != value:
            setattr(self.widget, self._trait, value)

    def show_options(self, options: Sequence[tuple[str, Any]], value: Any) -> None:
        """Shows a value among other options than before."""
        self._shown = value
        if tuple(self.widget.options) != tuple(options):
            # Other options choose the first of them on the way, which is nobody's choice.
            self.widget.unobserve(self._hear, "value")
            try:
                self.widget.options = tuple(options)
                self.widget.value = value
            finally:
                self.widget.observe(self._hear, "value")
        self.show(value)

    def _hear(self, change: Any) -> None:
        value = change["new"]
        if value != self._shown and value is not None:
            self._shown = value
            self._on_change(value)
