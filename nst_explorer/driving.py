"""Driving: what a program can do with an explorer, as a person does with its buttons."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nst_explorer.earlier_runs import EarlierRuns
from nst_explorer.errors import InputError
from nst_explorer.layers import find_layer
from nst_explorer.opening import Run
from nst_explorer.session.runner import Runner
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.view.selection import Selection, choose_channel
from nst_explorer.widgets.dashboard import Dashboard

if TYPE_CHECKING:
    from nst_explorer.session.session import Session


class Driving(ABC):
    """The verbs of an `Explorer`, which sets the attributes."""

    dashboard: Dashboard
    selection: Selection
    _earlier: EarlierRuns
    _is_open: threading.Event
    _last: Snapshot | None
    _lock: "threading.RLock"
    _run: Run | None
    _runner: Runner

    @abstractmethod
    def look_at(self, **changes: Any) -> None:
        """Changes the selection and draws the present moment anew."""

    @abstractmethod
    def go_to_run(self, get_run: Callable[[], Run]) -> None:
        """Goes to a run that is there already, or that is opened on the worker's thread, and stands where it was."""

    @property
    def session(self) -> "Session":
        """The session that the buttons drive; waits until it is open.

        Raises:
            InputError: It could not be opened, or the explorer is closed.
        """
        self._is_open.wait()
        with self._lock:
            if self._last is None:
                raise InputError(f"There is no run: {self.dashboard.messages('').text}")
            return self._last.session

    def lead_with(self, session: "Session") -> None:
        """Makes another run of the same images and network the present one; the present one is kept."""
        if self._run is not None and session is not self._run.session:
            run = Run(session, self._run.sources)
            self.go_to_run(lambda: run)

    @property
    def earlier(self) -> "tuple[Session, ...]":
        """The last sessions that others took the place of, the newest first."""
        return self._earlier.sessions

    @property
    def root(self) -> Any:
        """The widget, to be placed among others."""
        return self.dashboard.root

    def select(self, *, layer: str | None = None, channel: int | None = None) -> None:
        """Chooses the layer and the channel that are looked at, as clicks on the map and the feature maps do.

        Raises:
            InputError: There is no such layer, or no channel has such a number.
        """
        layers = {} if layer is None else {"layer": find_layer(layer).name}
        channels = {} if channel is None else choose_channel(self.selection, channel)
        self.look_at(**layers, **channels)

    def play(self) -> None:
        """Takes steps until it is paused."""
        self._runner.play()
        self._show_playing()

    def pause(self) -> None:
        """Stops after the step under way."""
        self._runner.pause()
        self._show_playing()

    def step(self, steps: int = 1) -> None:
        """Takes steps, and returns at once; `session.advance` waits for them."""
        self._runner.step(steps)
        self._show_playing()

    def rewind(self, step: int) -> None:
        """Pauses, and goes to a step of the present line."""
        self._runner.rewind(step, "result")
        self._show_playing()

    def _show_playing(self) -> None:
        with self._lock:
            self.dashboard.result.transport.show_playing(self._runner.is_playing)
