"""Layer effects without a browser: side runs develop in their tab, and one of them can become the main run."""

import ipywidgets
import numpy as np
import pytest

from tests.explorer_fixtures import wait_until
from tests.widgets.test_effects_panel import find_html

pytestmark = pytest.mark.slow  # whole runs: seconds each

TAB = "Layer effects"


def panel_of(explorer):
    return explorer.dashboard.tabs.panel(TAB)


def step_of(explorer, place: int) -> int:
    return explorer.effects.moment.runs[place].step


def list_pictures(explorer) -> list[ipywidgets.Image]:
    found, waiting = [], [panel_of(explorer).root]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, ipywidgets.Image):
            found.append(each)
        waiting += getattr(each, "children", ())
    return found


def test_all_five_develop_in_their_tab_and_the_main_run_stays(explorer, gestures, content_image):
    gestures.choose_tab(TAB)
    gestures.show_all_five("content")
    wait_until(lambda: [picture.tooltip for picture in list_pictures(explorer) if picture.value][4:])
    assert [picture.tooltip for picture in list_pictures(explorer)] == [
        f"block{block}_conv2 alone" for block in range(1, 6)
    ]
    gestures.stop_side_runs()
    wait_until(lambda: all(picture.format == "png" for picture in list_pictures(explorer)))
    assert explorer.session.step == 0
    np.testing.assert_array_equal(explorer.session.image, content_image)


def test_the_chosen_layer_is_named_and_reconstructed(explorer, gestures):
    gestures.choose_tab(TAB)
    gestures.choose_layer("block2_conv2")
    wait_until(lambda: find_html(panel_of(explorer), "<b>block2_conv2</b>"))
    gestures.reconstruct_layer()
    wait_until(lambda: find_html(panel_of(explorer), "<b>block2_conv2 alone</b><p><span>step"))
    gestures.choose_layer("block3_conv4")
    gestures.make_texture()
    wait_until(lambda: find_html(panel_of(explorer), "<b>texture of blocks 1–3</b><p><span>step"))
    gestures.stop_side_runs()


def test_a_side_run_becomes_the_main_run_and_the_old_one_can_be_gone_back_to(explorer, gestures, recipe):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    first = explorer.session
    gestures.choose_tab(TAB)
    gestures.compare("content weight")
    wait_until(lambda: find_html(panel_of(explorer), "<b>content weight × 10</b><p><span>step "))
    gestures.lead_with(4)
    wait_until(lambda: explorer.session is not first)
    leader = explorer.session
    assert leader.recipe.content_weight == 10 * recipe.content_weight
    wait_until(lambda: explorer.earlier == (first,))
    assert explorer.recipe == leader.recipe
    assert "kept at step 2" in explorer.dashboard.header.messages.text
    wait_until(lambda: find_html(panel_of(explorer), "is the main run now"))
    step, others = leader.step, step_of(explorer, 3)
    gestures.step(1)  # the buttons drive it now
    wait_until(lambda: leader.step == step + 1)
    wait_until(lambda: step_of(explorer, 3) > others + 3)
    assert leader.step == step + 1
    button = explorer.dashboard.header.messages.root.children[-1].children[1].children[0]
    button.click()
    wait_until(lambda: explorer.session is first)
    gestures.stop_side_runs()


def test_other_images_end_the_side_runs(explorer, gestures):
    gestures.choose_tab(TAB)
    gestures.compare("style layers one by one")
    wait_until(lambda: find_html(panel_of(explorer), "all 5 style layers</b><p><span>step"))
    gestures.choose_image("style", "Waves")
    wait_until(lambda: find_html(panel_of(explorer), "No side run yet") or explorer.dashboard.images.messages.text)
    assert explorer.dashboard.images.messages.text == ""
    assert list_pictures(explorer) == []


def test_what_cannot_be_compared_is_told_beside_the_tabs(explorer, gestures):
    gestures.choose_tab(TAB)
    gestures.weigh_group("content_weight", 0.0)
    gestures.compare("content weight")
    assert "no content to weigh" in explorer.dashboard.inspect_messages.text


def test_while_its_tab_is_closed_nothing_of_it_is_drawn(explorer, gestures, monkeypatch):
    drawn = []
    monkeypatch.setattr("nst_explorer.layer_effects._draw_run", lambda *key: drawn.append(key))
    gestures.show_all_five("style")
    wait_until(lambda: explorer.effects.moment.runs and step_of(explorer, 0) > 2)
    gestures.stop_side_runs()
    assert drawn == []
