"""Time travel without a browser: jumps, previews, the wipe and branches, as session and panels then show them."""

import io
import threading

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.frames import quantize, wipe_pictures
from tests.explorer_fixtures import wait_until
from tests.widgets.test_controls import find

pytestmark = pytest.mark.slow  # whole runs: seconds each

BRANCHES = "Branches"


def list_widgets(root) -> list:
    return [root, *(each for child in getattr(root, "children", ()) for each in list_widgets(child))]


def find_texts(panel) -> str:
    return "".join(each.value for each in list_widgets(panel.root) if isinstance(each, ipywidgets.HTML))


def find_picture(panel, name: str) -> ipywidgets.Image:
    return next(each for each in list_widgets(panel.root) if (getattr(each, "tooltip", None) or "").startswith(name))


def read_picture(picture: ipywidgets.Image) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.value)).convert("RGB"))


def result_of(explorer) -> ipywidgets.Image:
    return find_picture(explorer.dashboard.result, "Result")


def shows_exactly(picture: ipywidgets.Image, image: np.ndarray) -> bool:
    return picture.format == "png" and np.array_equal(read_picture(picture), quantize(image))


def branches_of(explorer):
    return explorer.dashboard.tabs.panel(BRANCHES)


def names_of(explorer) -> list[str]:
    return [branch.name for branch in explorer.session.branches]


def walk(explorer, gestures, steps: int) -> None:
    target = explorer.session.step + steps
    gestures.step(steps)
    wait_until(lambda: explorer.session.step == target)
    wait_until(lambda: steps_shown(explorer) == target)


def steps_shown(explorer) -> int:
    return find(explorer.dashboard.result.root, ipywidgets.IntText, "Step").value


def weigh(explorer, gestures, weight: float) -> None:
    gestures.weigh_group("style_weight", weight)
    wait_until(lambda: explorer.session.recipe.style_weight == weight)


def begin_branch(explorer, gestures) -> None:
    """Makes a branch `main` to step 3, and, at hand, `branch 1`, which left it at 1 for 3."""
    walk(explorer, gestures, 3)
    gestures.go_to(1)
    wait_until(lambda: steps_shown(explorer) == 1)
    weigh(explorer, gestures, 7.0)
    walk(explorer, gestures, 2)


@pytest.fixture
def two_branches(explorer, gestures):
    """The explorer with two branches and their tab open."""
    begin_branch(explorer, gestures)
    gestures.choose_tab(BRANCHES)
    wait_until(lambda: "Name of main" in [getattr(each, "description", "") for each in list_branch_widgets(explorer)])
    return explorer


def list_branch_widgets(explorer) -> list:
    return list_widgets(branches_of(explorer).root)


def test_a_jump_goes_to_the_start_the_best_step_and_the_last_change(explorer, gestures):
    walk(explorer, gestures, 2)
    weigh(explorer, gestures, 7.0)
    walk(explorer, gestures, 2)
    records = [record for record in explorer.session.line if record.recipe == explorer.session.recipe]
    best = min(records, key=lambda record: record.losses["total"]).step
    for place, step in (("Last change", 2), ("Start", 0)):
        gestures.jump(place)
        wait_until(lambda step=step: steps_shown(explorer) == step)
        assert explorer.session.step == step
        wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))
        wait_until(lambda: "Preview of step" not in find_texts(explorer.dashboard.result))
    gestures.go_to(4)
    wait_until(lambda: steps_shown(explorer) == 4)
    gestures.jump("Best")
    wait_until(lambda: explorer.session.step == best)


def test_where_the_recipe_has_not_changed_the_last_change_is_a_sentence(explorer, gestures):
    walk(explorer, gestures, 2)
    gestures.jump("Last change")
    assert explorer.dashboard.result.messages.text == (
        "The recipe has not changed before step 2, but the last change is asked for; change the recipe, or go to the "
        "start."
    )
    assert explorer.session.step == 2


def test_a_preview_shows_another_step_in_words_and_picture_and_goes_again(explorer, gestures, content_image):
    walk(explorer, gestures, 3)
    gestures.preview(0)
    wait_until(lambda: "Preview of step 0" in find_texts(explorer.dashboard.result))
    shown = read_picture(result_of(explorer)).astype(float)
    assert np.abs(shown - quantize(content_image)).mean() < np.abs(shown - quantize(explorer.session.image)).mean()
    assert explorer.session.step == 3
    gestures.preview(None)
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))
    assert "Preview of step" not in find_texts(explorer.dashboard.result)


def test_scrubbing_pauses_and_previews(explorer, gestures):
    walk(explorer, gestures, 2)
    gestures.play(True)
    wait_until(lambda: explorer.session.step > 3)
    gestures.scrub(1)
    wait_until(lambda: not explorer._runner.is_playing)
    wait_until(lambda: steps_shown(explorer) == explorer.session.step)
    gestures.scrub(1)
    wait_until(lambda: "Preview of step 1" in find_texts(explorer.dashboard.result))
    assert find(explorer.dashboard.result.root, ipywidgets.Button, "Play")


def test_a_wipe_shows_two_steps_exactly_when_it_rests(explorer, gestures):
    walk(explorer, gestures, 3)
    early = explorer.session.picture_at(1)
    gestures.choose_picture("wipe")
    gestures.wipe(1, 0.25)
    expected = wipe_pictures(early, explorer.session.image, 0.25)
    wait_until(lambda: shows_exactly(result_of(explorer), expected))
    assert "◂ step 1" in find_texts(explorer.dashboard.result)
    assert "step 3 ▸" in find_texts(explorer.dashboard.result)
    gestures.choose_picture("picture")
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))


@pytest.mark.parametrize("step", [-1, 99])
def test_a_wipe_against_a_step_that_is_not_there_is_told_and_its_field_set_back(explorer, gestures, step):
    walk(explorer, gestures, 2)
    gestures.choose_picture("wipe")
    field = find(explorer.dashboard.result.root, ipywidgets.IntText, "Wipe against step")
    field.value = step
    assert f"The step is {step}, but this run has the steps 0 to 2" in explorer.dashboard.result.messages.text
    assert (field.value, explorer.selection.wipe_step) == (0, 0)


def test_a_branch_is_switched_to(two_branches, gestures):
    explorer = two_branches
    gestures.switch_branch("main")
    wait_until(lambda: explorer.session.recipe.style_weight != 7.0)
    assert explorer.session.step == 3
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))
    wait_until(lambda: find(branches_of(explorer).root, ipywidgets.Button, "Delete main").disabled)
    gestures.switch_branch("<gone>")
    wait_until(lambda: "The branch is '<gone>', but this run has" in explorer.dashboard.inspect_messages.text)


def test_a_branch_takes_any_name_and_none_of_it_is_markup(two_branches, gestures):
    explorer = two_branches
    gestures.rename_branch("main", "<img src=x>")
    wait_until(lambda: "&lt;img src=x&gt;, step 3" in find_texts(branches_of(explorer)))
    assert names_of(explorer) == ["<img src=x>", "branch 1"]
    wait_until(lambda: "&lt;img src=x&gt;" in find_texts(explorer.dashboard.result))
    for panel in (branches_of(explorer), explorer.dashboard.result):
        assert "<img src=x>" not in find_texts(panel)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "must be a text of 1 to 40 letters"),
        ("x" * 41, "must be a text of 1 to 40 letters"),
        ("branch 1", 'There is a branch "branch 1" already'),
    ],
)
def test_a_bad_name_is_told_and_the_field_shows_the_old_one(two_branches, name, sentence):
    explorer = two_branches
    field = find(branches_of(explorer).root, ipywidgets.Text, "Name of main")
    field.value = name
    wait_until(lambda: sentence in explorer.dashboard.inspect_messages.text)
    wait_until(lambda: field.value == "main")
    assert names_of(explorer) == ["main", "branch 1"]


def test_a_branch_is_deleted_but_not_the_present_one(two_branches, gestures):
    explorer = two_branches
    gestures.delete_branch("branch 1")
    wait_until(
        lambda: (
            explorer.dashboard.inspect_messages.text
            == '"branch 1" is the present branch, which cannot be deleted; switch to another one first.'
        )
    )
    assert names_of(explorer) == ["main", "branch 1"]
    gestures.delete_branch("main")
    wait_until(lambda: names_of(explorer) == ["branch 1"])
    wait_until(lambda: "There is one branch" in find_texts(branches_of(explorer)))
    assert explorer.dashboard.inspect_messages.text == ""
    assert explorer.session.step == 3


def test_the_compared_branch_stays_chosen_under_another_name_and_is_shown_exactly(two_branches, gestures):
    explorer = two_branches
    gestures.go_to(2)
    wait_until(lambda: steps_shown(explorer) == 2)
    weigh(explorer, gestures, 9.0)
    walk(explorer, gestures, 1)
    choice = find(branches_of(explorer).root, ipywidgets.Dropdown, "Compare with")
    wait_until(lambda: choice.value == "branch 1")  # the last one begun
    choice.value = "main"
    expected = wipe_pictures(explorer.session.picture_at(3, "main"), explorer.session.image, 0.5)
    wait_until(lambda: shows_exactly(find_picture(branches_of(explorer), "Two branches"), expected))
    gestures.rename_branch("main", "first")
    wait_until(lambda: choice.value == "first")
    wait_until(lambda: "◂ first, step 3" in find_texts(branches_of(explorer)))
    assert "branch 2, step 3 ▸" in find_texts(branches_of(explorer))
    gestures.wipe_branches(1.0)
    expected = explorer.session.picture_at(3, "first")
    wait_until(lambda: shows_exactly(find_picture(branches_of(explorer), "Two branches"), expected))


def test_branches_are_compared_at_the_largest_step_that_both_have(two_branches, gestures):
    explorer = two_branches
    gestures.step(2)
    wait_until(lambda: "branch 1, step 5 ▸" in find_texts(branches_of(explorer)))
    find(branches_of(explorer).root, ipywidgets.RadioButtons, "Steps").value = "same"
    for name, share in (("main", 1.0), ("branch 1", 0.0)):
        gestures.wipe_branches(share)
        expected = explorer.session.picture_at(3, name)
        wait_until(
            lambda expected=expected: shows_exactly(find_picture(branches_of(explorer), "Two branches"), expected)
        )
    assert "◂ main, step 3" in find_texts(branches_of(explorer))
    assert "branch 1, step 3 ▸" in find_texts(branches_of(explorer))


def test_a_picture_asked_for_under_a_name_that_is_just_changed_is_asked_for_anew(explorer, gestures):
    begin_branch(explorer, gestures)
    may_go = threading.Event()
    explorer._runner.call(lambda _: may_go.wait(30))
    gestures.rename_branch("main", "first")
    gestures.choose_tab(BRANCHES)  # asks for the picture of what is still called main
    may_go.set()
    expected = wipe_pictures(explorer.session.picture_at(3, names_of(explorer)[0]), explorer.session.image, 0.5)
    wait_until(lambda: shows_exactly(find_picture(branches_of(explorer), "Two branches"), expected))
    assert names_of(explorer)[0] == "first"


def test_a_long_jump_by_number_tells_what_it_replays_until_it_is_there(explorer, gestures, monkeypatch):
    explorer._runner.call(lambda session: session.widen_history(0.1)).result(30)  # of the steps between, none is kept
    walk(explorer, gestures, 20)
    replayed = explorer.session.estimate_jump(14).replayed
    assert replayed > 10
    may_go, go_to = threading.Event(), explorer.session._walk.go_to

    def go_late(record):
        may_go.wait(30)
        go_to(record)

    monkeypatch.setattr(explorer.session._walk, "go_to", go_late)
    find(explorer.dashboard.result.root, ipywidgets.IntText, "Step").value = 14
    wait_until(lambda: "Preview of step 14" in find_texts(explorer.dashboard.result))
    assert f"it replays {replayed} steps" in find_texts(explorer.dashboard.result)
    explorer.look_at()  # the present moment is drawn once more on the way
    wait_until(lambda: result_of(explorer).format == "jpeg")
    assert f"it replays {replayed} steps" in find_texts(explorer.dashboard.result)
    may_go.set()
    wait_until(lambda: explorer.session.step == 14)
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image))
    wait_until(lambda: "Preview of step" not in find_texts(explorer.dashboard.result))


def test_a_reset_replays_nothing_and_is_not_told(explorer, gestures):
    explorer._runner.call(lambda session: session.widen_history(0.1)).result(30)
    walk(explorer, gestures, 20)
    assert explorer.session.estimate_jump(0).replayed == 0
    find(explorer.dashboard.result.root, ipywidgets.Button, "Reset").click()
    assert "Preview of step" not in find_texts(explorer.dashboard.result)
    wait_until(lambda: shows_exactly(result_of(explorer), explorer.session.image) and explorer.session.step == 0)


def test_a_step_that_is_not_there_is_told_and_the_number_set_back(explorer, gestures):
    walk(explorer, gestures, 2)
    number = find(explorer.dashboard.result.root, ipywidgets.IntText, "Step")
    number.value = 50
    wait_until(lambda: "The step is 50, but this run has the steps 0 to 2" in explorer.dashboard.result.messages.text)
    wait_until(lambda: number.value == 2)
    assert explorer.session.step == 2
