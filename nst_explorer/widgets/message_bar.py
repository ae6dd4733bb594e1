"""Messages beside what they are about: one line, what was given, what is allowed, and a way out."""

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from nst_explorer.widgets.panel import make_box, make_button, make_html

Action = tuple[str, Callable[[], None]] | widgets.Button
"""What a message offers: a text and what it does, or a button whose owner lets it rest at times."""


class MessageBar:
    """A place for one message of each kind; empty, it takes no room.

    Attributes:
        root: The widget.
    """

    def __init__(self) -> None:
        self.root = make_box("nst-messages")
        self._boxes: dict[str, widgets.Box] = {}
        self._sentences: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The sentences that are shown, a line each."""
        return "\n".join(self._sentences.values())

    def show_error(self, sentence: str, *remedies: Action) -> None:
        """Shows what went wrong, with buttons for what helps, until it is dismissed or something else is said."""
        self._show("error", sentence, *remedies, ("Dismiss", self.clear_error))

    def show_note(self, sentence: str, *actions: Action) -> None:
        """Shows what a person should know, with buttons that lead on if there are actions."""
        self._show("info", sentence, *actions)

    def show_stop(self, sentence: str) -> None:
        """Shows what stopped the run."""
        self._show("stop", sentence)

    def clear_stop(self) -> None:
        """Takes what stopped the run away."""
        self._remove("stop")

    def clear_error(self) -> None:
        """Takes the error away."""
        self._remove("error")

    def clear_note(self) -> None:
        """Takes the note away."""
        self._remove("info")

    def _show(self, kind: str, sentence: str, *actions: Action) -> None:
        if self._sentences.get(kind) == sentence and not actions:
            return  # said already: a message that is drawn anew would be read aloud anew
        role = "alert" if kind == "error" else "status"
        text = make_html(f'<span role="{role}">{escape(sentence)}</span>')
        buttons = [each if isinstance(each, widgets.Button) else make_button(*each, "nst-quiet") for each in actions]
        self._sentences[kind] = sentence
        parts = [text, make_box("nst-actions", *buttons, is_row=True)] if buttons else [text]
        self._boxes[kind] = make_box(f"nst-message nst-{kind}", *parts, is_row=True)
        self.root.children = tuple(self._boxes.values())

    def _remove(self, kind: str) -> None:
        if self._sentences.pop(kind, None) is not None:
            del self._boxes[kind]
            self.root.children = tuple(self._boxes.values())
