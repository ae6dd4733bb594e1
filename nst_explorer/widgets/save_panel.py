"""Saving: a fold below the result in which a person chooses what of the run to take along, and sees it written."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from nst_explorer.export_kinds import EXPORT_KINDS
from nst_explorer.widgets.explaining import mark_control, mark_controls
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import Control, add_classes, make_box, make_button, make_field, make_html, set_class


class SavePanel:
    """The fold, closed at first.

    Attributes:
        root: The widget.
        messages: What concerns saving.
        is_open: Whether the fold is open.

    Args:
        on_toggle: Called when the button that opens and closes the fold is pressed.
        on_save: Called with a kind of `EXPORT_KINDS`, an ending, a file's name as a person typed it or an empty text
            for the one proposed, and the film's and the contact sheet's settings by name.
        on_cancel: Called when what is being written is no longer wanted.
    """

    def __init__(
        self,
        on_toggle: Callable[[], None],
        on_save: Callable[[str, str, str, Mapping[str, Any]], None],
        on_cancel: Callable[[], None],
    ) -> None:
        self._on_save, self._on_cancel = on_save, on_cancel
        self.is_open = False
        self._toggle = make_button("Save", on_toggle, "nst-fold-toggle")
        self.messages = MessageBar()
        self._stems: Mapping[str, str] = {}
        self._is_built = False
        self._fold = make_box("nst-save nst-hidden")
        what = make_html("picture, film, curves, report …", "nst-save-note")
        line = make_box("nst-save-line", self._toggle, what, is_row=True)
        self.root = make_box("nst-save-place", line, self._fold)

    def show_open(self, is_open: bool) -> None:
        """Opens or closes the fold; what is in it is made when it first opens."""
        if is_open and not self._is_built:
            self._build()
        self.is_open = is_open
        set_class(self._fold, "nst-hidden", is_on=not is_open)
        set_class(self._toggle, "nst-open", is_on=is_open)
        self._toggle.tooltip = f"{'Hide' if is_open else 'Show'} what can be saved"

    def show_names(self, stems: Mapping[str, str], folder: str) -> None:
        """Shows the name that is proposed for each kind, without ending, and where it goes; a typed name stays."""
        self._stems = stems
        self._folder.value = f"<span>{escape(folder)}</span>"
        self._show_name()

    def show_progress(self, name: str, done: int, total: int) -> None:
        """Shows how far a file is; while nothing is known of it yet, `total` is 0."""
        value = f' value="{done / total:.3f}"' if total else ""
        amount = f"<b>{done} of {total}</b>" if total else "drawing …"
        self._state.value = (
            f'<span role="status">Writing {escape(name)}: {amount}</span>'
            f'<progress aria-label="Writing {escape(name)}"{value}></progress>'
        )
        self._show_busy(True)

    def show_idle(self) -> None:
        """Takes the progress away; another file can be saved."""
        self._show_busy(False)

    def show_saved(self, sentence: str, name: str, content: bytes | None) -> None:
        """Says what was saved, with a link that downloads it where it is small enough to be sent along."""
        self.messages.show_note(sentence, ("Dismiss", self.clear_saved))
        if content is None:
            self._link.value = ""
            return
        data = b64encode(content).decode()
        address = f"data:application/octet-stream;base64,{data}"
        self._link.value = (
            f'<a class="nst-download-link" download="{escape(name)}" href="{address}">Download {escape(name)}</a>'
        )

    def clear_saved(self) -> None:
        """Takes what was said of the last file away, and its link."""
        self.messages.clear_note()
        self._link.value = ""

    def _build(self) -> None:
        self._is_built = True
        kinds = [(kind.label, name) for name, kind in EXPORT_KINDS.items()]
        self._kind = Control(make_field(widgets.Dropdown(description="What", options=kinds)), self._choose_kind)
        self._format = Control(make_field(widgets.Dropdown(description="Format")), lambda _: self._show_name())
        self._name = widgets.Text(description="File name", placeholder="name or path")
        self._name.on_msg(lambda _, content, __: self._save() if content.get("event") == "submit" else None)
        self._shown_name = ""
        self._every = make_field(widgets.BoundedIntText(description="Every n-th step", value=1, min=1, max=1000))
        self._seconds = make_field(widgets.BoundedFloatText(description="Seconds", value=10, min=0.1, max=3600))
        self._strip = add_classes(widgets.Checkbox(description="Content, style and curve", indent=False), "nst-toggle")
        self._count = make_field(widgets.BoundedIntText(description="Pictures", value=12, min=1, max=100))
        self._of_film = make_box("nst-save-fields", self._every, self._seconds, self._strip, is_row=True)
        self._of_sheet = make_box("nst-save-fields", self._count, is_row=True)
        self._note, self._folder = make_html("", "nst-save-note"), make_html("", "nst-save-folder")
        self._button = mark_control(make_button("Save picture", self._save, "nst-save-button"), "result", "Save …")
        self._state, self._link = make_html("", "nst-download"), make_html("")
        cancel = make_box("nst-actions", make_button("Cancel", self._on_cancel, "nst-quiet"), is_row=True)
        self._progress = make_box("nst-message nst-info", self._state, cancel, is_row=True)
        name = make_box("nst-save-name", make_field(self._name), self._folder)
        first = (self._kind.widget, self._format.widget, self._of_film, self._of_sheet, name, self._button)
        form = make_box("nst-save-form", *first, is_row=True)
        self._busy = make_box("nst-messages")
        for part in (form, self._progress):
            mark_controls(part, "result")
        self._fold.children = (self._note, form, self._busy, self.messages.root, self._link)
        self._choose_kind("picture")

    def _choose_kind(self, name: str) -> None:
        kind = EXPORT_KINDS[name]
        self._format.show_options([(label, ending) for ending, label in kind.formats.items()], next(iter(kind.formats)))
        self._note.value = escape(kind.note)
        self._button.description = f"Save {kind.label.lower()}"
        for box, owner in ((self._of_film, "film"), (self._of_sheet, "sheet")):
            set_class(box, "nst-hidden", is_on=name != owner)
        self._show_name()

    def _show_name(self) -> None:
        """Proposes a name, or gives the one that a person typed the chosen ending."""
        kind, ending = self._kind.widget.value, self._format.widget.value
        if self._is_proposed:
            self._shown_name = self._name.value = f"{self._stems.get(kind, kind)}{ending}"
        else:
            stem, dot, old = self._name.value.rpartition(".")
            is_ending = dot and any(f".{old.lower()}" in each.formats for each in EXPORT_KINDS.values())
            self._name.value = f"{stem if is_ending else self._name.value}{ending}"

    @property
    def _is_proposed(self) -> bool:
        return self._name.value.strip() in ("", self._shown_name)

    def _save(self) -> None:
        settings = {
            "every": self._every.value,
            "seconds": self._seconds.value,
            "has_strip": self._strip.value,
            "count": self._count.value,
        }
        name = "" if self._is_proposed else self._name.value.strip()
        if not self._button.disabled:
            self._on_save(self._kind.widget.value, self._format.widget.value, name, settings)

    def _show_busy(self, is_busy: bool) -> None:
        self._busy.children = (self._progress,) if is_busy else ()
        self._button.disabled = is_busy
