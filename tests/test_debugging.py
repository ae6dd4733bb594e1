"""Debugging through the explorer, without a browser: breakpoints stop Play, rates are found and taken."""

from dataclasses import replace

import pytest

from nst_explorer import Explorer
from nst_explorer.debugging import NO_RUN
from nst_explorer.errors import InputError
from nst_explorer.gestures import Gestures
from nst_explorer.session.breakpoints import AtStep
from tests.explorer_fixtures import wait_until
from tests.widgets.test_effects_panel import find_html

pytestmark = pytest.mark.slow  # whole runs: seconds each

TAB = "Debug"


@pytest.fixture
def gestures(explorer, gestures) -> Gestures:
    gestures.choose_tab(TAB)
    wait_until(lambda: says(explorer, "Last stop"))
    return gestures


def says(explorer, text: str) -> bool:
    return bool(find_html(explorer.dashboard.tabs.panel(TAB), text))


def stop_at_result(explorer) -> str:
    return explorer.dashboard.result.messages._sentences.get("stop", "")


def test_play_stops_at_a_breakpoint_says_so_and_goes_on(explorer, gestures):
    gestures.add_breakpoint({"step": 3})
    assert says(explorer, "at step 3")
    gestures.play(True)
    wait_until(lambda: stop_at_result(explorer) == "Stopped at step 3, as asked.")
    assert says(explorer, "Stopped at step 3, as asked.")
    assert explorer.session.step == 3
    gestures.play(True)
    wait_until(lambda: explorer.session.step > 5)
    wait_until(lambda: stop_at_result(explorer) == "")
    gestures.play(False)


def test_a_stop_forgets_the_steps_that_were_still_to_be_taken(explorer, gestures):
    gestures.add_breakpoint({"step": 3})
    gestures.step(10)
    wait_until(lambda: stop_at_result(explorer))
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 4)
    wait_until(lambda: explorer.dashboard.result.transport._play.description == "Play")
    assert explorer.session.step == 4


def test_by_lbfgs_there_is_no_rate_to_find_and_a_run_that_finds_no_step_pauses_and_says_so(explorer, gestures):
    gestures.choose_field("optimizer", "lbfgs")
    wait_until(lambda: says(explorer, "L-BFGS has no learning rate to find"))
    explorer.alter("recipe", lambda recipe: replace(recipe, style_layers={}, variation_weight=0.0))
    gestures.play(True)  # from the content, with nothing to do but to keep it
    wait_until(lambda: stop_at_result(explorer).startswith("L-BFGS rests at step 0"))
    wait_until(lambda: explorer.dashboard.result.transport._play.description == "Play")
    assert explorer.session.step == 0


def test_breakpoints_of_a_cell_are_listed_with_the_next_step_and_can_be_removed(explorer, gestures):
    explorer.session.break_when(below=0.5)
    gestures.step(1)
    wait_until(lambda: says(explorer, "when the total falls below 0.5"))
    gestures.remove_breakpoint(0)
    assert explorer.session.breakpoints == ()
    assert not says(explorer, "when the total falls below 0.5")


def test_a_new_run_takes_the_breakpoints_over(explorer, gestures):
    gestures.add_breakpoint({"step": 2})
    first = explorer.session
    gestures.choose_image("style", "Waves")
    wait_until(lambda: explorer.session is not first)
    assert explorer.session.breakpoints == (AtStep(2),)
    gestures.play(True)
    wait_until(lambda: stop_at_result(explorer))
    assert explorer.session.step == 2


def test_what_cannot_be_a_breakpoint_is_told_beside_the_tab(explorer, gestures):
    gestures.add_breakpoint({"step": 0})
    assert "The step to break at is 0" in explorer.dashboard.inspect_messages.text


def test_before_a_run_is_open_a_breakpoint_is_refused(monkeypatch, content_image):
    def fail(*_, **__):
        raise InputError("The image is missing.")

    monkeypatch.setattr("nst_explorer.explorer.open_run", fail)
    explorer = Explorer(content_image, content_image)
    gestures = Gestures(explorer)
    wait_until(explorer._is_open.is_set)
    gestures.add_breakpoint({"step": 3})
    assert NO_RUN in explorer.dashboard.inspect_messages.text
    gestures.find_rate()
    wait_until(lambda: "No run is open yet, as the last" in explorer.dashboard.inspect_messages.text)
    explorer.close()


def test_a_number_that_is_not_finite_is_the_last_stop_and_no_breakpoint_at_the_result(explorer, gestures):
    gestures.choose_setting("learning_rate", 1e39)
    wait_until(lambda: explorer.session.recipe.optimizer.learning_rate == 1e39)
    gestures.weigh_group("style_weight", 1e30)
    gestures.choose_field("convention", "mean")
    gestures.step(3)
    wait_until(lambda: says(explorer, "is not a finite number"))
    assert stop_at_result(explorer) == ""
    assert "is not a finite number" in explorer.dashboard.result.messages.text


def test_a_rate_is_found_beside_the_run_and_taken_by_one_click(explorer, gestures):
    gestures.find_rate()
    wait_until(lambda: says(explorer, "Suggested: "))
    rate = explorer.debugging.suggested_rate
    assert explorer.session.step == 0
    assert rate is not None
    assert rate != explorer.recipe.optimizer.learning_rate
    gestures.use_rate()
    wait_until(lambda: explorer.session.recipe.optimizer.learning_rate == rate)
    wait_until(lambda: says(explorer, "in force now"))


def test_a_search_is_given_up(explorer, gestures):
    gestures.find_rate()
    gestures.stop_finding_rate()
    explorer._runner.call(lambda _: None).result(60)
    assert explorer.debugging.suggested_rate is None


def test_diagnoses_are_told_in_full_on_the_tab_and_the_harmless_ones_nowhere_else(explorer, gestures):
    wait_until(lambda: says(explorer, "The content loss is 0, and that is right"))
    assert "content loss" not in explorer.dashboard.result.messages.text


def test_while_the_tab_is_closed_nothing_of_it_is_drawn(explorer, gestures, monkeypatch):
    gestures.choose_tab("Loss")
    drawn = []
    monkeypatch.setattr(explorer.dashboard.tabs.panel(TAB), "show", drawn.append)
    gestures.step(3)
    wait_until(lambda: explorer.session.step == 3)
    gestures.go_to(1)
    wait_until(lambda: explorer.session.step == 1)
    assert drawn == []
