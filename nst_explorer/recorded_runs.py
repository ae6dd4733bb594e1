"""Recorded runs in the dashboard: every run is recorded, the last one is offered, and a list has them all.

Files are read on a thread of its own, since a disk may be slow; only a run that is opened goes to the worker.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from nst_explorer.checks import require_number
from nst_explorer.errors import InputError
from nst_explorer.opening import Run, adopt_session
from nst_explorer.session.journal.folder import find_listed_run, list_runs, locate_runs
from nst_explorer.session.journal.keeping import (
    check_run_name,
    delete_run,
    export_run,
    import_run,
    propose_file_name,
    rename_run,
)
from nst_explorer.session.journal.room import Excess, find_excess
from nst_explorer.session.journal.summaries import RunSummary, read_newest_picture
from nst_explorer.view.run_cards import RunCard, draw_run_card, format_moment
from nst_explorer.widgets.dashboard import ROLES, Dashboard
from nst_explorer.widgets.publisher import Publisher

READINGS_PER_SECOND = 4
TOTAL_MB = 2000
"""What all runs may take together until somebody sets another limit."""
OPEN_THE_LIST = "“Runs” lists them, with what may be deleted."


class RecordedRuns:
    """Records the dashboard's runs and keeps those that were recorded.

    Attributes:
        limit_mb: Of the file of a run that begins from now on.
        total_mb: Of all runs together; beyond it somebody is asked, and nothing is deleted by itself.

    Args:
        dashboard: Where they are shown.
        is_recording: Whether runs are recorded, and the last one is offered.
        limit_mb: As above.
        device: On which a run goes on.
        go_to: Makes a run the present one, opened by a function on the worker's thread.
    """

    def __init__(
        self,
        dashboard: Dashboard,
        is_recording: bool,
        limit_mb: float,
        device: str,
        go_to: Callable[[Callable[[], Run]], None],
    ) -> None:
        self.limit_mb = self._require_limit(limit_mb)
        self.total_mb: float = TOTAL_MB
        self._dashboard = dashboard
        self._is_recording = is_recording
        self._device = device
        self._go_to = go_to
        self._runs: WeakValueDictionary[Path, Run] = WeakValueDictionary()
        self._present: Path | None = None
        self._drawn: dict[tuple[Any, ...], RunCard] = {}
        self._publisher = Publisher(self._show_list, self._tell_unread, READINGS_PER_SECOND)
        if is_recording:
            threading.Thread(target=self._offer_last, name="nst-explorer-last-run", daemon=True).start()

    def follow(self, run: Run) -> Run:
        """Records a run that becomes the present one; called on the worker's thread."""
        session = run.session
        self._present = None
        if session.journal is None and self._is_recording and session.can_be_recorded:
            names = {role: run.sources[role].name for role in ROLES}
            title = " + ".join(Path(name).stem for name in names.values())
            session.start_journal(journal_mb=self.limit_mb, name=title[:100], image_names=names)
        if session.journal is not None:
            session.journal.on_trouble = self._tell_trouble
            if session.journal.trouble:
                self._tell_trouble(session.journal.trouble)
            self._present = session.journal.path
            self._runs[session.journal.path] = run
        return run

    def toggle(self) -> None:
        """Opens or closes the list."""
        panel = self._dashboard.runs
        panel.show_open(not panel.is_open, self.limit_mb, self.total_mb)
        self._refresh()

    def open(self, identifier: str) -> None:
        """Goes on with a recorded run, in the place of the present one, which is kept."""
        path = find_listed_run(identifier)
        kept = self._runs.get(path)
        self._dashboard.runs.notice.clear_note()
        self._dashboard.runs.show_open(False, self.limit_mb, self.total_mb)
        self._go_to(lambda: kept or self._open_recorded(path))

    def rename(self, identifier: str, name: str) -> None:
        """Gives a run another name, also one that is open here."""
        path = find_listed_run(identifier)
        journal = self._find_journal(path)
        if journal is not None:
            journal.write_fact("name", check_run_name(name))
            journal.flush()
        else:
            rename_run(path, name)
        self._refresh()

    def delete(self, identifier: str) -> None:
        """Deletes a run that is not the present one."""
        path = find_listed_run(identifier)
        if path == self._present:
            raise InputError(
                "This is the run that goes on here, and only another one can be deleted; begin or open another first."
            )
        journal = self._find_journal(path)
        if journal is not None:
            journal.close()
        delete_run(path)
        self._refresh()

    def delete_all(self, identifiers: Sequence[str]) -> None:
        """Deletes runs that somebody was asked about."""
        for identifier in identifiers:
            self.delete(identifier)

    def export(self, identifier: str, output: str) -> None:
        """Writes a copy of a run, also of one that is open."""
        path = find_listed_run(identifier)
        journal = self._find_journal(path)
        if journal is not None:
            journal.flush()
        written = export_run(path, output.strip())
        self._dashboard.runs.messages.show_note(f"Wrote {written}, {written.stat().st_size / 1e6:.1f} MB.")

    def import_from(self, source: str) -> None:
        """Copies a run's file into the list."""
        if not source.strip():
            raise InputError("The run to be imported has no path, but it must be that of a .nst file; type one.")
        import_run(source.strip())
        self._refresh()

    def limit(self, megabytes: float) -> None:
        """Sets the limit of the files of runs that begin from now on."""
        try:
            self.limit_mb = self._require_limit(megabytes)
        finally:
            self._dashboard.runs.show_limits(self.limit_mb, self.total_mb)

    def limit_total(self, megabytes: float) -> None:
        """Sets what all runs may take together; those that are beyond it are listed, and stay."""
        try:
            self.total_mb = require_number(
                "limit of all runs' files in MB", megabytes, "a number above 0", lambda x: x > 0, f"{TOTAL_MB}"
            )
        finally:
            self._dashboard.runs.show_limits(self.limit_mb, self.total_mb)
        self._refresh()

    def close(self) -> None:
        """Ends the recording of all runs that are open here."""
        self._publisher.close()
        for run in list(self._runs.values()):
            run.session.close()

    def _find_journal(self, path: Path) -> Any:
        run = self._runs.get(path)
        return None if run is None else run.session.journal

    def _open_recorded(self, path: Path) -> Run:
        from nst_explorer.core.quiet_loading import load_tensorflow

        self._dashboard.show_status("Loading TensorFlow …")
        load_tensorflow()
        from nst_explorer.session.session import Session

        self._dashboard.show_status("Opening the recorded run …")
        session = Session.open(path, device=self._device)
        if session.notes:
            with self._dashboard.lock:
                self._dashboard.runs.notice.show_error(" ".join(session.notes))
        return adopt_session(session)

    def _offer_last(self) -> None:
        try:
            runs = list_runs()
        except OSError:
            return  # the list says why, where somebody opens it
        last = next((run for run in runs if not (run.is_open or run.problem)), None)
        if last is None:
            return
        how = "" if last.is_closed else "; its kernel ended"
        sentence = f"Last run: “{last.name}”, {format_moment(last.touched)}, step {last.step}{how}."
        excess = find_excess(runs, self.total_mb)
        if excess is not None:
            sentence += f" {excess} {OPEN_THE_LIST}"
        with self._dashboard.lock:
            self._dashboard.runs.notice.show_note(
                sentence,
                ("Resume", lambda: self._dashboard.gestures.open_run(last.identifier)),
                ("Not now", self._dashboard.runs.notice.clear_note),
            )

    def _refresh(self) -> None:
        if self._dashboard.runs.is_open:
            self._publisher.post(True, is_urgent=True)

    def _show_list(self, _: bool) -> None:
        runs = list_runs()
        cards = [self._draw(run) for run in runs]
        count = f"{len(runs)} run{'' if len(runs) == 1 else 's'}"
        total = sum(run.megabytes for run in runs)
        room = f"{total:,.1f} MB of {self.total_mb:,.0f} MB"
        text = f"{count}, {room}, in {locate_runs()}" if runs else f"None yet in {locate_runs()}"
        with self._dashboard.lock:
            self._dashboard.runs.show(cards)
            self._dashboard.runs.show_status(text)
            self._show_excess(find_excess(runs, self.total_mb))

    def _show_excess(self, excess: Excess | None) -> None:
        room = self._dashboard.runs.room
        if excess is None:
            room.clear_note()
        elif not excess.oldest:
            room.show_note(str(excess))
        else:
            count = len(excess.oldest)
            text = "Delete the oldest run" if count == 1 else f"Delete these {count} runs"
            names = tuple(run.identifier for run in excess.oldest)
            room.show_note(str(excess), (text, lambda: self._dashboard.gestures.delete_runs(names)))

    def _draw(self, run: RunSummary) -> RunCard:
        key = (run.path, run.name, run.touched, self._tell_place(run), run.problem)
        if key not in self._drawn:
            self._drawn[key] = draw_run_card(
                run.identifier,
                run.name,
                None if run.problem else read_newest_picture(run.path),
                run.touched,
                step=run.step,
                newest=run.newest,
                total=run.total,
                size=run.size,
                network=run.network,
                branches=run.branches,
                megabytes=run.megabytes,
                place=self._tell_place(run),
                problem=run.problem.replace(f' "{run.path}"', ""),
                export_name=propose_file_name(run.name),
            )
        return self._drawn[key]

    def _tell_place(self, run: RunSummary) -> str:
        if run.path == self._present:
            return "here"
        if run.path in self._runs:
            return "kept"
        return "elsewhere" if run.is_open else "closed" if run.is_closed else "ended"

    def _tell_trouble(self, sentence: str) -> None:
        with self._dashboard.lock:
            self._dashboard.runs.notice.show_error(sentence)

    def _tell_unread(self, error: Exception) -> None:
        with self._dashboard.lock:
            self._dashboard.runs.messages.show_error(f"The recorded runs could not be read ({error}); the run goes on.")

    @staticmethod
    def _require_limit(megabytes: float) -> float:
        return require_number("limit of a run's file in MB", megabytes, "a number above 0", lambda x: x > 0, "256")
