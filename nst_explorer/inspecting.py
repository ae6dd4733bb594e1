"""Looking into a layer or a step: the tab that is open is drawn on a thread of its own, within a share of the time.

What a layer's tab is drawn from is an `Inspection`: what the newest step has computed anyhow, read without waiting.
Only what nobody has computed waits for the step under way, and says so. A tab that is not open costs nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import describe_error
from nst_explorer.recipe import Recipe
from nst_explorer.session.runner import Runner
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.view.selection import Selection
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher

if TYPE_CHECKING:
    from nst_explorer.session.inspection import Inspection
    from nst_explorer.session.session import Session

FRAMES_PER_SECOND = 6
SHARE = 0.04
"""Of the drawing thread's time while it plays; two cores have two such threads' time."""
WAITING = "The maps of {layer} are computed after the step under way …"


@dataclass(frozen=True)
class Tab:
    """How a tab is drawn.

    Attributes:
        list_sources: Returns the images whose feature maps it needs, `generated`, `content` or `style`, for what is
            looked at under a recipe.
        draw: Draws it, `(panel, inspection, selection, is_playing)`, and returns what shows the drawing in the panel:
            only that holds the dashboard's lock, so that no gesture waits for an eigenvalue.
    """

    list_sources: Callable[[Selection, Recipe], tuple[str, ...]]
    draw: Callable[[Any, "Inspection", Selection, bool], Callable[[], None]]


@dataclass(frozen=True)
class StepTab:
    """How a tab is drawn that looks at the step itself.

    Attributes:
        compute: Computes what it is drawn from, on the worker between two steps: `(session, selection, is_playing)`;
            None where the snapshot holds it.
        show: Draws it into its panel: `(panel, what was computed, snapshot, selection, is_playing)`.
        needs_pushes: Whether every term's gradient is to be measured while the tab is open.
    """

    compute: "Callable[[Session, Selection, bool], Any] | None"
    show: Callable[[Any, Any, Snapshot, Selection, bool], None]
    needs_pushes: bool = False


@dataclass(frozen=True, eq=False)
class _Post:
    snapshot: Snapshot
    selection: Selection
    is_playing: bool

    @property
    def recipe(self) -> Recipe:
        return self.snapshot.present.recipe

    def looks_where(self, other: "_Post") -> bool:
        """Whether both look at the same layer of the same run on the same tab."""
        return (
            self.snapshot.session is other.snapshot.session
            and self.selection.tab == other.selection.tab
            and self.selection.layer == other.selection.layer
        )

    def is_like(self, other: "_Post | None") -> bool:
        return (
            other is not None
            and self.snapshot.present is other.snapshot.present
            and self.snapshot.pushes is other.snapshot.pushes
            and self.selection == other.selection
            and self.is_playing == other.is_playing
        )


class Inspecting:
    """Draws the open tab.

    Args:
        dashboard: Whose tab.
        runner: Computes what is missing, between two steps.
        tabs: Name of a tab to how it is drawn; other tabs are not drawn here.
    """

    def __init__(self, dashboard: Dashboard, runner: Runner, tabs: Mapping[str, Tab | StepTab]) -> None:
        self._dashboard = dashboard
        self._runner = runner
        self._tabs = tabs
        self._drawn: _Post | None = None
        self._wanted: _Post | None = None
        self._inspection: Inspection | None = None
        self._computed: tuple[tuple[Any, ...], Any] = ((), None)
        self._is_watching = False
        self._publisher = Publisher(self._draw, self._tell_undrawn, FRAMES_PER_SECOND, SHARE)

    @property
    def last(self) -> "Inspection | None":
        """The moment that was looked at last."""
        return self._inspection

    @property
    def drawn_layer(self) -> str | None:
        """The layer that was drawn last."""
        return None if self._drawn is None else self._drawn.selection.layer

    def post(self, snapshot: Snapshot, selection: Selection, *, is_playing: bool, is_urgent: bool) -> None:
        """Leaves a moment to be looked at; `is_urgent` where a person waits for it."""
        tab = self._tabs.get(selection.tab)
        needs_pushes = isinstance(tab, StepTab) and tab.needs_pushes
        if needs_pushes != self._is_watching:
            self._is_watching = needs_pushes
            self._runner.watch_pushes(needs_pushes, "tab")
        self._wanted = _Post(snapshot, selection, is_playing)
        if tab is not None:
            self._publisher.post(self._wanted, is_urgent=is_urgent)

    def close(self) -> None:
        """Ends the thread."""
        self._publisher.close()

    def _draw(self, post: _Post) -> None:
        if post.is_like(self._drawn):
            return
        selection = post.selection
        tab = self._tabs[selection.tab]
        if isinstance(tab, StepTab):
            self._draw_step(tab, post)
            return
        inspection = self._inspect(post.snapshot.session, selection.layer, tab.list_sources(selection, post.recipe))
        with self._dashboard.lock:
            panel = self._dashboard.tabs.panel(selection.tab)
        show = tab.draw(panel, inspection, selection, post.is_playing)
        with self._dashboard.lock:
            # Meanwhile another layer may have been chosen, whose drawing comes next: this one would only flash up.
            if self._wanted is None or self._wanted.looks_where(post):
                show()
                self._drawn = post

    def _draw_step(self, tab: StepTab, post: _Post) -> None:
        snapshot, selection = post.snapshot, post.selection
        computed = None
        if tab.compute is not None:
            # While it plays, the newest step and not that of the post: it would be computed for nothing.
            session, compute = snapshot.session, tab.compute
            key = (session.present, selection.tab, selection.layer, post.is_playing)
            if self._computed[0] != key:
                future = self._runner.call(lambda _: (session.present, compute(session, selection, post.is_playing)))
                present, computed = future.result()
                self._computed = (present, *key[1:]), computed
            computed = self._computed[1]
        with self._dashboard.lock:
            panel = self._dashboard.tabs.panel(selection.tab)
            tab.show(panel, computed, snapshot, selection, post.is_playing)
        self._drawn = post

    def _inspect(self, session: "Session", layer: str, sources: tuple[str, ...]) -> "Inspection":
        """Returns the newest moment of a session, the same one as long as there is no newer."""
        last = self._inspection
        if last is not None and (last.record, last.layer) == (session.present, layer) and last.has(*sources):
            return last
        inspection = session.glance(layer)
        if not inspection.has(*sources):
            with self._dashboard.lock:
                self._dashboard.inspect_messages.show_note(WAITING.format(layer=layer))
            # Of the posted session: the runner's may be another by now.
            try:
                inspection = self._runner.call(lambda _: session.inspect(layer, *sources)).result()
            finally:
                with self._dashboard.lock:
                    self._dashboard.inspect_messages.clear_note()
        self._inspection = inspection
        return inspection

    def _tell_undrawn(self, error: Exception) -> None:
        what = describe_error(error)
        with self._dashboard.lock:
            self._dashboard.inspect_messages.show_error(f"This view could not be drawn ({what}); the run goes on.")
