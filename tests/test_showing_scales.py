"""A run over several sizes in the dashboard, without a browser: one picture's place, whatever its size."""

import io
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from nst_explorer import Explorer, Recipe
from nst_explorer.gestures import Gestures
from nst_explorer.view.frames import fit_picture, quantize
from tests.explorer_fixtures import wait_until
from tests.test_time_travel import find_picture, find_texts, result_of, shows_exactly, steps_shown, walk
from tests.widgets.test_controls import find

pytestmark = pytest.mark.slow  # whole runs: seconds each

FULL = (64, 80)


@pytest.fixture
def recipe(slim_weights) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=80,
        scales=2,
        scale_steps=2,
        content_layers={"block1_conv2": 1.0},
        style_layers={"block1_conv1": 1.0},
    )


@pytest.fixture
def explorer(paint_image, recipe):
    explorer = Explorer(paint_image(1, *FULL), paint_image(2, 70, 80), recipe)
    yield explorer
    explorer.close()


@pytest.fixture
def gestures(explorer) -> Gestures:
    assert explorer.session.step == 0
    return Gestures(explorer)


def read_size(picture: ipywidgets.Image) -> tuple[int, int]:
    width, height = Image.open(io.BytesIO(picture.value)).size
    return height, width


def test_the_picture_keeps_its_place_and_the_readout_tells_its_size(explorer, gestures):
    result = explorer.dashboard.result
    for step, said in ((1, "picture of 80 × 64</dt><dd>40 × 32"), (2, "picture</dt><dd>80 × 64")):
        walk(explorer, gestures, 1)
        image = fit_picture(explorer.session.image, *FULL)
        wait_until(lambda image=image: shows_exactly(result_of(explorer), image))
        assert steps_shown(explorer) == step
        assert said in find_texts(result)
    assert "picture enlarged at 2" in find_texts(result)


@pytest.mark.parametrize("kind", ["content", "difference"])
def test_at_a_coarse_size_the_content_of_that_size_is_shown(explorer, gestures, kind):
    gestures.choose_picture(kind)
    walk(explorer, gestures, 1)
    session = explorer.session
    wanted = session.content if kind == "content" else (session.image - session.content) / 2 + 0.5
    wait_until(lambda: shows_exactly(result_of(explorer), fit_picture(wanted, *FULL)))


def test_previews_and_wipes_lay_pictures_of_two_sizes_over_each_other(explorer, gestures):
    walk(explorer, gestures, 3)
    gestures.preview(0)
    wait_until(lambda: "Preview of step 0" in find_texts(explorer.dashboard.result))
    assert read_size(result_of(explorer)) == FULL
    gestures.choose_picture("wipe")
    gestures.wipe(1, 1.0)
    coarse = fit_picture(explorer.session.picture_at(1), *FULL)
    wait_until(lambda: shows_exactly(result_of(explorer), coarse))
    gestures.wipe(1, 0.0)
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))
    gestures.go_to(1)
    wait_until(lambda: steps_shown(explorer) == 1)
    wait_until(lambda: shows_exactly(result_of(explorer), coarse))


def test_branches_of_two_sizes_are_compared(explorer, gestures):
    walk(explorer, gestures, 3)
    fine = explorer.session.image
    gestures.go_to(1)
    wait_until(lambda: steps_shown(explorer) == 1)
    gestures.weigh_group("style_weight", 7.0)
    wait_until(lambda: explorer.session.recipe.style_weight == 7.0)
    gestures.choose_tab("Branches")
    gestures.wipe_branches(1.0)
    panel = explorer.dashboard.tabs.panel("Branches")

    def shows_the_other() -> bool:
        picture = find_picture(panel, "Two branches")
        return read_size(picture) == FULL and shows_exactly(picture, fine)

    wait_until(shows_the_other)


def test_all_tabs_follow_over_a_border(explorer, gestures):
    for tab in ("Feature maps", "Gram", "Gradient", "One step", "Branches", "Debug", "Loss"):
        gestures.go_to(0)
        wait_until(lambda: steps_shown(explorer) == 0)
        gestures.choose_tab(tab)
        walk(explorer, gestures, 3)
        wait_until(lambda: explorer.dashboard.result.messages.text == "")  # what was said of step 0 goes with it
        assert explorer.dashboard.inspect_messages.text == ""


def test_the_step_that_ends_a_scale_says_that_its_picture_is_enlarged(explorer, gestures):
    gestures.choose_tab("One step")
    gestures.choose_stage("Update")
    panel = explorer.dashboard.tabs.panel("One step")
    wait_until(lambda: "Step 1 will show exactly this picture" in find_texts(panel))
    walk(explorer, gestures, 1)
    wait_until(lambda: "which is then enlarged (size × 2)" in find_texts(panel))
    foretold = explorer.session.foretell_update().after
    assert foretold.shape == (32, 40, 3)
    picture = find_picture(panel, "The next picture")
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(picture.value))), quantize(foretold))


def test_the_best_step_is_of_the_present_size_and_a_new_size_is_no_change_of_the_recipe(explorer, gestures):
    walk(explorer, gestures, 5)
    records = [record for record in explorer.session.line if record.scale == 1]
    best = min(records, key=lambda record: record.losses["total"]).step
    gestures.jump("Best")
    wait_until(lambda: explorer.session.step == best)
    gestures.jump("Last change")
    assert "The recipe has not changed" in explorer.dashboard.result.messages.text


def test_other_scales_begin_a_run_and_impossible_ones_are_refused(explorer, gestures):
    before, header = explorer.session, explorer.dashboard.header
    find(header.root, ipywidgets.IntText, "Steps a scale").value = 0
    assert header.messages.text.startswith("The number of steps at a scale is 0, but it must be a whole number")
    gestures.choose_scales("scales", 4)
    wait_until(lambda: "would reduce the content to" in header.messages.text)
    wait_until(lambda: find(header.root, ipywidgets.Dropdown, "Scales").value == 2)
    gestures.choose_scales("scales", 1)
    wait_until(lambda: explorer.session is not before)
    assert explorer.session.image.shape == (*FULL, 3)
    assert replace(explorer.session.recipe, scales=2) == before.recipe
