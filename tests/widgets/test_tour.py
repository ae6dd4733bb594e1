"""The tour without a browser: six stops, each beside what it is about, forwards, backwards and out."""

import ipywidgets
import pytest

from nst_explorer.view.tour import STOPS
from nst_explorer.widgets.tour import Tour
from tests.widgets.test_controls import Calls


class ToldTour:
    """A tour of which each wish is granted, and the focus is noted."""

    def __init__(self) -> None:
        self.stops, self.declined = Calls(), Calls()
        self.tour = Tour(self._go, self.declined)
        self.targets = {name: ipywidgets.VBox() for name in self.tour.places}
        self.tour.lead_to(self.targets)

    def _go(self, stop: int) -> None:
        self.stops(stop)
        self.tour.show(stop)

    def press(self, name: str) -> None:
        """Presses the one button of that name that is to be seen."""
        roots = [self.tour.root, *self.tour.places.values()]
        seen = [root for root in roots if "nst-hidden" not in root._dom_classes]
        (button,) = [each for root in seen for each in list_buttons(root) if each.description == name]
        button.click()

    @property
    def shown(self) -> list[str]:
        return [name for name, place in self.tour.places.items() if "nst-hidden" not in place._dom_classes]

    @property
    def outlined(self) -> list[str]:
        return [name for name, target in self.targets.items() if "nst-toured" in target._dom_classes]

    @property
    def text(self) -> str:
        (place,) = self.shown
        return self.tour.places[place].children[0].value


def list_buttons(root):
    buttons = [root] if isinstance(root, ipywidgets.Button) else []
    if "nst-hidden" in root._dom_classes:
        return []
    return buttons + [each for child in getattr(root, "children", ()) for each in list_buttons(child)]


@pytest.fixture
def told() -> ToldTour:
    return ToldTour()


def test_there_are_six_stops_and_each_is_shown_alone_beside_what_is_outlined(told):
    assert len(STOPS) == 6
    told.press("Tour")
    for number, stop in enumerate(STOPS, start=1):
        assert told.shown == told.outlined == [stop.place]
        assert f"step {number} of 6: {stop.title}" in told.text
        assert 'role="status"' in told.text
        told.press("Done" if number == 6 else "Next")
    assert (told.shown, told.outlined) == ([], [])
    assert told.stops == [1, 2, 3, 4, 5, 6, 0]


def test_one_can_go_back_but_not_before_the_first(told):
    told.press("Tour")
    with pytest.raises(AssertionError):
        first = told.tour.places["images"]
        assert not next(each for each in list_buttons(first) if each.description == "Back").disabled
    told.press("Next")
    told.press("Back")
    assert told.shown == ["images"]


def test_it_can_be_left_at_any_stop_and_called_again(told):
    told.press("Tour")
    told.press("Next")
    told.press("Skip the tour")
    assert told.shown == []
    told.press("Tour")
    assert told.shown == ["images"]


def test_the_focus_goes_to_the_next_card_and_in_the_end_back_to_the_button(told, monkeypatch):
    focused = []
    monkeypatch.setattr(ipywidgets.Button, "focus", lambda button: focused.append(button.description))
    told.press("Tour")
    told.press("Next")
    told.press("Skip the tour")
    assert focused == ["Next", "Tour"]


def test_it_is_offered_in_words_and_may_be_declined(told):
    assert [each.description for each in list_buttons(told.tour.root)] == ["Tour"]
    told.tour.show_offer(True)
    assert [each.description for each in list_buttons(told.tour.root)] == ["Take the tour (6 steps)", "Not now"]
    told.press("Not now")
    assert told.declined == [()]
    told.tour.show_offer(False)
    assert [each.description for each in list_buttons(told.tour.root)] == ["Tour"]
