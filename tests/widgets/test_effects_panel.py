"""The layer effects' panel without a browser: what it asks for, and what it sends."""

from dataclasses import replace

import ipywidgets
import pytest

from nst_explorer.view.side_cards import SideCard
from nst_explorer.widgets.effects_panel import NOTHING_YET, EffectsPanel
from tests.widgets.test_controls import Calls, find

CARD = SideCard("content weight × 3", b"picture", "jpeg", "step 4 of 9", "0.0321", "", True)


@pytest.fixture
def calls() -> dict[str, Calls]:
    return {name: Calls() for name in ("reconstruct", "texture", "all", "compare", "stop", "lead")}


@pytest.fixture
def panel(calls) -> EffectsPanel:
    return EffectsPanel(*calls.values())


def find_html(panel, text: str) -> list[ipywidgets.HTML]:
    found, waiting = [], [panel.root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ipywidgets.HTML) and text in each.value:
            found.append(each)
        waiting += getattr(each, "children", ())
    return found


def press(panel, name: str) -> None:
    find(panel.root, ipywidgets.Button, name).click()


def test_every_button_asks_for_its_own_thing(panel, calls):
    press(panel, "Reconstruct content from this layer")
    press(panel, "Texture up to this layer")
    press(panel, "All five: content")
    press(panel, "All five: style")
    find(panel.root, ipywidgets.Dropdown, "Compare").value = "style layers cumulatively"
    press(panel, "Start")
    assert calls["reconstruct"] == calls["texture"] == [()]
    assert calls["all"] == ["content", "style"]
    assert calls["compare"] == ["style layers cumulatively"]


def test_without_side_runs_it_says_what_to_do_and_there_is_nothing_to_stop(panel, calls):
    panel.show("block3_conv2", [], is_advancing=False)
    assert find_html(panel, NOTHING_YET)
    assert find_html(panel, "<b>block3_conv2</b>")
    assert find(panel.root, ipywidgets.Button, "Stop").disabled
    panel.show("block3_conv2", [CARD], is_advancing=True)
    assert not find_html(panel, NOTHING_YET)
    press(panel, "Stop")
    assert calls["stop"] == [()]


def test_each_card_is_named_and_one_click_from_leading(panel, calls):
    panel.show("block3_conv2", [CARD, replace(CARD, name="content weight × 10", can_lead=False)], is_advancing=True)
    press(panel, "Make this the main run: content weight × 3")
    assert calls["lead"] == [0]
    assert find(panel.root, ipywidgets.Button, "main run: content weight × 10").disabled
    assert find_html(panel, "<span>step 4 of 9</span> <span>total 0.0321</span>")


def test_a_card_that_has_become_the_main_run_says_so_and_keeps_its_button_in_reach_of_the_keyboard(panel):
    panel.show("block3_conv2", [CARD], is_advancing=True)
    button = find(panel.root, ipywidgets.Button, "Make this the main run: content weight × 3")
    panel.show("block3_conv2", [replace(CARD, can_lead=False, is_main=True)], is_advancing=True)
    assert button.description == "This is the main run: content weight × 3"
    assert not button.disabled


def test_a_card_that_is_the_same_sends_nothing(panel):
    panel.show("block3_conv2", [CARD], is_advancing=True)
    sent = Calls()
    waiting = [panel.root]
    while waiting:
        each = waiting.pop()
        each.observe(sent)
        waiting += getattr(each, "children", ())
    panel.show("block3_conv2", [CARD], is_advancing=True)
    assert sent == []
    panel.show("block3_conv2", [replace(CARD, picture=b"another")], is_advancing=True)
    assert [change["name"] for change in sent] == ["value"]


def test_fewer_side_runs_leave_no_old_card_behind(panel):
    panel.show("block3_conv2", [CARD, replace(CARD, name="second")], is_advancing=True)
    panel.show("block3_conv2", [replace(CARD, name="third")], is_advancing=True)
    assert not find_html(panel, "second")
    assert find_html(panel, "third")


def test_a_failure_is_told_and_escaped(panel):
    panel.show("block3_conv2", [replace(CARD, failure="The loss is <b>not</b> a number.")], is_advancing=False)
    (text,) = find_html(panel, 'role="alert"')
    assert "Ended: The loss is &lt;b&gt;not" in text.value
