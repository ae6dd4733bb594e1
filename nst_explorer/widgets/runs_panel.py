"""The recorded runs: a fold below the header with a card for each, and what can be done with it."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets

from nst_explorer.view.run_cards import RunCard
from nst_explorer.widgets.explaining import NotesPlace, mark_controls
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import Control, make_box, make_button, make_field, make_heading, make_html


class RunsPanel:
    """The fold, closed at first.

    Attributes:
        root: The widget.
        toggle: The button that opens and closes the fold; it stands elsewhere.
        messages: What concerns the runs.
        room: What is said of the room that all runs take.
        notice: What is said of them while the fold is closed, too: the last run, and a recording that has ended.
        is_open: Whether the fold is open.

    Args:
        on_toggle: Called when `toggle` is pressed.
        on_open: Called with a run's identifier.
        on_rename: Called with an identifier and a name.
        on_delete: Called with an identifier, after it was confirmed.
        on_export: Called with an identifier and a path.
        on_import: Called with a path.
        on_limit: Called with the limit of a run's file in megabytes.
        on_total: Called with the limit of all runs together in megabytes.
    """

    def __init__(
        self,
        on_toggle: Callable[[], None],
        on_open: Callable[[str], None],
        on_rename: Callable[[str, str], None],
        on_delete: Callable[[str], None],
        on_export: Callable[[str, str], None],
        on_import: Callable[[str], None],
        on_limit: Callable[[float], None],
        on_total: Callable[[float], None],
    ) -> None:
        self._on = (on_open, on_rename, on_delete, on_export)
        self._on_import, self._on_limit, self._on_total = on_import, on_limit, on_total
        self.is_open = False
        self.toggle = make_button("Runs", on_toggle, "nst-runs-toggle")
        self.messages = MessageBar()
        self.room = MessageBar()
        self.notice = MessageBar()
        self._cards: dict[str, _Card] = {}
        self._grid = make_box("nst-runs-grid")
        self._status = make_html("", "nst-runs-status")
        self._limits: tuple[Control, ...] = ()
        self._notes = NotesPlace("runs")
        self._fold = make_box("nst-runs nst-hidden", self._notes)
        self.root = make_box("nst-runs-place", self.notice.root, self._fold)

    def show_open(self, is_open: bool, limit_mb: float, total_mb: float) -> None:
        """Opens or closes the fold; what is in it is made when it first opens."""
        if is_open and not self._limits:
            self._build(limit_mb, total_mb)
        self.is_open = is_open
        (self._fold.remove_class if is_open else self._fold.add_class)("nst-hidden")
        (self.toggle.add_class if is_open else self.toggle.remove_class)("nst-open")
        self.toggle.tooltip = f"{'Hide' if is_open else 'Show'} the recorded runs"

    def show_limits(self, limit_mb: float, total_mb: float) -> None:
        """Shows the limits of a run's file, and of all runs together."""
        for control, megabytes in zip(self._limits, (limit_mb, total_mb), strict=False):
            control.show(megabytes)

    def show_status(self, text: str) -> None:
        """Shows how many runs there are, and where."""
        self._status.value = f'<span role="status">{escape(text)}</span>'

    def show(self, cards: Sequence[RunCard]) -> None:
        """Shows the runs; cards of runs that were shown before stay as they are, with what is typed into them."""
        self._cards = {card.identifier: self._cards.get(card.identifier) or _Card(*self._on) for card in cards}
        for card in cards:
            self._cards[card.identifier].show(card)
        shown = tuple(self._cards[card.identifier].root for card in cards)
        if self._grid.children != shown:
            self._grid.children = shown

    def _build(self, limit_mb: float, total_mb: float) -> None:
        path = make_field(widgets.Text(description="Run to import", placeholder="path of a .nst file"))
        self._limits = (
            _make_limit("Limit per run, MB", limit_mb, self._on_limit),
            _make_limit("Limit in all, MB", total_mb, self._on_total),
        )
        take = make_button("Import", lambda: self._on_import(path.value))
        tools = make_box("nst-runs-tools", path, take, *(each.widget for each in self._limits), is_row=True)
        head = make_box("nst-runs-head", make_heading("Recorded runs"), self._status, tools, is_row=True)
        self._fold.children = (mark_controls(head, "runs"), self._notes, self.room.root, self.messages.root, self._grid)


def _make_limit(description: str, megabytes: float, on_limit: Callable[[float], None]) -> Control:
    field = widgets.FloatText(description=description, value=megabytes, continuous_update=False)
    return Control(make_field(field, "nst-runs-limit"), on_limit)


class _Card:
    """One run. Of what needs a word more, a name, a path or a confirmation, one at a time is open."""

    def __init__(
        self,
        on_open: Callable[[str], None],
        on_rename: Callable[[str, str], None],
        on_delete: Callable[[str], None],
        on_export: Callable[[str, str], None],
    ) -> None:
        self._on_open, self._on_rename, self._on_delete, self._on_export = on_open, on_rename, on_delete, on_export
        self._card: RunCard | None = None
        self._picture = make_html("", "nst-run-picture")
        self._text = make_html("", "nst-run-text")
        self._open = make_button("Open", lambda: self._on_open(self._shown.identifier), "nst-run-open")
        self._rename = make_button("Rename", self._ask_name, "nst-quiet")
        self._export = make_button("Export", self._ask_path, "nst-quiet")
        self._delete = make_button("Delete", self._ask_deletion, "nst-quiet")
        buttons = make_box("nst-run-buttons", self._open, self._rename, self._export, self._delete, is_row=True)
        mark_controls(buttons, "runs")
        self._question = make_box("nst-run-question")
        self.root = make_box("nst-run", self._picture, self._text, buttons, self._question)

    def show(self, card: RunCard) -> None:
        """Shows a card; what is the same as before is not sent again."""
        if card == self._card:
            return
        before, self._card = self._card, card
        if before is None or card.picture != before.picture:
            data = f'<img alt="" src="data:image/jpeg;base64,{b64encode(card.picture).decode()}">'
            self._picture.value = data if card.picture else ""
        self._text.value = _write_text(card)
        for button in (self._open, self._rename, self._export, self._delete):
            button.tooltip = f"{button.description} {card.name}"  # which of the runs, for whoever hears it read out
        self._open.disabled = not card.can_open
        self._rename.disabled = not card.can_rename
        self._export.disabled = bool(card.problem)
        self._delete.disabled = not card.can_delete

    @property
    def _shown(self) -> RunCard:
        assert self._card is not None
        return self._card

    def _ask_name(self) -> None:
        field = make_field(widgets.Text(description="New name", value=self._shown.name))
        self._ask(field, "Save the name", lambda: self._on_rename(self._shown.identifier, field.value))

    def _ask_path(self) -> None:
        field = make_field(widgets.Text(description="Write a copy to", value=str(Path.cwd() / self._shown.export_name)))
        self._ask(field, "Write it", lambda: self._on_export(self._shown.identifier, field.value))

    def _ask_deletion(self) -> None:
        text = make_html(f"Delete “{escape(self._shown.name)}” for good?")
        self._ask(text, "Delete for good", lambda: self._on_delete(self._shown.identifier))

    def _ask(self, field: widgets.Widget, verb: str, act: Callable[[], None]) -> None:
        def finish() -> None:
            self._question.children = ()
            act()

        def give_up() -> None:
            self._question.children = ()

        if isinstance(field, widgets.Text):
            field.on_msg(lambda _, content, __: finish() if content.get("event") == "submit" else None)
        cancel = make_button("Cancel", give_up, "nst-quiet")
        actions = make_box("nst-actions", make_button(verb, finish), cancel, is_row=True)
        self._question.children = (mark_controls(field, "runs"), mark_controls(actions, "runs"))


def _write_text(card: RunCard) -> str:
    state = f" · <b>{escape(card.state)}</b>" if card.state else ""
    problem = f'<p class="nst-run-problem">{escape(card.problem)}</p>' if card.problem else ""
    progress = f"<p>{escape(card.progress)}</p>" if card.progress else ""
    return (
        f'<h4 title="{escape(card.name)}">{escape(card.name)}</h4>{progress}<p>{escape(card.facts)}</p>'
        f"<p>{escape(card.moment)}{state}</p>{problem}"
    )
