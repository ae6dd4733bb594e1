"""Gestures that keep recorded runs: the list, and what is done with one of its runs."""

from collections.abc import Sequence

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.recorded_runs import RecordedRuns


class KeepingGestures(ExplorersGestures):
    """Callbacks of the recorded runs."""

    @property
    def _recorded(self) -> RecordedRuns:
        self._explorer.limits.require_files()
        return self._explorer.recorded

    @gesture("runs")
    def toggle_runs(self) -> None:
        """Opens or closes the list of recorded runs."""
        self._recorded.toggle()

    @gesture("header")
    def open_run(self, identifier: str) -> None:
        """Goes on with a recorded run; the present one is kept."""
        self._recorded.open(identifier)

    @gesture("runs")
    def rename_run(self, identifier: str, name: str) -> None:
        """Gives a recorded run another name."""
        self._recorded.rename(identifier, name)

    @gesture("runs")
    def delete_run(self, identifier: str) -> None:
        """Deletes a recorded run; a person has confirmed it."""
        self._recorded.delete(identifier)

    @gesture("runs")
    def export_run(self, identifier: str, output: str) -> None:
        """Writes a copy of a recorded run."""
        self._recorded.export(identifier, output)

    @gesture("runs")
    def import_run(self, source: str) -> None:
        """Takes a run's file into the list."""
        self._recorded.import_from(source)

    @gesture("runs")
    def limit_runs(self, megabytes: float) -> None:
        """Sets how large the files of coming runs may become."""
        self._recorded.limit(megabytes)

    @gesture("runs")
    def limit_all_runs(self, megabytes: float) -> None:
        """Sets how large the files of all runs together may become."""
        self._recorded.limit_total(megabytes)

    @gesture("runs")
    def delete_runs(self, identifiers: Sequence[str]) -> None:
        """Deletes recorded runs; a person has been asked."""
        self._recorded.delete_all(identifiers)
