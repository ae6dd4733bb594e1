"""The guided tour: a card at each place that it visits, in the flow of the page, so that it never covers anything.

A card is made where it is shown, and not moved: a widget that is moved is drawn anew, and loses the focus on its way.
"""

from collections.abc import Callable, Mapping

import ipywidgets as widgets

from nst_explorer.view.tour import STOPS, write_stop
from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import make_box, make_button, make_html, set_class

OFFER = f"Take the tour ({len(STOPS)} steps)"


class Tour:
    """The buttons that begin the tour, and its cards.

    Attributes:
        root: The buttons, with the offer at first use.
        places: Where the cards stand, by name; whoever lays the dashboard out puts them there.

    Args:
        on_stop: Called with the stop to go to, from 1, or 0 when the tour is to end.
        on_decline: Called when the offer is not wanted.
    """

    def __init__(self, on_stop: Callable[[int], None], on_decline: Callable[[], None]) -> None:
        self._on_stop = on_stop
        self._stop = 0
        self._targets: Mapping[str, widgets.Widget] = {}
        self._cards: dict[str, _Card] = {}
        self.places = {stop.place: make_box("nst-tour-place nst-hidden") for stop in STOPS}
        self._begin = mark_control(make_button("Tour", lambda: on_stop(1)), "header", "Tour")
        self._greeting = make_html("New here?", "nst-tour-greeting nst-hidden")
        self._decline = make_button("Not now", on_decline, "nst-quiet nst-hidden")
        self.root = make_box("nst-tour", self._greeting, self._begin, self._decline, is_row=True)

    def lead_to(self, targets: Mapping[str, widgets.Widget]) -> None:
        """Takes what is outlined at each place."""
        self._targets = targets

    def show_offer(self, is_offered: bool) -> None:
        """Offers the tour to a person who is new here, or leaves it to the button."""
        self._begin.description = OFFER if is_offered else "Tour"
        for widget in (self._greeting, self._decline):
            set_class(widget, "nst-hidden", is_on=not is_offered)
        set_class(self.root, "nst-offered", is_on=is_offered)

    def show(self, stop: int) -> None:
        """Shows a stop, from 1, or none for 0; the focus goes with it."""
        if stop == self._stop:
            return
        before, self._stop = self._stop, stop
        if not self._cards:
            self._cards = {name: _Card(place, self._move) for name, place in self.places.items()}
        place = STOPS[stop - 1].place if stop else ""
        for name, card in self._cards.items():
            set_class(self._targets[name], "nst-toured", is_on=name == place)
            card.show(stop if name == place else 0)
        if not stop:
            self._begin.focus()
        elif before:  # at first the cards are just being drawn, and stand right after the button that was pressed
            self._cards[place].focus()

    def _move(self, stops: int | None) -> None:
        following = 0 if stops is None else self._stop + stops
        self._on_stop(following if 0 <= following <= len(STOPS) else 0)


class _Card:
    """What is said at a place, and the way on.

    Args:
        place: The box that it fills.
        on_move: Called with 1 or −1, or with None when the tour is to end.
    """

    def __init__(self, place: widgets.Box, on_move: Callable[[int | None], None]) -> None:
        self._place = place
        self._text = make_html("", "nst-tour-text")
        self._next = make_button("Next", lambda: on_move(1), "nst-primary")
        self._back = make_button("Back", lambda: on_move(-1))
        self._skip = make_button("Skip the tour", lambda: on_move(None), "nst-quiet")
        buttons = make_box("nst-tour-buttons", self._back, self._next, self._skip, is_row=True)
        place.children = (self._text, buttons)

    def show(self, stop: int) -> None:
        """Shows a stop, from 1, or nothing for 0."""
        set_class(self._place, "nst-hidden", is_on=not stop)
        if not stop:
            return
        is_last = stop == len(STOPS)
        self._text.value = write_stop(stop)
        self._back.disabled = stop == 1
        self._next.description = "Done" if is_last else "Next"
        set_class(self._skip, "nst-hidden", is_on=is_last)

    def focus(self) -> None:
        """Takes the keyboard to the way on; the page scrolls there."""
        self._next.focus()
