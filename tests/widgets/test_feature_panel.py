"""The panel of feature maps without a browser: gestures are told, what is shown is not, and nothing is sent twice."""

import re
from typing import Any

import ipywidgets
import numpy as np
import pytest

from nst_explorer.recipe import Recipe
from nst_explorer.showing_features import show_features
from nst_explorer.view.feature_choice import FeatureChoice
from nst_explorer.widgets.feature_panel import FeaturePanel
from tests.features import Inspected, make_inspected


class Calls(list):
    """Callbacks that note what they are called with."""

    def __call__(self, *arguments):
        self.append(arguments)


def list_widgets(root: Any) -> list[Any]:
    found, waiting = [], [root]
    while waiting:
        each = waiting.pop(0)
        found.append(each)
        waiting += getattr(each, "children", ())
    return found


def find(root: Any, kind: type, description: str) -> Any:
    found = [each for each in list_widgets(root) if isinstance(each, kind) and each.description == description]
    assert len(found) == 1, (description, found)
    return found[0]


def list_tiles(root: Any) -> list[str]:
    buttons = [each for each in list_widgets(root) if isinstance(each, ipywidgets.Button)]
    return [each.description for each in buttons if each.description.startswith("Channel ")]


def find_surface(root: Any) -> Any:
    (surface,) = [each for each in list_widgets(root) if "nst-surface" in getattr(each, "_dom_classes", ())]
    return surface


@pytest.fixture
def choices() -> Calls:
    return Calls()


@pytest.fixture
def pixels() -> Calls:
    return Calls()


@pytest.fixture
def panel(choices, pixels) -> FeaturePanel:
    return FeaturePanel(choices, pixels)


def show(panel: FeaturePanel, inspected: Inspected, choice: FeatureChoice | None = None) -> None:
    show_features(panel, inspected, choice or FeatureChoice(), is_playing=False)


def test_each_tile_has_a_sentence_with_its_own_numbers_in_the_place_of_its_button(panel):
    inspected = make_inspected(channels=100)
    inspected.maps["generated"][..., 70] = 0.25
    show(panel, inspected, FeatureChoice(page=1))
    (line,) = [each for each in list_widgets(panel.root) if "nst-tile-sentences" in getattr(each, "_dom_classes", ())]
    sentences = re.findall(r"<span>(.*?)</span>", line.value)
    assert len(sentences) == len(list_tiles(panel.root)) == 36
    assert sentences[6].startswith("<b>Channel 70</b>: mean 0.250, ")
    assert "of the style term" in sentences[6]


def test_a_page_has_a_named_button_for_each_channel(panel):
    inspected = make_inspected(channels=100)
    inspected.maps["generated"][..., 7] = 0
    show(panel, inspected)
    names = list_tiles(panel.root)
    assert len(names) == 64
    assert names[7] == "Channel 7, dead"
    assert names[63] == "Channel 63"
    show(panel, inspected, FeatureChoice(page=1))
    assert list_tiles(panel.root) == [f"Channel {channel}" for channel in range(64, 100)]


def test_a_click_on_a_tile_tells_its_channel_also_on_another_page_and_in_another_order(panel, choices):
    inspected = make_inspected(channels=100)
    inspected.maps["generated"][..., 90] += 9
    show(panel, inspected, FeatureChoice(order="mean"))
    find(panel.root, ipywidgets.Button, list_tiles(panel.root)[0]).click()
    show(panel, inspected, FeatureChoice(page=1))
    find(panel.root, ipywidgets.Button, "Channel 66").click()
    assert choices == [("channel", 90), ("channel", 66)]


def test_the_chosen_tile_is_marked_and_no_other(panel):
    inspected = make_inspected(channels=16)
    for channel in (3, 5):
        show(panel, inspected, FeatureChoice(channel=channel))
        marked = [
            each.description for each in list_widgets(panel.root) if "nst-chosen" in getattr(each, "_dom_classes", ())
        ]
        assert marked == [f"Channel {channel}"]


def test_controls_tell_the_field_and_its_value(panel, choices):
    show(panel, make_inspected(channels=100))
    find(panel.root, ipywidgets.RadioButtons, "Maps of").value = "style"
    find(panel.root, ipywidgets.Dropdown, "Sorted by").value = "variance"
    find(panel.root, ipywidgets.RadioButtons, "Color scale").value = "shared"
    find(panel.root, ipywidgets.Button, "Next channels").click()
    find(panel.root, ipywidgets.IntText, "Channel").value = 12
    find(panel.root, ipywidgets.Checkbox, "Overlay").value = True
    assert choices == [
        ("of", "style"),
        ("order", "variance"),
        ("scale", "shared"),
        ("page", 1),
        ("channel", 12),
        ("is_overlaid", True),
    ]


def test_the_first_page_has_none_before_and_the_last_none_after(panel):
    inspected = make_inspected(channels=100)
    before, after = (find(panel.root, ipywidgets.Button, f"{name} channels") for name in ("Previous", "Next"))
    show(panel, inspected)
    assert (before.disabled, after.disabled) == (True, False)
    show(panel, inspected, FeatureChoice(page=1))
    assert (before.disabled, after.disabled) == (False, True)


def test_showing_calls_nobody_back(panel, choices, pixels):
    for choice in (
        FeatureChoice(),
        FeatureChoice("difference", "contribution", "shared", 1, 70, (0.9, 0.1), True),
        FeatureChoice(channel=99),
    ):
        for channels, size in ((100, (12, 16)), (16, (1, 1))):
            show(panel, make_inspected(channels=channels, size=size), choice)
    assert (choices, pixels) == ([], [])


def test_a_value_is_pointed_at_by_mouse_or_by_number(panel, pixels):
    show(panel, make_inspected(size=(12, 16)))
    surface = find_surface(panel.root)
    assert (surface.width, surface.height) == (16, 12)
    surface._mouse_move_callbacks(9.7, 4.2)
    find(panel.root, ipywidgets.IntText, "Row").value = 11
    find(panel.root, ipywidgets.IntText, "Column").value = 2
    # Neither is shown until whoever listens shows it: row 6 and column 8 are the middle.
    assert pixels == [(4, 9), (11, 8), (6, 2)]


def test_a_number_beyond_the_map_is_shown_as_the_one_that_is_used(panel, pixels):
    inspected = make_inspected(channels=16)
    show(panel, inspected)
    field = find(panel.root, ipywidgets.IntText, "Channel")
    field.value = 999
    show(panel, inspected, FeatureChoice(channel=999))
    assert field.value == 15


def test_when_nothing_changed_nothing_is_sent(panel):
    inspected = make_inspected(channels=100)
    show(panel, inspected)
    sent = Calls()
    for widget in list_widgets(panel.root):
        widget.observe(sent)
    show(panel, inspected)
    assert sent == []


def test_of_channels_that_stay_no_button_is_sent_anew(panel):
    show(panel, make_inspected(seed=1))
    sent = Calls()
    for widget in list_widgets(panel.root):
        if isinstance(widget, ipywidgets.Button):
            widget.observe(sent)
    show(panel, make_inspected(seed=2))
    assert sent == []


def test_few_channels_need_few_buttons_and_fill_their_rows(panel):
    show(panel, make_inspected(channels=42))
    (hits,) = [each for each in list_widgets(panel.root) if "nst-hits" in getattr(each, "_dom_classes", ())]
    assert len(hits.children) == 48
    assert sum(isinstance(each, ipywidgets.Button) for each in hits.children) == 42


def test_the_picture_shown_is_the_one_the_maps_were_computed_of(panel):
    inspected = make_inspected()
    inspected.style = np.zeros((80, 40, 3), np.float32)
    shown = {}
    for of in ("generated", "style"):
        show(panel, inspected, FeatureChoice(of=of))
        (picture,) = [
            each for each in list_widgets(panel.root) if "nst-close-picture" in getattr(each, "_dom_classes", ())
        ]
        shown[of] = picture.value
    assert shown["generated"] != shown["style"]
    assert inspected.recipe == Recipe()
