"""A gallery of a folder's pictures, a page at a time: thumbnails with names and sizes, of which a click takes one.

Its cells are made once and hold another page's pictures in turn, so that a folder of thousands costs no more than one
of a dozen. A cell is made as those of samples are: a button over the picture, whose text is its accessible name.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets
from ipywidgets.widgets.widget_string import HTMLStyle

from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import add_classes, make_box, make_button, make_html, set_class
from nst_explorer.widgets.sample_gallery import PRESENT

PAGE_SIZE = 12


class SetGallery:
    """The pictures of one role's folder, closed at first.

    Attributes:
        root: The widget; hidden while it is closed.
        toggle: The button that opens and closes it; it stands elsewhere.

    Args:
        role: `content` or `style`.
        on_choose: Called with the name of a picture that is not the present one already.
        on_toggle: Called when `toggle` is pressed; it opens by `show_open` only.
        on_turn: Called with the number of the page that is to be shown, from 0.
    """

    def __init__(
        self,
        role: str,
        on_choose: Callable[[str], None],
        on_toggle: Callable[[], None],
        on_turn: Callable[[int], None],
    ) -> None:
        self._role = role
        self._on_choose = on_choose
        self._names: tuple[str, ...] | None = None
        self._pictures: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._present = ""
        self._page = 0
        self._cells: tuple[_Cell, ...] = ()
        self._grid = mark_control(make_box("nst-samples nst-set"), "images", "Picture of a folder")
        heading = make_html(f"<h4>{role.title()} folder</h4>", f"nst-gallery-title nst-role-{role}")
        self._status = make_html("", "nst-set-status")
        self._previous = make_button("Previous", lambda: on_turn(self._page - 1), "nst-quiet")
        self._next = make_button("Next", lambda: on_turn(self._page + 1), "nst-quiet")
        for button in (self._previous, self._next):
            button.tooltip = f"{button.description} pictures of the {role} folder"
        pages = make_box("nst-set-pages", self._status, self._previous, self._next, is_row=True)
        self._unreadable = make_html("", "nst-set-unreadable")
        self.root = make_box("nst-gallery", heading, self._grid, pages, self._unreadable)
        self.toggle = make_button(f"{role.title()} folder", on_toggle, "nst-samples-toggle nst-set-toggle")
        self.show_open(False)
        self._show_status()

    def show_open(self, is_open: bool) -> None:
        """Opens or closes it; its cells are made when it first opens."""
        if is_open and not self._cells:
            self._cells = _make_cells(self._choose)
            self._show_cells()
        set_class(self.root, "nst-hidden", is_on=not is_open)
        set_class(self.toggle, "nst-open", is_on=is_open)
        self.toggle.tooltip = f"{'Hide' if is_open else 'Show'} the {self._role} folder"

    def show_names(self, names: Sequence[str]) -> None:
        """Shows which files there are; their thumbnails come one by one."""
        self._names = tuple(names)
        self._show_cells()

    def show_picture(self, name: str, jpeg: bytes, width: int, height: int) -> None:
        """Shows a picture's thumbnail and its size in pixels."""
        self._pictures[name] = (
            f'<img alt="" src="data:image/jpeg;base64,{b64encode(jpeg).decode()}"><span>{width} × {height}</span>'
        )
        if name in self._shown:
            self._show_cells()

    def show_unreadable(self, name: str, reason: str) -> None:
        """Takes a file out of the pictures, and lists it with the reason."""
        self._names = tuple(each for each in self._names or () if each != name)
        self._reasons[name] = reason
        count = len(self._reasons)
        lines = "".join(
            f"<li><b>{escape(each)}</b>: {escape(self._reasons[each])}</li>"
            for each in sorted(self._reasons, key=str.casefold)
        )
        files = "1 file cannot be read" if count == 1 else f"{count} files cannot be read"
        self._unreadable.value = f"<details><summary>{files}</summary><ul>{lines}</ul></details>"
        self._show_cells()

    def show_page(self, page: int) -> None:
        """Shows another page, the first or last where there is no such one."""
        self._page = page
        self._show_cells()

    def show_present(self, name: str) -> None:
        """Marks the picture of that name as the present one; other names are of no picture here."""
        self._present = name
        self._show_cells()

    @property
    def _shown(self) -> tuple[str, ...]:
        return (self._names or ())[self._page * PAGE_SIZE : (self._page + 1) * PAGE_SIZE]

    def _show_cells(self) -> None:
        self._page = min(max(self._page, 0), (max(len(self._names or ()), 1) - 1) // PAGE_SIZE)
        shown = self._shown
        for cell, name in zip(self._cells, shown, strict=False):
            cell.show(name, self._pictures.get(name, ""), is_present=name == self._present)
        roots = tuple(cell.root for cell in self._cells[: len(shown)])
        if self._grid.children != roots:
            self._grid.children = roots
        self._show_status()

    def _show_status(self) -> None:
        names = self._names
        first = self._page * PAGE_SIZE
        last = first + len(self._shown)
        if names is None:
            text = "Reading the folder …"
        elif not names:
            text = "There is no picture in this folder."
        else:
            text = f"{first + 1}–{last} of {len(names)}"
        self._status.value = f'<span role="status">{text}</span>'
        self._previous.disabled = first == 0
        self._next.disabled = last >= len(names or ())
        is_one_page = len(names or ()) <= PAGE_SIZE
        for button in (self._previous, self._next):
            set_class(button, "nst-hidden", is_on=is_one_page)

    def _choose(self, name: str) -> None:
        if name != self._present:
            self._on_choose(name)


class _Cell:
    """A place for one picture after another."""

    def __init__(self, root: widgets.Box, picture: widgets.HTML, button: widgets.Button) -> None:
        self.root, self._picture, self.button = root, picture, button

    def show(self, name: str, picture: str, *, is_present: bool) -> None:
        """Shows a picture; what is the same as before is not sent again."""
        self._picture.value = picture
        self.button.description = name
        self.button.tooltip = PRESENT if is_present else ""
        set_class(self.root, "nst-present", is_on=is_present)


def _make_cells(on_choose: Callable[[str], None]) -> tuple[_Cell, ...]:
    # One layout and one style for all, as in the gallery of samples.
    layout, button_style, html_style = widgets.Layout(), widgets.ButtonStyle(), HTMLStyle()
    cells = []
    for _ in range(PAGE_SIZE):
        picture = add_classes(widgets.HTML(layout=layout, style=html_style), "nst-html nst-sample-picture")
        button = add_classes(widgets.Button(layout=layout, style=button_style), "nst-sample-button")
        button.on_click(lambda button: on_choose(button.description))
        root = add_classes(widgets.Box([picture, button], layout=layout), "nst-sample")
        cells.append(_Cell(root, picture, button))
    return tuple(cells)
