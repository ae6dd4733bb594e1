"""The Debug tab: where a run is to pause, what stopped it, what is to be said of it, and which rate it should have."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from nst_explorer.view.debug_view import DebugView, DiagnosisText
from nst_explorer.widgets.breakpoint_panel import BreakpointPanel
from nst_explorer.widgets.explaining import NotesPlace
from nst_explorer.widgets.panel import make_box, make_heading, make_html
from nst_explorer.widgets.rate_panel import RatePanel

NOT_STOPPED = "Nothing has stopped this run."
ALL_WELL = "Nothing unusual."


class DebugPanel:
    """Breakpoints, the last stop, diagnoses and the learning-rate finder.

    Attributes:
        rates: The learning-rate finder, which is shown by itself.

    Args:
        on_add: Called with what a breakpoint is made of, by name.
        on_remove: Called with the place of a breakpoint in the list, from 0.
        on_find: Called when a learning rate is to be searched.
        on_stop: Called when the search is to be given up.
        on_use: Called when the suggested rate is to be taken.
    """

    def __init__(
        self,
        on_add: Callable[[Mapping[str, Any]], None],
        on_remove: Callable[[int], None],
        on_find: Callable[[], None],
        on_stop: Callable[[], None],
        on_use: Callable[[], None],
    ) -> None:
        self._breakpoints = BreakpointPanel(on_add, on_remove)
        self.rates = RatePanel(on_find, on_stop, on_use)
        self._stopped = make_html("", "nst-stopped")
        self._diagnoses = make_html("", "nst-diagnoses")
        self.root = make_box(
            "nst-view nst-debug",
            NotesPlace("Debug"),
            make_heading("Breakpoints", "where a run that goes on is to pause"),
            self._breakpoints.root,
            self._stopped,
            make_heading("Diagnoses", "where it rests, and every 50 steps while it plays"),
            self._diagnoses,
            make_heading("Learning-rate finder"),
            self.rates.root,
        )

    def show(self, view: DebugView) -> None:
        """Shows a moment."""
        self._breakpoints.show(view.breakpoints, view.terms, view.proposed_step)
        self._stopped.value = f"<b>Last stop</b> <span>{escape(view.stopped or NOT_STOPPED)}</span>"
        self._diagnoses.value = _write_diagnoses(view.diagnoses)


def _write_diagnoses(diagnoses: Sequence[DiagnosisText]) -> str:
    rows = [
        f'<li class="{"nst-harmless" if each.is_harmless else ""}"><b>{escape(each.name)}</b> '
        f"{escape(each.sentence)}</li>"
        for each in diagnoses
    ]
    return f"<ul>{''.join(rows)}</ul>" if rows else f"<p>{ALL_WELL}</p>"
