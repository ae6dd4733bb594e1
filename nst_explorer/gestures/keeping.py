"""Gestures that keep recorded runs: the list, and what is done with one of its runs."""

from collections.abc import Sequence

from nst_explorer.gestures.guard import ExplorersGestures, gesture


class KeepingGestures(ExplorersGestures):
    """Callbacks of the recorded runs."""

    @gesture("runs")
    def toggle_runs(self) -> None:
        """Opens or closes the list of recorded runs."""
        self._explorer.recorded.toggle()

    @gesture("header")
    def open_run(self, identifier: str) -> None:
        """Goes on with a recorded run; the present one is kept."""
        self._explorer.recorded.open(identifier)

    @gesture("runs")
    def rename_run(self, identifier: str, name: str) -> None:
        """Gives a recorded run another name."""
        self._explorer.recorded.rename(identifier, name)

    @gesture("runs")
    def delete_run(self, identifier: str) -> None:
        """Deletes a recorded run; a person has confirmed it."""
        self._explorer.recorded.delete(identifier)

    @gesture("runs")
    def export_run(self, identifier: str, output: str) -> None:
        """Writes a copy of a recorded run."""
        self._explorer.recorded.export(identifier, output)

    @gesture("runs")
    def import_run(self, source: str) -> None:
        """Takes a run's file into the list."""
        self._explorer.recorded.import_from(source)

    @gesture("runs")
    def limit_runs(self, megabytes: float) -> None:
        """Sets how large the files of coming runs may become."""
        self._explorer.recorded.limit(megabytes)

    @gesture("runs")
    def limit_all_runs(self, megabytes: float) -> None:
        """Sets how large the files of all runs together may become."""
        self._explorer.recorded.limit_total(megabytes)

    @gesture("runs")
    def delete_runs(self, identifiers: Sequence[str]) -> None:
        """Deletes recorded runs; a person has been asked."""
        self._explorer.recorded.delete_all(identifiers)
