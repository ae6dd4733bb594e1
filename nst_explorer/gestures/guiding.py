"""Gestures of a person who is new here: the tour, and the glossary."""

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.user_folder import keep_note
from nst_explorer.view.tour import STOPS

TOUR_NOTE = "tour-offered"
"""Kept in the user's folder once the tour was begun or declined; then it is offered no more."""


class GuidingGestures(ExplorersGestures):
    """Callbacks of the tour and the glossary."""

    @gesture("header")
    def go_to_stop(self, stop: int) -> None:
        """Goes to a stop of the tour, from 1, and opens the tab it is about; 0 ends the tour."""
        self.decline_tour()
        tab = STOPS[stop - 1].tab if stop else ""
        self._explorer.look_at(tour_stop=stop, **({"tab": tab} if tab else {}))

    @gesture("header")
    def decline_tour(self) -> None:
        """Offers the tour no more."""
        keep_note(TOUR_NOTE)
        self._explorer.dashboard.tour.show_offer(False)

    @gesture("header")
    def toggle_glossary(self) -> None:
        """Opens or closes the glossary."""
        glossary = self._explorer.dashboard.glossary
        glossary.show_open(not glossary.is_open)
