"""Layer effects: side runs drawn as they develop, on a thread of their own, and only while their tab is open."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nst_explorer.errors import describe_error
from nst_explorer.session.runner import Runner
from nst_explorer.session.side_runs import SideMoment, SidePlan, SideSnapshot
from nst_explorer.view.selection import EFFECTS_TAB, Selection
from nst_explorer.view.side_cards import SideCard, draw_card
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

FRAMES_PER_SECOND = 3
SHARE = 0.12
"""Of the drawing thread's time."""


class LayerEffects:
    """Shows side runs in their tab.

    Attributes:
        moment: Where they are.

    Args:
        dashboard: Whose tab.
        get_runner: Returns what advances them, which is made later.
    """

    def __init__(self, dashboard: Dashboard, get_runner: Callable[[], Runner]) -> None:
        self.moment = SideMoment()
        self._dashboard = dashboard
        self._get_runner = get_runner
        self._selection = Selection()
        self._main: Session | None = None
        self._drawn: dict[tuple[SideSnapshot, bool], SideCard] = {}
        self._publisher = Publisher(self._draw, self._tell_undrawn, FRAMES_PER_SECOND, SHARE)

    def start(self, plans: Sequence[SidePlan]) -> None:
        """Has side runs develop beside the main one, in the place of those before."""
        self._get_runner().start_side_runs(plans, "inspect")

    def stop(self) -> None:
        """Ends them where they are."""
        self._get_runner().stop_side_runs()

    def find_session(self, place: int) -> "Session | None":
        """Returns the side run at a place, from 0, if there is one and it has begun."""
        return next((run.session for run in self.moment.runs[place : place + 1]), None)

    def hear(self, moment: SideMoment) -> None:
        """Takes what the runner tells, on its thread."""
        self.moment = moment
        self._publisher.post(moment)

    def look(self, selection: Selection, main: "Session | None") -> None:
        """Takes what is looked at, and the main run."""
        is_new = (selection.tab, selection.layer) != (self._selection.tab, self._selection.layer)
        if is_new or main is not self._main:
            self._selection, self._main = selection, main
            self._publisher.post(self.moment, is_urgent=True)

    def close(self) -> None:
        """Ends the thread."""
        self._publisher.close()

    def _draw(self, _: SideMoment) -> None:
        selection, main, moment = self._selection, self._main, self.moment
        if selection.tab != EFFECTS_TAB:
            return
        keys = [(run, run.session is not None and run.session is main) for run in moment.runs]
        self._drawn = {key: self._drawn.get(key) or _draw_run(*key) for key in keys}
        cards = [self._drawn[key] for key in keys]
        with self._dashboard.lock:
            panel = self._dashboard.tabs.panel(EFFECTS_TAB)
            panel.show(selection.layer, cards, is_advancing=moment.is_advancing)

    def _tell_undrawn(self, error: Exception) -> None:
        what = describe_error(error)
        self._dashboard.show_error("inspect", f"The side runs could not be drawn ({what}); the main run goes on.")


def _draw_run(run: SideSnapshot, is_main: bool) -> SideCard:
    return draw_card(
        run.name,
        run.image,
        run.total,
        step=run.step,
        steps=run.steps,
        is_done=run.is_done,
        failure=run.failure,
        is_main=is_main,
    )
