"""The tabs "Gradient" and "One step" without a browser, on a real run."""

import ipywidgets
import numpy as np
import pytest

from nst_explorer import Session
from tests.explorer_fixtures import wait_until
from tests.test_explorer import map_of
from tests.widgets.test_effects_panel import find_html
from tests.widgets.test_feature_panel import find, find_surface

pytestmark = pytest.mark.slow  # whole runs: seconds each


def panel_of(explorer, tab: str):
    return explorer.dashboard.tabs.panel(tab)


def note_gradients(monkeypatch) -> list[str | None]:
    """Returns a list that grows by the term of each gradient that is computed."""
    asked, gradient = [], Session.gradient

    def note(session, term=None):
        asked.append(term)
        return gradient(session, term)

    monkeypatch.setattr(Session, "gradient", note)
    return asked


def test_the_open_tab_follows_the_run_and_a_closed_one_measures_nothing(explorer, gestures, monkeypatch):
    asked = note_gradients(monkeypatch)
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 1)
    assert asked == []
    gestures.choose_tab("Gradient")
    panel = panel_of(explorer, "Gradient")
    wait_until(lambda: find_html(panel, "Measured at step 1."))
    gestures.step(1)
    wait_until(lambda: find_html(panel, "Measured at step 2."))
    gestures.choose_tab("Loss")
    count = len(asked)
    gestures.step(2)
    wait_until(lambda: find_html(explorer.dashboard.loss, "term at step 4"))
    assert len(asked) == count


def test_map_and_tab_share_one_measurement(explorer, gestures):
    gestures.choose_shares("push")
    gestures.choose_tab("Gradient")
    panel = panel_of(explorer, "Gradient")
    wait_until(lambda: find_html(panel, "Measured at step 0."))
    gestures.choose_tab("Loss")
    gestures.step(1)
    wait_until(lambda: "push at step 1" in map_of(explorer))


def test_term_and_pixel_are_chosen_and_the_run_stays(explorer, gestures):
    gestures.choose_tab("Gradient")
    panel = panel_of(explorer, "Gradient")
    wait_until(lambda: find_html(panel, "Measured at step 0."))
    find(panel.root, ipywidgets.Dropdown, "Term").value = "style/block2_conv1"
    wait_until(lambda: find_html(panel, "−∇ of <b>style block2_conv1</b>"))
    find_surface(panel.root)._mouse_move_callbacks(5.0, 9.0)
    wait_until(lambda: find_html(panel, "−∇ at x 5, y 9"))
    assert explorer.selection.gradient.term == "style/block2_conv1"
    assert explorer.session.step == 0


def test_while_it_plays_a_person_can_ask_for_the_present_step(explorer, gestures):
    gestures.choose_tab("Gradient")
    panel = panel_of(explorer, "Gradient")
    wait_until(lambda: find_html(panel, "Measured at step 0."))
    gestures.play(True)
    wait_until(lambda: explorer.session.step > 2)
    find(panel.root, ipywidgets.Button, "Measure now").click()
    wait_until(lambda: find_html(panel, "Measured at step ") and not find_html(panel, "Measured at step 0"))
    gestures.play(False)


def test_the_gradient_is_checked_beside_the_run_which_stays_as_it_is(explorer, gestures):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    gestures.choose_tab("Gradient")
    panel = panel_of(explorer, "Gradient")
    wait_until(lambda: find_html(panel, "Measured at step 2."))
    before = explorer.session.image
    button = find(panel.root, ipywidgets.Button, "Check the gradient")
    button.click()
    gestures.check_gradient("total")
    assert "one check at a time" in explorer.dashboard.inspect_messages.text
    wait_until(lambda: find_html(panel, "<b>They agree:</b> the gradient of total at step 2"))
    wait_until(lambda: not button.disabled)
    np.testing.assert_array_equal(explorer.session.image, before)


def test_a_check_that_fails_says_so_and_another_can_begin(explorer, gestures, monkeypatch):
    def break_down(session, **options):
        raise ZeroDivisionError("nobody saw this coming")

    monkeypatch.setattr(Session, "probe_gradient", break_down)
    gestures.choose_tab("Gradient")
    gestures.check_gradient("total")
    wait_until(lambda: "nobody saw this coming" in explorer.dashboard.inspect_messages.text)
    monkeypatch.undo()
    wait_until(lambda: not explorer.checking.is_busy)
    gestures.check_gradient("variation")
    wait_until(lambda: find_html(panel_of(explorer, "Gradient"), "gradient of variation at step 0"))


def test_one_step_is_walked_through_and_then_taken(explorer, gestures):
    gestures.choose_tab("One step")
    panel = panel_of(explorer, "One step")
    wait_until(lambda: find_html(panel, "Stage 1 of 5: Features"))
    assert find_html(panel, "from step 0 to step 1")
    gestures.choose_layer("block1_conv1")
    wait_until(lambda: find_html(panel, "In <b>block1_conv1</b>"))
    for number, stage in enumerate(("Grams", "Losses", "Gradient", "Update"), 2):
        find(panel.root, ipywidgets.Button, "Next stage").click()
        wait_until(lambda number=number, stage=stage: find_html(panel, f"Stage {number} of 5: {stage}"))
    assert find_html(panel, "The total goes from")
    foretold = explorer.session.foretell_update().after
    gestures.step(1)
    wait_until(lambda: find_html(panel, "from step 1 to step 2"))
    np.testing.assert_array_equal(explorer.session.image, foretold)
    gestures.play(True)
    wait_until(lambda: explorer.session.step > 5)
    wait_until(lambda: not find_html(panel, "The total goes from"))
    gestures.play(False)
    wait_until(lambda: find_html(panel, "The total goes from"))
    assert find_html(panel, f"from step {explorer.session.step} to")
