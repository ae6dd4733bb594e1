"""Time travel: previews of other steps, the wipe between two of them, and the tab of branches.

A preview is what the history keeps, shown at once; the exact picture of another step is computed by the worker between
two steps, kept for as long as it is compared with, and drawn when it is there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nst_explorer.errors import InputError, describe_error
from nst_explorer.session.runner import Runner
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.view.branch_table import choose_other, describe_difference, list_branches
from nst_explorer.view.frames import encode_jpeg, encode_png, enlarge_frame, fit_picture, wipe_pictures
from nst_explorer.view.pair_curves import draw_pair_curves
from nst_explorer.view.picture_names import name_preview, name_wipe
from nst_explorer.view.selection import BRANCHES_TAB, Selection
from nst_explorer.view.timeline import BranchLine, draw_timeline
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record

PREVIEWS_PER_SECOND = 25
LONG_SECONDS = 0.3
"""A jump that takes longer is told in seconds."""
LONG_REPLAY = 10
"""A jump that replays more steps is told while it is under way, also where it was not previewed."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """A picture that is asked for: of a step, or the present one where that is None."""

    step: int | None
    is_going: bool
    is_jump: bool = False


@dataclass(frozen=True, eq=False)
class _Picture:
    """A picture of another step; exact, or the nearest one kept until that is there."""

    image: np.ndarray
    is_exact: bool


class TimeTravel:
    """Shows what is not the present step.

    Args:
        dashboard: Where.
        get_runner: Returns what computes, which is made later.
        redraw: Draws the present moment anew.
    """

    def __init__(self, dashboard: Dashboard, get_runner: Callable[[], Runner], redraw: Callable[[], None]) -> None:
        self._dashboard = dashboard
        self._get_runner = get_runner
        self._redraw = redraw
        self._last: Snapshot | None = None
        self._jump: _Wanted | None = None
        self._compared: BranchLine | None = None
        self._exact: dict[str, tuple[Record, np.ndarray]] = {}
        self._asked: dict[str, Record] = {}
        self._publisher = Publisher(self._draw_preview, self._tell_undrawn, PREVIEWS_PER_SECOND)

    def show(self, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
        """Shows the timeline, the wipe and, if its tab is open, the branches; with the dashboard's lock."""
        self._last = snapshot
        step = snapshot.present.step
        result = self._dashboard.result
        best_step = None if is_playing else _find_best(snapshot)
        result.timeline.show(draw_timeline(snapshot.branches, step, best_step), is_playing=is_playing)
        if self._jump is not None and self._jump.step == step:
            self._jump = None
        if self._jump is None:
            result.timeline.show_words("")
        else:  # a step that was under way when the jump was asked for
            self._publisher.post(self._jump)
        if selection.picture == "wipe":
            self._show_wipe(snapshot, selection, is_playing=is_playing)
        else:
            result.wipe.hide()
        if selection.tab == BRANCHES_TAB:
            self._show_branches(snapshot, selection, is_playing=is_playing)

    def preview(self, step: int | None, *, is_going: bool = False) -> None:
        """Shows the picture of a step of the present line, or the present one again.

        Args:
            step: The step, or None for the present one.
            is_going: Whether the run is about to go there.
        """
        if is_going or not self._get_runner().is_playing:  # what plays goes on being shown
            self._publisher.post(_Wanted(step, is_going))

    @contextmanager
    def tell_jump(self, step: int, *, is_short_told: bool = True) -> Iterator[None]:
        """Shows where the run is about to go, and what that costs, until it is there.

        Args:
            step: The step to which it is sent meanwhile.
            is_short_told: Whether a jump is told also if it replays ten steps or less.
        """
        jump = _Wanted(step, is_going=True, is_jump=True)
        if is_short_told or self._is_long(step):
            self._jump = jump
            self._publisher.post(jump)
        yield
        if self._jump is jump:
            self._get_runner().call(lambda _: self._end_jump(jump))

    def find_jump(self, place: str) -> int | None:
        """Returns the step of a place, one of `JUMPS`; None while there is no run.

        Raises:
            InputError: The recipe has not changed before the present step.
        """
        if self._last is None:
            return None
        return {"Start": lambda _: 0, "Best": _find_best, "Last change": _find_last_change}[place](self._last)

    def require_step(self, step: int) -> None:
        """Checks that the present line has a step.

        Raises:
            InputError: It has not.
        """
        if self._last is not None:
            self._last.session.estimate_jump(step)

    def switch(self, name: str) -> None:
        """Goes to the newest step of another branch."""
        runner = self._get_runner()
        runner.pause()
        runner.ask("switch", lambda session: session.switch(name), "inspect")

    def rename(self, old: str, new: str) -> None:
        """Gives a branch another name."""
        self._get_runner().ask("rename", lambda session: session.rename_branch(old, new), "inspect")

    def delete(self, name: str) -> None:
        """Drops a branch."""
        self._get_runner().ask("delete", lambda session: session.delete_branch(name), "inspect")

    def close(self) -> None:
        """Ends the thread."""
        self._publisher.close()
        self._dashboard.result.transport.close()

    def _is_long(self, step: int) -> bool:
        if self._last is None:
            return False
        try:
            return self._last.session.estimate_jump(step).replayed > LONG_REPLAY
        except InputError:  # the worker tells it, after what it was asked to do before
            return False

    def _end_jump(self, jump: _Wanted) -> None:
        """Forgets a jump that is done, or that was refused; what the worker tells next is drawn without it."""
        with self._dashboard.lock:
            if self._jump is jump:
                self._jump = None

    def _draw_preview(self, wanted: _Wanted) -> None:
        snapshot = self._last
        if snapshot is None:
            return
        newest = snapshot.session.line[-1].step
        step = wanted.step
        if step is None:
            self._redraw()
            return
        step = min(step, newest)
        preview, jump = snapshot.session.preview(step), snapshot.session.estimate_jump(step)
        picture = encode_jpeg(enlarge_frame(preview.image, *_measure_full(snapshot)))
        words = _describe_jump(step, jump.replayed, jump.seconds, preview.record.step, is_going=wanted.is_going)
        with self._dashboard.lock:
            if wanted.is_jump and self._jump is not wanted:  # it is there already
                return
            self._dashboard.result.show_preview(picture, "jpeg", name_preview(preview.record.step))
            self._dashboard.result.timeline.show_words(words)

    def _show_wipe(self, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
        step = min(selection.wipe_step, snapshot.line[-1].step)
        other = self._find_picture("wipe", snapshot, step, None)
        image = fit_picture(snapshot.image, *_measure_full(snapshot))
        wiped = wipe_pictures(other.image, image, selection.wipe_share)
        is_exact = other.is_exact and not is_playing
        result = self._dashboard.result
        name = f"Result: {name_wipe(f'step {step}', f'step {snapshot.present.step}', selection.wipe_share)}"
        result.show_preview(encode_png(wiped) if is_exact else encode_jpeg(wiped), "png" if is_exact else "jpeg", name)
        result.wipe.show(step, snapshot.present.step, selection.wipe_share)

    def _show_branches(self, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
        branches = snapshot.branches
        present = next(branch for branch in branches if branch.is_present)
        other = self._compared = choose_other(branches, selection.other_branch, self._compared)
        panel = self._dashboard.tabs.panel(BRANCHES_TAB)
        panel.show_list(list_branches(branches), "" if other is None else other.name)
        if other is None:
            return
        steps = other.newest.step, snapshot.present.step
        right = _Picture(fit_picture(snapshot.image, *_measure_full(snapshot)), is_exact=True)
        if selection.branch_steps == "same":
            steps = (min(other.newest.step, present.newest.step),) * 2
            if steps[1] != snapshot.present.step:
                right = self._find_picture("present branch", snapshot, steps[1], present.name)
        left = self._find_picture("branches", snapshot, steps[0], other.name)
        image = wipe_pictures(left.image, right.image, selection.branch_share)
        is_exact = left.is_exact and right.is_exact and not is_playing
        panel.show_comparison(
            encode_png(image) if is_exact else encode_jpeg(image),
            "png" if is_exact else "jpeg",
            selection.branch_steps,
            selection.branch_share,
            (f"{other.name}, step {steps[0]}", f"{present.name}, step {steps[1]}"),
            draw_pair_curves((other.name, present.name), (other.line, present.line)),
            describe_difference(other, present),
        )

    def _find_picture(self, place: str, snapshot: Snapshot, step: int, branch: str | None) -> _Picture:
        """Returns the picture of a step for the wipe or the branches, and asks for the exact one if it is not there."""
        session = snapshot.session
        try:
            preview = session.preview(step, branch)
            record = session.find_record(step, branch)
        except InputError:  # the branch has been renamed or dropped since the snapshot; the next one knows
            return _Picture(fit_picture(snapshot.image, *_measure_full(snapshot)), is_exact=False)
        exact = self._exact.get(place)
        if exact is not None and exact[0] is record:
            return _Picture(fit_picture(exact[1], *_measure_full(snapshot)), is_exact=True)
        if self._asked.get(place) is not record:
            self._asked[place] = record
            self._get_runner().call(lambda _: self._compute(place, snapshot, record, step, branch))
        return _Picture(enlarge_frame(preview.image, *_measure_full(snapshot)), is_exact=False)

    def _compute(self, place: str, snapshot: Snapshot, record: "Record", step: int, branch: str | None) -> None:
        if self._asked.get(place) is not record:  # another one is looked at by now
            return
        try:
            self._exact[place] = record, snapshot.session.picture_at(step, branch)
        except InputError:  # renamed or dropped since it was asked for; whoever still looks at it asks anew
            del self._asked[place]
        self.preview(None)

    def _tell_undrawn(self, error: Exception) -> None:
        what = describe_error(error)
        self._dashboard.show_error("result", f"The preview could not be drawn ({what}); the run itself goes on.")


def _measure_full(snapshot: Snapshot) -> tuple[int, int]:
    """Height and width in which pictures of all scales are shown, so that they can be laid over each other."""
    height, width, _ = snapshot.session.full_images.content.shape
    return height, width


def _find_best(snapshot: Snapshot) -> int:
    """The step of lowest total among those whose losses are those of the present recipe and size."""
    present = snapshot.present
    comparable = [each for each in snapshot.line if (each.recipe, each.scale) == (present.recipe, present.scale)]
    return min(comparable, key=lambda record: record.losses["total"]).step


def _find_last_change(snapshot: Snapshot) -> int:
    changes = [record for record in snapshot.line if record.is_change and not record.is_enlargement]
    steps = [record.step for record in changes if record.step < snapshot.present.step]
    if not steps:
        raise InputError(
            f"The recipe has not changed before step {snapshot.present.step}, but the last change is asked for; change "
            "the recipe, or go to the start."
        )
    return steps[-1]


def _describe_jump(step: int, replayed: int, seconds: float | None, shown: int, *, is_going: bool) -> str:
    near = "" if shown == step else f" (shown: step {shown}, the nearest kept)"
    cost = f"; {'it replays' if is_going else 'going there replays'} {replayed} steps" if replayed else ""
    wait = f", about {seconds:.1f} s" if replayed and seconds is not None and seconds >= LONG_SECONDS else ""
    return f"Preview of step {step}{near}{cost}{wait}"
