"""Gestures that take a run along: the fold, a file, and what a saved picture offers when it is given as an image."""

from collections.abc import Mapping
from typing import Any

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.opening import Source


class SavingGestures(ExplorersGestures):
    """Callbacks of the "Save" fold."""

    @gesture("save")
    def toggle_saving(self) -> None:
        """Opens or closes the fold."""
        self._explorer.saving.toggle()

    @gesture("save")
    def save(self, kind: str, ending: str, name: str, settings: Mapping[str, Any]) -> None:
        """Writes a file of the run as it stands; the run goes on meanwhile."""
        self._explorer.saving.save(kind, ending, name, settings)

    @gesture("images")
    def use_settings(self, record: Mapping[str, Any]) -> None:
        """Begins a run of the present images with the settings of a saved picture."""
        from nst_explorer.core.records import make_recipe

        self._explorer.dashboard.images.messages.clear_note()
        self._explorer.begin_run("images", make_recipe(record["recipe"]), {})

    @gesture("images")
    def take_image(self, role: str, name: str, value: Any) -> None:
        """Begins a run with a saved picture as its image."""
        self._explorer.dashboard.images.messages.clear_note()
        self._explorer.begin_run("images", self._explorer.recipe, {role: Source(name, value)})

    @gesture("save")
    def cancel_saving(self) -> None:
        """Gives up what is being written."""
        self._explorer.saving.cancel()
