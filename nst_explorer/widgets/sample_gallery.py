"""A gallery of samples: thumbnails with their names, of which a click chooses one.

A sample is a cell in which a button lies over the picture. Its text, the name, stands below the picture and is the
button's accessible name, so that the picture is only decoration: an `img` with an empty `alt`, which `Image` has not.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence

import ipywidgets as widgets
from ipywidgets.widgets.widget_string import HTMLStyle

from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import add_classes, make_box, make_button, make_html

PRESENT = "in use"


class SampleGallery:
    """The samples of one role, closed at first.

    Attributes:
        root: The widget; hidden while it is closed.
        toggle: The button that opens and closes it; it stands elsewhere.

    Args:
        role: `content` or `style`.
        names: Of the samples, in their order.
        on_choose: Called with the name of a sample that is not the present one already.
        on_toggle: Called when `toggle` is pressed; it opens by `show_open` only.
    """

    def __init__(
        self, role: str, names: Sequence[str], on_choose: Callable[[str], None], on_toggle: Callable[[], None]
    ) -> None:
        self._role = role
        self._names = tuple(names)
        self._on_choose = on_choose
        self._present = ""
        self._pictures: dict[str, widgets.HTML] = {}
        self._buttons: dict[str, widgets.Button] = {}
        self._cells: dict[str, widgets.Box] = {}
        self._grid = mark_control(make_box("nst-samples"), "images", f"{role.title()} samples")
        heading = make_html(f"<h4>{role.title()} samples</h4>", f"nst-gallery-title nst-role-{role}")
        self.root = make_box("nst-gallery", heading, self._grid)
        self.toggle = make_button(f"{role.title()} samples", on_toggle, "nst-samples-toggle")
        self.show_open(False)

    def show_open(self, is_open: bool) -> None:
        """Opens or closes it. The cells are made when it first opens: many widgets, which few dashboards need."""
        if is_open and not self._cells:
            self._make_cells()
        (self.root.remove_class if is_open else self.root.add_class)("nst-hidden")
        (self.toggle.add_class if is_open else self.toggle.remove_class)("nst-open")
        self.toggle.tooltip = f"{'Hide' if is_open else 'Show'} the {self._role} samples"

    def show_picture(self, name: str, jpeg: bytes) -> None:
        """Shows a sample's thumbnail; the gallery must have been open."""
        self._pictures[name].value = f'<img alt="" src="data:image/jpeg;base64,{b64encode(jpeg).decode()}">'

    def show_present(self, name: str) -> None:
        """Marks the sample of that name, in upper or lower case, as the present one; other names are no sample's."""
        self._present = next((each for each in self._names if each.casefold() == name.strip().casefold()), "")
        self._mark_present()

    def _mark_present(self) -> None:
        for name, cell in self._cells.items():
            is_present = name == self._present
            (cell.add_class if is_present else cell.remove_class)("nst-present")
            self._buttons[name].tooltip = PRESENT if is_present else ""

    def _make_cells(self) -> None:
        # One layout and one style for all: each would be a message of its own to the browser.
        layout, button_style, html_style = widgets.Layout(), widgets.ButtonStyle(), HTMLStyle()
        for name in self._names:
            picture = widgets.HTML(layout=layout, style=html_style)
            button = widgets.Button(description=name, layout=layout, style=button_style)
            button.on_click(lambda _, name=name: self._choose(name))
            self._pictures[name] = add_classes(picture, "nst-html nst-sample-picture")
            self._buttons[name] = add_classes(button, "nst-sample-button")
            self._cells[name] = add_classes(widgets.Box([picture, button], layout=layout), "nst-sample")
        self._mark_present()
        self._grid.children = tuple(self._cells.values())

    def _choose(self, name: str) -> None:
        if name != self._present:
            self._on_choose(name)
