"""Checking gradients: a probe at a time on the worker, between two steps, and shown as it goes."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError, describe_error
from nst_explorer.session.runner import Runner
from nst_explorer.showing_gradient import show_check
from nst_explorer.view.selection import GRADIENT_TAB
from nst_explorer.widgets.dashboard import Dashboard

if TYPE_CHECKING:
    from nst_explorer.session.gradient_check import GradientCheck

PATIENCE_SECONDS = 0.5


class Checking:
    """Measures and checks gradients when a person asks for it.

    Args:
        dashboard: Whose tab "Gradient" shows what is found.
        runner: Computes it, and takes steps in between where it plays.
    """

    def __init__(self, dashboard: Dashboard, runner: Runner) -> None:
        self._dashboard = dashboard
        self._runner = runner
        self._thread: threading.Thread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a check is going on."""
        return self._thread is not None and self._thread.is_alive()

    def watch(self, is_wanted: bool) -> None:
        """Measures for the map which term pushes how hard at the pixels, or no longer."""
        self._runner.watch_pushes(is_wanted)

    def measure(self) -> None:
        """Measures every term's gradient at the present step."""
        self._runner.measure_pushes()

    def check(self, term: str) -> None:
        """Begins to check a term's gradient, or the total's.

        Raises:
            InputError: A check is going on.
        """
        if self.is_busy:
            raise InputError("A gradient is being checked, but one check at a time is possible; wait for its end.")
        self._thread = threading.Thread(target=self._work, args=(term,), name="nst-explorer-check", daemon=True)
        self._thread.start()

    def _work(self, term: str) -> None:
        try:
            probing = self._call(lambda session: session.probe_gradient(term=term))
            while (check := self._probe(probing)) is not None:
                with self._dashboard.lock:
                    show_check(self._panel, check)
        except Exception as error:  # noqa: BLE001  the thread ends here, and whatever it was is told
            what = str(error) if isinstance(error, InputError) else describe_error(error)
            if not self._runner.is_closed:
                self._dashboard.show_error("inspect", f"The gradient could not be checked ({what}); the run goes on.")
        finally:
            with self._dashboard.lock:
                self._panel.end_check()

    @property
    def _panel(self) -> Any:
        return self._dashboard.tabs.panel(GRADIENT_TAB)

    def _probe(self, probing: "Iterator[GradientCheck]") -> "GradientCheck | None":
        return self._call(lambda _: next(probing, None))

    def _call(self, function: Any) -> Any:
        future: Future = self._runner.call(function)
        while not self._runner.is_closed:  # a closed runner leaves undone what it has not begun
            try:
                return future.result(PATIENCE_SECONDS)
            except TimeoutError:
                if future.done():
                    raise
        raise InputError("The dashboard was closed before the check was done; open another one.")
