"""Debugging a run in the dashboard: breakpoints, what stopped it, diagnoses, and the learning-rate finder.

The breakpoints are the session's, so that a cell and the dashboard set the same ones; a run that takes the place of
another takes its breakpoints over. They are drawn from every moment while their tab is open; a search of a learning
rate is told by the worker between two moments, and drawn on a thread of its own.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError, describe_error
from nst_explorer.optimizer_settings import Adam, write_no_rate
from nst_explorer.recipe import Recipe
from nst_explorer.session.runner import Runner
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.view.debug_view import DebugView, DiagnosisText, RateView, draw_rates, propose_step
from nst_explorer.view.selection import DEBUG_TAB, Selection
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher
from nst_explorer.widgets.rate_panel import RatePanel

if TYPE_CHECKING:
    from nst_explorer.session.breakpoints import Breakpoint
    from nst_explorer.session.rate_finder import RateSearch

FRAMES_PER_SECOND = 6
NO_RUN = "No run is open yet, but a breakpoint belongs to one; wait until it is, and set it then."


class Debugging:
    """The Debug tab, and the reason for a stop at the result.

    Args:
        dashboard: Whose tab.
        get_runner: Returns what searches a learning rate; it is made later.
    """

    def __init__(self, dashboard: Dashboard, get_runner: Callable[[], Runner]) -> None:
        self._dashboard = dashboard
        self._get_runner = get_runner
        self._snapshot: Snapshot | None = None
        self._is_open = False
        self._listed: tuple[Breakpoint, ...] = ()
        self._stopped: tuple[Any, str] = (None, "")
        self._search: RateSearch | None = None
        self._publisher = Publisher(lambda _: self._draw(), self._tell_undrawn, FRAMES_PER_SECOND)

    @property
    def suggested_rate(self) -> float | None:
        """The learning rate that the last search has found, if there is one."""
        return None if self._search is None else self._search.suggestion

    def add(self, given: Mapping[str, Any]) -> None:
        """Sets a breakpoint, as `Session.break_when` does.

        Raises:
            InputError: No run is open, or it is no possible breakpoint.
        """
        self._require_snapshot().session.break_when(**given)
        self._draw()

    def remove(self, place: int) -> None:
        """Takes a breakpoint of the list away.

        Raises:
            InputError: A cell has taken it away already.
        """
        snapshot = self._require_snapshot()
        try:
            snapshot.session.remove_breakpoint(self._listed[place])
        finally:
            self._draw()

    def find_rate(self) -> None:
        """Searches a learning rate beside the run."""
        self._get_runner().find_rate(self._hear, "inspect")

    def stop_finding_rate(self) -> None:
        """Gives the search up."""
        self._get_runner().stop_finding_rate()

    def show(self, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
        """Takes a moment: says at the result what stopped the run there, and draws the tab if it is open."""
        self._snapshot, self._is_open = snapshot, selection.tab == DEBUG_TAB
        stop = snapshot.stop
        if stop is not None:
            self._stopped = (snapshot.session, stop.sentence)
        messages = self._dashboard.result.messages
        # A number that is not finite is told as an error.
        if stop is not None and not stop.has_failed and stop.record is snapshot.present and not is_playing:
            messages.show_stop(stop.sentence)
        else:
            messages.clear_stop()
        self._draw()

    def close(self) -> None:
        """Ends the thread."""
        self._publisher.close()

    def _hear(self, search: "RateSearch | None") -> None:
        """Takes what the runner tells, on its thread."""
        self._search = search
        self._publisher.post(True)

    def _draw(self) -> None:
        with self._dashboard.lock:
            snapshot = self._snapshot
            if not self._is_open or snapshot is None:
                return
            panel = self._dashboard.tabs.panel(DEBUG_TAB)
            self._listed = snapshot.session.breakpoints
            session, sentence = self._stopped
            panel.show(
                DebugView(
                    breakpoints=tuple(str(each) for each in self._listed),
                    stopped=sentence if session is snapshot.session else "",
                    terms=("total", *snapshot.present.recipe.term_weights),
                    diagnoses=tuple(
                        DiagnosisText(each.name, each.sentence, each.is_harmless) for each in snapshot.diagnoses
                    ),
                    proposed_step=propose_step(snapshot.present.step),
                )
            )
            self._show_rates(panel.rates, snapshot.present.recipe)

    def _show_rates(self, panel: RatePanel, recipe: Recipe) -> None:
        settings = recipe.optimizer
        if isinstance(settings, Adam):
            panel.show(_draw_search(self._search, settings.learning_rate))
        else:
            panel.show_none(write_no_rate(recipe.optimizer_name))

    def _require_snapshot(self) -> Snapshot:
        if self._snapshot is None:
            raise InputError(NO_RUN)
        return self._snapshot

    def _tell_undrawn(self, error: Exception) -> None:
        what = describe_error(error)
        self._dashboard.show_error("inspect", f"The search of a rate could not be drawn ({what}); the run goes on.")


def _draw_search(search: "RateSearch | None", present_rate: float) -> RateView | None:
    if search is None:
        return None
    return draw_rates(
        search.rates,
        search.totals,
        search.smooth_totals,
        step=search.step,
        planned=search.planned,
        present_rate=present_rate,
        suggestion=search.suggestion,
        is_done=search.is_done,
        reason=search.reason,
    )
