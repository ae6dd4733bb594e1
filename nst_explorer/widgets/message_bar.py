"""Messages beside what they are about: one line, what was given, what is allowed, and a way out."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from nst_explorer.widgets.panel import make_box, make_button, make_html

Action = tuple[str, Callable[[], None]] | widgets.Button
"""What a message offers: a text and what it does, or a button whose owner lets it rest at times."""


class _Place:
    """Where the message of one kind stands; made once, and filled anew for each."""

    def __init__(self, kind: str) -> None:
        self._role = "alert" if kind == "error" else "status"
        self._text = make_html()
        self._actions = make_box("nst-actions", is_row=True)
        self.box = make_box(f"nst-message nst-{kind}", self._text, self._actions, is_row=True)

    def fill(self, sentence: str, actions: Sequence[Action]) -> None:
        """Shows a sentence with its buttons."""
        self._text.value = f'<span role="{self._role}">{escape(sentence)}</span>'
        self._actions.children = [
            each if isinstance(each, widgets.Button) else make_button(*each, "nst-quiet") for each in actions
        ]


class MessageBar:
    """A place for one message of each kind; empty, it takes no room.

    Args:
        kinds: Those of "error", "info" and "stop" whose places are made at once, not with their first message. A
            browser that is just connecting waits in vain for widgets that are older than the box that they come in: so
            it must be for messages that come by themselves and bring such a button.

    Attributes:
        root: The widget.
    """

    def __init__(self, *kinds: str) -> None:
        self.root = make_box("nst-messages")
        self._places = {kind: _Place(kind) for kind in kinds}
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
        if kind not in self._places:
            self._places[kind] = _Place(kind)
        self._places[kind].fill(sentence, actions)
        self._sentences[kind] = sentence
        self._show_places()

    def _remove(self, kind: str) -> None:
        if self._sentences.pop(kind, None) is not None:
            self._show_places()

    def _show_places(self) -> None:
        shown = tuple(self._places[kind].box for kind in self._sentences)
        if self.root.children != shown:
            self.root.children = shown
