"""Widgets without a browser: gestures are told, shown values are not, and messages are escaped."""

import threading
import time
from typing import Any

import ipywidgets
import pytest

from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.recipe import Recipe
from nst_explorer.widgets.header import Header
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import Control
from nst_explorer.widgets.publisher import Publisher
from nst_explorer.widgets.recipe_panel import RecipePanel
from nst_explorer.widgets.transport import Transport
from nst_explorer.widgets.weight_row import WeightRow


class Calls(list):
    """Callbacks that note what they are called with."""

    def __call__(self, *arguments):
        self.append(arguments if len(arguments) != 1 else arguments[0])


def find(root: Any, kind: type, description: str) -> Any:
    """The one control of that kind whose description ends so."""
    found: list[Any] = []
    waiting: list[Any] = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, kind) and str(getattr(each, "description", "")).endswith(description):
            found.append(each)
        waiting += getattr(each, "children", ())
    assert len(found) == 1, (description, found)
    return found[0]


def test_a_shown_value_is_not_a_gesture():
    calls, widget = Calls(), ipywidgets.FloatText(value=1.0)
    control = Control(widget, calls)
    control.show(2.0)
    assert calls == []
    widget.value = 3.0
    assert calls == [3.0]
    control.show(2.0)  # the gesture was refused, and the old value is shown again
    assert widget.value == 2.0
    assert calls == [3.0]


def test_other_options_are_not_a_gesture():
    calls, widget = Calls(), ipywidgets.Dropdown(options=[("a", 1), ("b", 2)], value=1)
    control = Control(widget, calls)
    control.show_options([("b", 2), ("c", 3)], 3)
    assert (widget.value, calls) == (3, [])
    widget.value = 2
    assert calls == [2]


def test_a_weights_slider_and_number_follow_each_other_and_tell_once():
    calls = Calls()
    row = WeightRow("block1_conv1", "Style weight of ", 1.0, calls)
    slider, number = find(row.root, ipywidgets.FloatLogSlider, ""), find(row.root, ipywidgets.FloatText, "block1_conv1")
    number.value = 3.0
    assert slider.value == pytest.approx(3.0)
    slider.value = 3.02  # what the browser sends back of 3, rounded to the slider's steps
    assert calls == [3.0]
    slider.value = 30.0
    assert (number.value, calls) == (30.0, [3.0, 30.0])


def test_a_weight_beyond_the_slider_is_at_its_end():
    calls = Calls()
    row = WeightRow("Style weight", "", 1.0, calls)
    slider = find(row.root, ipywidgets.FloatLogSlider, "")
    row.show(1e9)
    assert slider.value == pytest.approx(10**slider.max)
    row.show(0.0)
    assert slider.value == pytest.approx(10**slider.min)
    assert calls == []


def test_the_recipe_panel_has_a_row_for_every_layer_in_use_and_no_other():
    panel = RecipePanel(Calls(), Calls(), Calls(), Calls())
    panel.show(Recipe(style_layers={"block2_conv2": 4.0}, content_layers={}))
    assert find(panel.root, ipywidgets.FloatText, "block2_conv2").value == 4.0
    with pytest.raises(AssertionError):
        find(panel.root, ipywidgets.FloatText, "block1_conv1")


def test_the_recipe_panel_tells_what_was_changed():
    weights, layers, settings, choices = Calls(), Calls(), Calls(), Calls()
    panel = RecipePanel(weights, layers, settings, choices)
    find(panel.root, ipywidgets.FloatText, "Style weight").value = 2.0
    find(panel.root, ipywidgets.FloatText, "block1_conv1").value = 5.0
    find(panel.root, ipywidgets.FloatText, "Learning rate").value = -1.0
    find(panel.root, ipywidgets.Dropdown, "Pooling").value = "max"
    assert weights == [("style_weight", 2.0)]
    assert layers == [("style", "block1_conv1", 5.0)]
    assert settings == [("learning_rate", -1.0)]
    find(panel.root, ipywidgets.Dropdown, "Precision").value = "bfloat16"
    assert choices == [("pooling", "max"), ("precision", "bfloat16")]


def test_the_recipe_panel_shows_the_settings_of_the_optimizer_in_force():
    settings = Calls()
    panel = RecipePanel(Calls(), Calls(), settings, Calls())
    rate = find(panel.root, ipywidgets.FloatText, "Learning rate")
    pairs = find(panel.root, ipywidgets.IntText, "Pairs m")
    assert find(panel.root, ipywidgets.Dropdown, "Optimizer").options == ("adam", "lbfgs")
    assert ("nst-hidden" in rate._dom_classes, "nst-hidden" in pairs._dom_classes) == (False, True)
    panel.show(Recipe(optimizer=LBFGS(history=7)))
    assert ("nst-hidden" in rate._dom_classes, "nst-hidden" in pairs._dom_classes) == (True, False)
    assert pairs.value == 7
    pairs.value = 9
    assert settings == [("history", 9)]
    panel.show(Recipe())
    assert ("nst-hidden" in rate._dom_classes, "nst-hidden" in pairs._dom_classes) == (False, True)


def test_the_header_names_the_preset_or_calls_it_custom():
    header = Header(*(Calls() for _ in range(7)))
    preset = find(header.root, ipywidgets.Dropdown, "Preset")
    header.show(Recipe(size=128, weights="random:3"))
    assert preset.value == "explorer"
    header.show(Recipe(optimizer=Adam(learning_rate=0.5)))
    assert preset.value == "custom"


def test_the_header_shows_the_device_and_the_precision_of_the_recipe():
    header = Header(*(Calls() for _ in range(7)))
    header.show_device("CPU, <2> cores", "")
    header.show(Recipe(precision="bfloat16"))
    facts = str(header._device.value)
    assert "bfloat16" in facts
    assert "CPU, &lt;2&gt; cores" in facts
    assert find(header.root, ipywidgets.Dropdown, "Preset").value == "explorer"


def test_the_header_shows_networks_that_are_not_in_its_list():
    networks = Calls()
    header = Header(networks, *(Calls() for _ in range(6)))
    dropdown, file = (
        find(header.root, ipywidgets.Dropdown, "Network"),
        find(header.root, ipywidgets.Text, "Weights file"),
    )
    header.show(Recipe(weights="random:7"))
    assert dropdown.value == "random:7"
    header.show(Recipe(weights="my.npz"))
    assert (dropdown.value, file.value) == ("file", "my.npz")
    assert networks == []
    file.value = "other.h5"
    assert networks == ["other.h5"]


def test_the_transport_shows_where_the_run_stands():
    plays, steps, goes = Calls(), Calls(), Calls()
    transport = Transport(plays, steps, goes, Calls())
    transport.show(4, 9, is_playing=True)
    number = find(transport.root, ipywidgets.IntText, "Step")
    assert (number.value, find(transport.root, ipywidgets.IntSlider, "").max) == (4, 9)
    find(transport.root, ipywidgets.Button, "Pause").click()
    find(transport.root, ipywidgets.Button, "Step back").click()
    find(transport.root, ipywidgets.Button, "+10").click()
    number.value = 7
    assert (plays, steps, goes) == ([False], [10], [3, 7])
    transport.show(0, 0, is_playing=False)  # a new run is shorter than the last
    assert (number.value, goes) == (0, [3, 7])


def test_a_message_is_escaped_and_has_a_role():
    bar = MessageBar()
    bar.show_error('The image "<img src=x onerror=alert(1)>" does not exist.')
    html = bar.root.children[0].children[0].value
    assert "<img" not in html
    assert 'role="alert"' in html
    bar.show_note("A note.")
    assert len(bar.root.children) == 2
    find(bar.root, ipywidgets.Button, "Dismiss").click()
    assert "does not exist" not in bar.text
    bar.clear_note()
    assert bar.root.children == ()


def test_an_error_offers_what_helps_before_it_can_be_dismissed():
    bar, remedies = MessageBar(), Calls()
    shared = ipywidgets.Button(description="Shared", disabled=True)
    bar.show_error("It failed.", ("Try again", lambda: remedies("again")), shared)
    buttons = bar.root.children[0].children[1].children
    assert [button.description for button in buttons] == ["Try again", "Shared", "Dismiss"]
    buttons[0].click()
    assert remedies == ["again"]
    assert buttons[1].disabled
    buttons[2].click()
    assert bar.root.children == ()


def test_the_publisher_shows_the_newest_and_always_the_last():
    shown, first, hold = [], threading.Event(), threading.Event()

    def show(post):
        shown.append(post)
        first.set()
        hold.wait(10)

    publisher = Publisher(show, on_error=shown.append, rate=1000)
    publisher.post(0)
    assert first.wait(10)
    for post in range(1, 50):
        publisher.post(post)
    hold.set()
    wait_until(lambda: len(shown) == 2)
    publisher.close()
    assert shown == [0, 49]


def test_what_a_person_waits_for_does_not_wait_for_its_turn():
    shown = []
    publisher = Publisher(shown.append, on_error=shown.append, rate=0.001)
    publisher.post(0)
    wait_until(lambda: shown == [0])
    publisher.post(1)
    publisher.post(2, is_urgent=True)
    wait_until(lambda: shown == [0, 2])
    publisher.close()


def test_a_slow_drawing_is_followed_by_a_rest_that_keeps_to_its_share():
    begun = []

    def show(post):
        begun.append(time.monotonic())
        time.sleep(0.05)

    publisher = Publisher(show, on_error=begun.append, rate=1000, share=0.2)
    publisher.post(0)
    wait_until(lambda: begun)
    publisher.post(1)
    wait_until(lambda: len(begun) == 2)
    publisher.close()
    assert begun[1] - begun[0] >= 0.25


def test_a_drawing_that_fails_is_told_and_the_next_is_drawn():
    errors, shown = [], []

    def show(post):
        if post == "bad":
            raise ValueError("cannot be drawn")
        shown.append(post)

    publisher = Publisher(show, on_error=errors.append, rate=1000)
    publisher.post("bad")
    wait_until(lambda: errors)
    publisher.post("good")
    wait_until(lambda: shown)
    publisher.close()
    assert [str(error) for error in errors] == ["cannot be drawn"]
    assert shown == ["good"]


def wait_until(is_so, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.005)
    assert is_so()


def test_the_header_offers_the_scales_that_the_size_allows_and_tells_what_was_chosen():
    chosen = Calls()
    header = Header(Calls(), Calls(), chosen, *(Calls() for _ in range(4)))
    header.show(Recipe(size=256))
    scales = find(header.root, ipywidgets.Dropdown, "Scales")
    details = find(header.root, ipywidgets.Dropdown, "Growth"), find(header.root, ipywidgets.IntText, "Steps a scale")
    labels = [" ".join(label.split()) for label, _ in scales.options]
    assert labels == ["1", "2 128, 256 px", "3 64, 128, 256 px", "4 32, 64, 128, 256 px"]
    assert all("nst-hidden" in each._dom_classes for each in details)
    header.show(Recipe(size=256, scales=5, scale_factor=1.414, scale_steps=20))
    assert scales.options[4][0].split() == ["5", "64,", "91,", "128,", "181,", "256", "px"]
    assert not any("nst-hidden" in each._dom_classes for each in details)
    assert chosen == []
    scales.value, details[0].value, details[1].value = 2, 2.0, 40
    assert chosen == [("scales", 2), ("scale_factor", 2.0), ("scale_steps", 40)]
