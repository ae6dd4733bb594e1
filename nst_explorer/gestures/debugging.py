"""Gestures that debug a run: breakpoints, and the learning-rate finder."""

from collections.abc import Mapping
from typing import Any

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.recipe_changes import with_setting


class DebuggingGestures(ExplorersGestures):
    """Callbacks of the Debug tab."""

    @gesture("inspect")
    def add_breakpoint(self, given: Mapping[str, Any]) -> None:
        """Sets a breakpoint."""
        self._explorer.debugging.add(given)

    @gesture("inspect")
    def remove_breakpoint(self, place: int) -> None:
        """Takes a breakpoint of the list away."""
        self._explorer.debugging.remove(place)

    @gesture("inspect")
    def find_rate(self) -> None:
        """Searches a learning rate beside the run."""
        self._explorer.debugging.find_rate()

    @gesture("inspect")
    def stop_finding_rate(self) -> None:
        """Gives the search up."""
        self._explorer.debugging.stop_finding_rate()

    @gesture("inspect")
    def use_rate(self) -> None:
        """Goes on with the learning rate that was found."""
        rate = self._explorer.debugging.suggested_rate
        if rate is not None:
            self._explorer.alter("inspect", lambda recipe: with_setting(recipe, "learning_rate", rate))
