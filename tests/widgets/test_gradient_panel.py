"""The tabs of gradients and of one step without a browser: gestures are told, what is shown is not."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import ipywidgets
import numpy as np
import pytest

from nst_explorer.core.updates import Search
from nst_explorer.recipe import Recipe
from nst_explorer.session.gradient_check import GradientCheck, Probe
from nst_explorer.session.one_step import OneStep, Update
from nst_explorer.session.optimizer_state import Memory, StateView
from nst_explorer.session.pushes import Pushes
from nst_explorer.showing_gradient import show_check, show_gradient, write_verdict
from nst_explorer.showing_one_step import STAGE_VIEWS, show_one_step
from nst_explorer.view.gradient_choice import GradientChoice
from nst_explorer.view.stage_view import STAGES
from nst_explorer.widgets.gradient_panel import GradientPanel
from nst_explorer.widgets.one_step_panel import OneStepPanel
from tests.features import make_inspected
from tests.widgets.test_effects_panel import find_html
from tests.widgets.test_feature_panel import Calls, find, find_surface, list_widgets

HEIGHT, WIDTH = 12, 16


def make_update(step: int = 5) -> Update:
    random = np.random.default_rng(step)
    before, after = random.random((2, HEIGHT, WIDTH, 3), dtype=np.float32)
    memories = (Memory("mean", "m̂", after - 0.5, is_signed=True), Memory("root", "√v̂", after, is_signed=False))
    state = StateView("Adam", "−α · m̂", (after - before) * 2, memories, (("update number t", 5.0),), "It averages.")
    return Update(step, before, after, state, (0.0, 1.0))


def make_pushes(recipe: Recipe, step: int = 4) -> Pushes:
    random = np.random.default_rng(step)
    gradients = {term: random.standard_normal((HEIGHT, WIDTH, 3)).astype(np.float32) for term in recipe.term_weights}
    total = np.sum(list(gradients.values()), axis=0)
    record = cast(Any, SimpleNamespace(step=step, recipe=recipe))  # what is drawn of a record
    return Pushes(record, gradients, total, make_update(step + 1))


@pytest.fixture
def pushes() -> Pushes:
    return make_pushes(Recipe())


@pytest.fixture
def calls() -> dict[str, Calls]:
    return {name: Calls() for name in ("choice", "measure", "check", "stage")}


@pytest.fixture
def panel(calls) -> GradientPanel:
    return GradientPanel(calls["choice"], calls["measure"], calls["check"])


def show(
    panel: GradientPanel, pushes: Pushes | None, step: int = 4, *, is_playing: bool = False, **choice: Any
) -> None:
    show_gradient(panel, pushes, GradientChoice(**choice), step=step, is_playing=is_playing)


def find_picture(panel: Any, name: str) -> bytes:
    (picture,) = [
        each
        for each in list_widgets(panel.root)
        if isinstance(each, ipywidgets.Image) and str(each.tooltip).startswith(name)
    ]
    return picture.value


def test_before_the_first_set_it_says_that_it_is_measured_and_shows_nothing(panel, pushes):
    show(panel, None)
    assert find_html(panel, "are being measured")
    assert "nst-hidden" in panel.root.children[2]._dom_classes
    show(panel, pushes)
    assert "nst-hidden" not in panel.root.children[2]._dom_classes
    show(panel, None, is_playing=True)
    assert find_html(panel, "every 100th step")
    assert "nst-hidden" in panel.root.children[2]._dom_classes


def test_a_set_is_labeled_with_its_step(panel, pushes):
    show(panel, pushes, step=4)
    assert find_html(panel, "Measured at step 4.")
    show(panel, pushes, step=9)
    assert find_html(panel, "Measured at step 4; the run is at step 9. The gradients are being measured")
    show(panel, pushes, step=9, is_playing=True)
    assert find_html(panel, "Measure now measures those of the present one")


def test_measuring_at_once_is_offered_while_it_plays_only(panel, pushes, calls):
    button = find(panel.root, ipywidgets.Button, "Measure now")
    show(panel, pushes, is_playing=True)
    assert "nst-hidden" not in button._dom_classes
    button.click()
    assert calls["measure"] == [()]
    show(panel, pushes)
    assert "nst-hidden" in button._dom_classes


def test_term_and_drawing_are_chosen_and_showing_them_is_no_gesture(panel, pushes, calls):
    show(panel, pushes, term="variation", drawing="color")
    assert calls["choice"] == []
    term = find(panel.root, ipywidgets.Dropdown, "Term")
    assert term.value == "variation"
    assert [value for _, value in term.options] == ["total", *pushes.gradients]
    term.value = "style/block1_conv1"
    find(panel.root, ipywidgets.RadioButtons, "Draw").value = "strength"
    assert [choice.term for (choice,) in calls["choice"]] == ["style/block1_conv1", "variation"]
    assert calls["choice"][1][0].drawing == "strength"


def test_each_term_has_its_own_picture_and_another_set_too(panel, pushes):
    pictures = []
    for term in ("total", "variation"):
        show(panel, pushes, term=term)
        pictures.append(find_picture(panel, "Push at the pixels"))
    show(panel, make_pushes(Recipe(), 8), term="variation")
    pictures.append(find_picture(panel, "Push at the pixels"))
    assert len(set(pictures)) == 3
    assert find_html(panel, "−∇ of <b>variation</b> at step 8")


def test_a_term_that_the_recipe_has_no_more_gives_way_to_the_total(panel, pushes):
    show(panel, pushes, term="style/block3_conv2")
    assert find(panel.root, ipywidgets.Dropdown, "Term").value == "total"


def test_pointing_at_a_pixel_reads_every_term_there(panel, pushes, calls):
    show(panel, pushes)
    surface = find_surface(panel.root)
    assert (surface.width, surface.height) == (WIDTH, HEIGHT)
    surface._mouse_move_callbacks(3.2, 7.9)
    (choice,) = calls["choice"][-1]
    assert choice.locate_pixel(HEIGHT, WIDTH) == (7, 3)
    show_gradient(panel, pushes, choice, step=4, is_playing=False)
    assert find_html(panel, "−∇ at x 3, y 7")
    surface._mouse_out_callbacks(3.2, 7.9)
    assert calls["choice"][-1][0].hovered is None


def test_a_pixel_can_be_typed(panel, pushes, calls):
    show(panel, pushes)
    find(panel.root, ipywidgets.IntText, "Pixel row").value = 1
    assert calls["choice"][-1][0].locate_pixel(HEIGHT, WIDTH) == (1, WIDTH // 2)
    find(panel.root, ipywidgets.IntText, "Pixel column").value = 99
    assert calls["choice"][-1][0].locate_pixel(HEIGHT, WIDTH)[1] == WIDTH - 1


def test_a_hover_draws_no_picture_again(panel, pushes, monkeypatch):
    show(panel, pushes)
    monkeypatch.setattr("nst_explorer.showing_gradient.draw_push", lambda *arguments: 1 / 0)
    show(panel, pushes, hovered=(0.1, 0.1))
    assert find_html(panel, "−∇ at x 1, y 1")


def test_the_optimizers_state_is_named_with_its_clipped_values(panel, pushes):
    show(panel, pushes)
    assert find_html(panel, "Adam, about to make step 5")
    assert find_html(panel, f"{pushes.update.clipped_count:,} of {HEIGHT * WIDTH * 3}")
    assert find_picture(panel, "The optimizer's move at each pixel")
    assert find_html(panel, "Histogram of the root √v̂")


def test_a_check_is_asked_for_the_chosen_term_and_one_at_a_time(panel, pushes, calls):
    show(panel, pushes, term="variation")
    button = find(panel.root, ipywidgets.Button, "Check the gradient")
    button.click()
    assert calls["check"] == [("variation",)]
    check = GradientCheck(4, "variation", 0, 1, (Probe("against the gradient", None, 1.0, 1.0, 1e-7),))
    show_check(panel, check)
    assert button.disabled
    assert find_html(panel, "Checking the gradient of variation at step 4: 1 of 3")
    panel.end_check()
    assert not button.disabled


@pytest.mark.parametrize(
    ("deviation", "is_flat", "words"),
    [
        (2e-6, False, "<b>They agree:</b> the gradient of style block1_conv1 at step 7 is less than 0.001% away"),
        (2e-6, True, "is 0 here up to rounding, and finite differences find no slope either"),
        (0.25, False, "<b>They differ:</b> the gradient of style block1_conv1 at step 7 is 25.0% away"),
    ],
)
def test_the_verdict_says_what_was_found_and_what_is_allowed(deviation, is_flat, words):
    probes = tuple(Probe("", None, 1.0, 1.0, deviation) for _ in range(3))
    verdict = write_verdict(GradientCheck(7, "style/block1_conv1", 0, 1, probes, is_flat=is_flat))
    assert words in verdict
    assert is_flat or "0.5%" in verdict


def make_step(layer: str = "block1_conv1", outcome: dict[str, float] | None = None) -> OneStep:
    inspected: Any = make_inspected(layer, (HEIGHT, WIDTH), channels=16)
    recipe = Recipe()
    inspected.recipe, inspected.step = recipe, 4
    inspected.raw = dict.fromkeys(recipe.term_weights, 2.0)
    losses = {term: 2.0 * weight for term, weight in recipe.term_weights.items()}
    inspected.losses = {**losses, "total": sum(losses.values())}
    gradient = np.random.default_rng(1).standard_normal((HEIGHT, WIDTH, 3)).astype(np.float32)
    return OneStep(inspected, gradient, make_update(), outcome)


@pytest.fixture
def one_step_panel(calls) -> OneStepPanel:
    return OneStepPanel(calls["stage"])


def test_there_is_a_view_and_a_button_for_each_of_the_five_stages(one_step_panel, calls):
    assert tuple(STAGE_VIEWS) == STAGES
    for number, stage in enumerate(STAGES, 1):
        show_one_step(one_step_panel, make_step(), stage)
        assert find_html(one_step_panel, f"Stage {number} of 5: {stage}</h3><span>from step 4 to step 5")
        find(one_step_panel.root, ipywidgets.Button, stage).click()
    assert [stage for (stage,) in calls["stage"]] == list(STAGES)


def test_previous_and_next_lead_along_the_stages_and_end_at_their_ends(one_step_panel, calls):
    back, on = (find(one_step_panel.root, ipywidgets.Button, f"{name} stage") for name in ("Previous", "Next"))
    show_one_step(one_step_panel, make_step(), "Features")
    assert (back.disabled, on.disabled) == (True, False)
    on.click()
    show_one_step(one_step_panel, make_step(), "Losses")
    back.click()
    assert [stage for (stage,) in calls["stage"]] == ["Grams", "Grams"]
    show_one_step(one_step_panel, make_step(), "Update")
    assert (back.disabled, on.disabled) == (False, True)


def test_the_stages_show_the_numbers_of_the_step(one_step_panel):
    step = make_step(outcome={"total": 0.5})
    show_one_step(one_step_panel, step, "Losses")
    assert find_html(one_step_panel, "total, their sum")
    show_one_step(one_step_panel, step, "Gradient")
    assert find_html(one_step_panel, "norm ‖∇L‖")
    show_one_step(one_step_panel, step, "Update")
    assert find_html(one_step_panel, f"{step.update.clipped_count:,} values")
    assert find_html(one_step_panel, "<b>0.500</b>")
    show_one_step(one_step_panel, make_step(), "Update")
    assert not find_html(one_step_panel, "The total goes from")


def test_a_step_that_was_searched_says_how_and_one_that_is_not_there_says_why(one_step_panel):
    step = make_step(outcome={"total": 0.5})
    search = Search(0.25, 2, -0.3, is_steepest=False, has_restarted=False)
    searched = replace(step, update=replace(step.update, search=search))
    show_one_step(one_step_panel, searched, "Update")
    assert find_html(one_step_panel, "It has looked at 2 pictures along that direction, until the loss fell enough.")
    assert find_html(one_step_panel, "<dt>step length α</dt><dd>0.25</dd>")
    assert find_html(one_step_panel, "<dt>evaluations</dt><dd>2</dd>")
    assert find_html(one_step_panel, "−H∇L, by what is remembered")
    restarted = replace(search, is_steepest=True, has_restarted=True)
    show_one_step(one_step_panel, replace(step, update=replace(step.update, search=restarted)), "Update")
    assert find_html(one_step_panel, "−∇L, straight down (what was remembered led nowhere)")
    resting = replace(step, update=replace(step.update, standstill="L-BFGS <has> arrived."))
    show_one_step(one_step_panel, resting, "Update")
    assert find_html(one_step_panel, "L-BFGS &lt;has&gt; arrived.")
    assert not find_html(one_step_panel, "will show exactly this picture")


def test_the_optimizers_state_says_how_it_goes_about_it_and_why_it_rests(panel, pushes):
    show_gradient(panel, pushes, GradientChoice(), step=4, is_playing=False)
    assert find_html(panel, "about to make step 5")
    assert find_html(panel, "It averages.")
    resting = replace(pushes, update=replace(pushes.update, standstill="It <rests>."))
    show_gradient(panel, resting, GradientChoice(), step=4, is_playing=False)
    assert find_html(panel, "Adam, at rest")
    assert find_html(panel, "It &lt;rests&gt;.")


def test_a_layer_that_is_not_the_styles_says_that_its_difference_does_not_count(one_step_panel):
    show_one_step(one_step_panel, make_step("block1_conv2"), "Grams")
    assert find_html(one_step_panel, "block1_conv2 is not one of the style's layers now")
    show_one_step(one_step_panel, make_step("block1_conv1"), "Grams")
    assert not find_html(one_step_panel, "does not count")
    assert find_html(one_step_panel, "It compares the Gram matrix")


def test_the_same_stage_of_the_same_step_is_not_drawn_again(one_step_panel, monkeypatch):
    step = make_step()
    show_one_step(one_step_panel, step, "Features")
    monkeypatch.setitem(STAGE_VIEWS, "Features", lambda step: 1 / 0)
    show_one_step(one_step_panel, step, "Features")
