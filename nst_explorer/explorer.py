"""The explorer: one dashboard wired to one worker.

A gesture comes in by a panel's callback, becomes a verb here, and leaves as a command for the runner or as another
selection; what the runner tells is turned into pictures and shown. No number is computed here.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nst_explorer.checking import Checking
from nst_explorer.costs import Costs
from nst_explorer.debugging import Debugging
from nst_explorer.driving import Driving
from nst_explorer.earlier_runs import EarlierRuns
from nst_explorer.errors import describe_error
from nst_explorer.fetching import Fetching, needs_imagenet
from nst_explorer.gestures import Gestures
from nst_explorer.gestures.guiding import TOUR_NOTE
from nst_explorer.image_sets import ImageSets, require_folders
from nst_explorer.inspecting import Inspecting
from nst_explorer.layer_effects import LayerEffects
from nst_explorer.lessons_beside import find_lessons
from nst_explorer.limits import UNLIMITED, Limits
from nst_explorer.opening import Run, Sources, adopt_session, name_source, open_run, require_allowed
from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import list_new_run_fields
from nst_explorer.recorded_runs import RecordedRuns
from nst_explorer.saving import Saving
from nst_explorer.session.runner import Runner
from nst_explorer.session.side_runs import SideMoment
from nst_explorer.session.snapshot import Failure, Snapshot
from nst_explorer.showing import show_choices, show_moment, show_network, show_plan, show_run
from nst_explorer.showing_features import point_at_pixel, show_pixel
from nst_explorer.tabs import TABS
from nst_explorer.time_travel import TimeTravel
from nst_explorer.user_folder import has_note
from nst_explorer.view.selection import Selection
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

FRAMES_PER_SECOND = 12


class Explorer(Driving):
    """The dashboard. As the last line of a notebook cell, it shows itself.

    Attributes:
        dashboard: The panels.
        limits: What is allowed.
        recipe: The recipe as it was asked for; the worker may still be at a step under the last one.
        selection: What is looked at.
        costs: What the choices cost, at the header.
        effects: The side runs.
        checking: Measures and checks gradients when asked.
        debugging: Breakpoints, and the search of a learning rate.
        time_travel: Previews, the wipe, and branches.
        image_sets: Folders of pictures to choose from.
        fetching: The download of ImageNet's weights, after which a run with them begins.
        recorded: The recorded runs.
        saving: Files that are taken along, one at a time.

    Args:
        content: A path, a PIL image, an array as `load_image` takes it, or a sample's name.
        style: The same.
        recipe: Every choice of the first run; the default preset if left out.
        device: `auto` (a GPU where there is one), `cpu` or `gpu`.
        journal: Whether each run is recorded in a file of the user's data folder, and the last one is offered.
        journal_mb: Limit of such a file in megabytes.
        session: A run that was made elsewhere, in place of images and recipe; runs that are begun after it here compute
            with the same formulas.
        limits: What is allowed; everything, unless the dashboard is served to others.
        content_folder: A folder of pictures, shown as a gallery from which to take the content; if left out, the one
            that the variable `NST_EXPLORER_CONTENT_FOLDER` names.
        style_folder: The same for the style, `NST_EXPLORER_STYLE_FOLDER`.

    Raises:
        InputError: Both a session and images or a recipe are given.

    Example:
        >>> explorer = Explorer(content="photo.jpg", style="painting.jpg")  # doctest: +SKIP
        >>> explorer.session.advance(5)  # doctest: +SKIP
    """

    def __init__(
        self,
        content: Any = None,
        style: Any = None,
        recipe: Recipe | None = None,
        *,
        device: str = "auto",
        journal: bool = True,
        journal_mb: float = 256,
        session: "Session | None" = None,
        limits: Limits = UNLIMITED,
        content_folder: str | os.PathLike[str] | None = None,
        style_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        sets = require_folders({"content": content_folder, "style": style_folder})
        self.selection = Selection()
        self.limits = limits
        given = None if session is None else adopt_session(session, content, style, recipe)
        self.recipe = given.session.recipe if given else limits.fit(recipe or Recipe())
        self._device = device
        asked = {"content": name_source("content", content), "style": name_source("style", style)}
        self._sources: Sources = given.sources if given else asked
        self._opened: dict[Session, Run] = {}
        self._run: Run | None = None
        self._opening = self.recipe  # the worker's, since the next gesture may ask for another one
        self._last: Snapshot | None = None
        self._changes_asked = 0
        self._runs_to_open = 0 if given else 1
        self._is_open = threading.Event()
        gestures = Gestures(self)
        self.dashboard = Dashboard(gestures, find_lessons(), limits, sets)
        self.dashboard.tour.show_offer(not has_note(TOUR_NOTE))
        self.image_sets = ImageSets(self.dashboard, sets)
        self._lock = self.dashboard.lock
        self._earlier = EarlierRuns(self.dashboard, lambda run: self.go_to_run(lambda: run))
        keeps_runs = journal and limits.may_write_files
        self.recorded = RecordedRuns(self.dashboard, keeps_runs, journal_mb, device, self.go_to_run)
        self.fetching = Fetching(self.dashboard, lambda: gestures.choose_network("imagenet"))
        self.costs = Costs(self.dashboard, lambda: self._runner)
        self.saving = Saving(self.dashboard, lambda: self._run, lambda: self._runner.is_playing, limits)
        self.show_choices()
        show_plan(self.dashboard, self.recipe, self.selection)
        self._publisher = Publisher(self._show, self._tell_undrawn, FRAMES_PER_SECOND)
        first = self.recipe
        self.effects = LayerEffects(self.dashboard, lambda: self._runner)
        self.debugging = Debugging(self.dashboard, lambda: self._runner)
        self.time_travel = TimeTravel(self.dashboard, lambda: self._runner, self.look_at)
        with self._lock:  # nothing is shown before everything is there
            self._runner = Runner(lambda: self._keep(given) if given else self._open(asked, first), self._hear)
            self._inspecting = Inspecting(self.dashboard, self._runner, TABS)
            self.checking = Checking(self.dashboard, self._runner)

    # What a program can do besides `Driving`.

    def close(self) -> None:
        """Ends the worker and a download under way, and removes the dashboard."""
        self.fetching.cancel()
        self.saving.cancel()
        self._runner.close()
        self._publisher.close()
        self._inspecting.close()
        self.effects.close()
        self.debugging.close()
        self.time_travel.close()
        self.recorded.close()
        self.image_sets.close()
        self.dashboard.root.close()
        self._is_open.set()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.dashboard.root._repr_mimebundle_(**options)

    # How a change of recipe or images reaches the worker.

    def look_at(self, **changes: Any) -> None:
        """Changes the selection and draws the present moment anew."""
        with self._lock:
            self.selection = replace(self.selection, **changes)
            self.dashboard.show_explaining(self.selection.is_explaining)
            self.dashboard.tour.show(self.selection.tour_stop)
            self.dashboard.tabs.show(self.selection.tab)
            self.effects.look(self.selection, self._run.session if self._run else None)
            if self._last is not None and self._run is not None:
                self._show(self._last, is_urgent=True)

    def look_into(self, **changes: Any) -> None:
        """Changes what is looked at on the open tab, and draws that alone: quick enough for a moving mouse."""
        with self._lock:
            self.selection = replace(self.selection, **changes)
            if self._last is not None:
                is_playing = self._runner.is_playing
                self._inspecting.post(self._last, self.selection, is_playing=is_playing, is_urgent=True)

    def point_at_pixel(self, row: int, column: int) -> None:
        """Reads another value of the feature map that is shown; nothing else is drawn."""
        inspection = self._inspecting.last
        if inspection is not None:
            choice = point_at_pixel(inspection, self.selection.features, row, column)
            self.selection = replace(self.selection, features=choice)
            show_pixel(self.dashboard.tabs.panel("Feature maps"), inspection, choice)

    def alter(self, subject: str, alter: Callable[[Recipe], Recipe]) -> None:
        """Goes on under an altered recipe, or begins a run where it needs one; `subject` is where errors go."""
        wanted = alter(self.recipe)
        if wanted == self.recipe:
            self.show_choices()
        elif list_new_run_fields(self.recipe, wanted):
            self.begin_run(subject, wanted, {})
        else:
            self.recipe = wanted
            self._changes_asked += 1
            self._runner.change(alter, subject)
            self.show_choices()

    def begin_run(self, subject: str, recipe: Recipe, sources: Sources) -> None:
        """Begins a run, with other images in the roles that are given; the present run is kept."""
        require_allowed(self.limits, recipe, sources)
        self.recipe = recipe
        self._sources = {**self._sources, **sources}
        wanted = self._sources
        self._runs_to_open += 1
        self._runner.open(lambda: self._open(wanted, recipe), subject)
        self.show_choices()

    def _open(self, sources: Sources, recipe: Recipe) -> "Session":
        """Opens a session, on the worker's thread."""
        self._opening = recipe
        try:
            before = self._run.session if self._run else None
            is_first = self._last is None
            run = open_run(sources, recipe, self._device, self.dashboard, before=before, is_first=is_first)
        finally:
            with self._lock:
                self._runs_to_open -= 1
        return self._keep(run)

    def go_to_run(self, get_run: Callable[[], Run]) -> None:
        """Goes to a run that is there already, or that is opened on the worker's thread, and stands where it was."""
        self._runner.open(lambda: self._keep(get_run()), "header")

    def _keep(self, run: Run) -> "Session":
        run.session.limit_steps(self.limits.most_steps)
        self._opened[run.session] = self.recorded.follow(run)
        return run.session

    # What the worker tells, on its own thread.

    def _hear(self, told: Snapshot | Failure | SideMoment) -> None:
        if isinstance(told, SideMoment):
            self.effects.hear(told)
            return
        if isinstance(told, Failure):
            self._hear_failure(told)
            return
        self._last = told
        self._is_open.set()
        self._publisher.post(told)

    def _hear_failure(self, failure: Failure) -> None:
        can_fetch = failure.command == "open" and needs_imagenet(self._opening)  # before the lock: it reads 80 MB
        remedies = (self.dashboard.header.download.offer,) if can_fetch else ()
        with self._lock:
            self.dashboard.show_error(failure.subject or "result", failure.message, *remedies)
            if failure.command == "open":
                if self._run is None:
                    self.dashboard.show_status("No run is open.")
                    self._is_open.set()
                    return
                # The present run goes on, and the forms say again what it is made of.
                self._sources = self._run.sources
                self.recipe = self._run.session.recipe
            self.show_choices()

    # How it is shown, on the publisher's thread or in a gesture.

    def _show(self, snapshot: Snapshot, *, is_urgent: bool = False) -> None:
        with self._lock:
            if self._run is None or snapshot.session is not self._run.session:
                self._show_new_run(snapshot)
            is_settled = snapshot.changes_done == self._changes_asked and self._runs_to_open == 0
            if is_settled and snapshot.present.recipe != self.recipe:
                self.recipe = snapshot.present.recipe
                self.show_choices()
            self.effects.look(self.selection, snapshot.session)
            is_playing = self._runner.is_playing
            show_moment(self.dashboard, snapshot, self.selection, is_playing=is_playing)
            self.costs.show(snapshot.session, self.recipe, is_playing=is_playing)
            self.debugging.show(snapshot, self.selection, is_playing=is_playing)
            self.time_travel.show(snapshot, self.selection, is_playing=is_playing)
            self.saving.show(snapshot.present.step, is_playing=is_playing)
            self._inspecting.post(snapshot, self.selection, is_playing=is_playing, is_urgent=is_urgent)

    def _tell_undrawn(self, error: Exception) -> None:
        what = describe_error(error)
        self.dashboard.show_error("result", f"This step could not be drawn ({what}); the run itself goes on.")

    def _show_new_run(self, snapshot: Snapshot) -> None:
        before, self._run = self._run, self._opened.pop(snapshot.session)
        self._sources = self._run.sources
        show_run(self.dashboard, self._run)
        self.show_choices()
        self._earlier.follow(before, self._run)

    def show_choices(self) -> None:
        """Shows recipe and images in all forms, also where a person has just given something else."""
        show_choices(self.dashboard, self.recipe, self._sources)
        if self._last is not None and self._run is not None:
            show_network(self.dashboard, self._last, self.selection)
            self.costs.show(self._run.session, self.recipe, is_playing=self._runner.is_playing)
