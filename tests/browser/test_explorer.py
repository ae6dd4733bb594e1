"""The explorer as a person meets it: the notebook in a real JupyterLab, driven by the names on its controls."""

import json
import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.explorer_page import (
    SMALL,
    curve_lengths,
    open_run,
    read_picture,
    read_resting_step,
    read_step,
    result_picture,
    set_number,
    wait_beyond,
    wait_for_step,
)
from tests.browser.notebook_page import NotebookOpener

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "00_explorer.ipynb"


def test_the_committed_notebook_shows_its_controls_by_name_steps_plays_and_pauses(open_notebook: NotebookOpener):
    cells = [cell["source"] for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    notebook = open_notebook(["".join(source) for source in cells])
    notebook.run_all()
    dashboard = open_run(notebook)
    for name in ("Play", "Step", "Step back", "+10", "Reset"):
        expect(dashboard.button(name)).to_be_visible()
    for name in (
        "Content image", "Style image", "Network", "Preset", "Size", "Optimizer", "Learning rate", "Content weight",
        "Style weight", "Variation weight", "Layer", "Step",
    ):  # fmt: skip
        expect(dashboard.input(name)).to_be_visible()
    expect(dashboard.tab("Loss")).to_be_visible()
    expect(dashboard.root.get_by_role("radio", name="noise")).to_have_count(1)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.button("Play").click()
    step = wait_beyond(dashboard, 2)
    dashboard.button("Pause").click()
    expect(dashboard.button("Play")).to_be_visible()
    assert read_step(dashboard) >= step
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
    assert notebook.outside_requests == []


def test_steps_and_curves_grow_until_pause_and_a_weight_changes_on_the_way(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Play").click()
    wait_beyond(dashboard, 5)
    before = curve_lengths(dashboard)
    set_number(dashboard, "Content weight", "2.5")
    expect(dashboard.root.locator(".bqplot")).to_contain_text("content weight × 25")
    wait_beyond(dashboard, read_step(dashboard) + 5)
    after = curve_lengths(dashboard)
    assert sum(after) > sum(before)
    dashboard.button("Pause").click()
    expect(dashboard.button("Play")).to_be_visible()
    paused = read_resting_step(dashboard)
    for clicks in (1, 2):
        dashboard.button("Step").click()
        wait_for_step(dashboard, paused + clicks)
    expect(dashboard.input("Content weight")).to_have_value("2.5")
    assert notebook.console_errors == []


def test_ten_steps_go_back_one_by_one_to_the_same_pictures_which_are_exact(notebook):
    dashboard = open_run(notebook)
    start = read_picture(result_picture(dashboard))
    dashboard.button("+10").click()
    wait_for_step(dashboard, 10)
    expect(dashboard.button("Play")).to_be_visible()
    tenth = read_picture(result_picture(dashboard))
    assert np.abs(tenth.astype(int) - start).max() > 10
    notebook.run_code("explorer.session.image.tofile('image.bin')")
    raw = np.fromfile(notebook.server.folder / "notebooks" / "image.bin", np.float32).reshape(tenth.shape)
    np.testing.assert_array_equal(tenth, np.rint(raw * 255).astype(np.uint8))
    dashboard.button("Step back").click()
    wait_for_step(dashboard, 9)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 10)
    expect(dashboard.button("Play")).to_be_visible()
    np.testing.assert_array_equal(read_picture(result_picture(dashboard)), tenth)
    dashboard.button("Reset").click()
    wait_for_step(dashboard, 0)
    np.testing.assert_array_equal(read_picture(result_picture(dashboard)), start)


def test_wrong_input_is_told_and_the_run_goes_on(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Play").click()
    wait_beyond(dashboard, 3)
    set_number(dashboard, "Content image", "nowhere/photo.jpg")
    alert = dashboard.root.get_by_role("alert")
    expect(alert).to_contain_text('"nowhere/photo.jpg" does not exist')
    expect(dashboard.input("Content image")).to_have_value("Grace Hopper")
    set_number(dashboard, "Learning rate", "-0.5")
    expect(dashboard.root.locator(".nst-recipe").get_by_role("alert")).to_contain_text(
        "The learning rate is -0.5, but it must be a finite number above 0"
    )
    expect(dashboard.input("Learning rate")).to_have_value("0.05")
    wait_beyond(dashboard, read_step(dashboard) + 3)
    expect(dashboard.button("Pause")).to_be_visible()
    assert notebook.cell_errors == []


def test_an_upload_begins_a_run_and_the_last_one_can_be_gone_back_to(notebook, tmp_path):
    path = tmp_path / "red square.png"
    Image.new("RGB", (80, 40), (255, 0, 0)).save(path)
    dashboard = open_run(notebook)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    with notebook.page.expect_file_chooser() as chooser:
        dashboard.root.get_by_role("button", name=re.compile("Upload a content image")).click()
    chooser.value.set_files(path)
    dashboard.wait_for_text("A new run has begun")
    wait_for_step(dashboard, 0)
    expect(dashboard.input("Content image")).to_have_value("red square.png")
    picture = read_picture(result_picture(dashboard))
    assert picture.shape == (32, 64, 3)
    assert (picture == (255, 0, 0)).all()
    dashboard.button("Go back to it").click()
    wait_for_step(dashboard, 1)
    expect(dashboard.input("Content image")).to_have_value("Grace Hopper")


def test_a_reload_brings_everything_back_and_it_still_works(notebook):
    dashboard = open_run(notebook)
    dashboard.button("+10").click()
    wait_for_step(dashboard, 10)
    expect(dashboard.button("Play")).to_be_visible()
    before = read_picture(result_picture(dashboard))
    notebook.reload()
    dashboard = notebook.dashboard()
    wait_for_step(dashboard, 10)
    np.testing.assert_array_equal(read_picture(result_picture(dashboard)), before)
    assert len(curve_lengths(dashboard)) >= 8
    dashboard.button("Step").click()
    wait_for_step(dashboard, 11)
    set_number(dashboard, "Style weight", "2")
    expect(dashboard.root.locator(".bqplot")).to_contain_text("style weight × 2")


def test_two_dashboards_do_not_disturb_each_other(open_notebook: NotebookOpener, slim_weights: Path):
    cell = SMALL.format(weights=str(slim_weights))
    notebook = open_notebook([cell, cell.replace("\nexplorer", "\nother")])
    notebook.run_all()
    first, second = open_run(notebook, 0), open_run(notebook, 1)
    first.button("Play").click()
    wait_beyond(first, 5)
    second.button("Step").click()
    wait_for_step(second, 1)
    set_number(second, "Style weight", "7")
    expect(second.root.locator(".bqplot")).to_contain_text("style weight × 7")
    expect(first.input("Style weight")).to_have_value("1")
    first.button("Pause").click()
    expect(first.button("Play")).to_be_visible()
    assert read_step(second) == 1


def test_code_buttons_and_the_map_of_layers_drive_the_same_session(notebook):
    dashboard = open_run(notebook)
    notebook.run_code("explorer.session.advance(3)\nassert explorer.session.step == 3")
    wait_for_step(dashboard, 3)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 4)
    dashboard.button("block2_conv2").click()
    expect(dashboard.input("Layer")).to_have_value("block2_conv2")
    dashboard.root.locator(".nst-network").get_by_role("radio", name="style").check(force=True)
    expect(dashboard.root.locator(".nst-table")).to_contain_text("block2_conv2")
    expect(dashboard.input("Style weight of block2_conv2")).to_have_value("1")
    notebook.run_code("assert explorer.session.recipe.style_layers['block2_conv2'] == 1")
    assert notebook.cell_errors == []


def test_a_mistyped_preset_in_a_cell_is_one_sentence(open_notebook):
    notebook = open_notebook(["from nst_explorer import Recipe\nRecipe.preset('explorr')"])
    notebook.run_all(is_error_expected=True)
    output = notebook.page.locator(".jp-OutputArea").first
    expect(output).to_contain_text('did you mean "explorer"?')
    expect(output).not_to_contain_text("Traceback")


def test_a_preset_is_named_as_it_was_chosen_and_marks_leave_no_errors(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.input("Preset").select_option("tensorflow-tutorial")
    expect(dashboard.input("Content weight")).to_have_value("10000")
    dashboard.button("Step").click()
    wait_for_step(dashboard, 2)
    # What a slider sends back of what it was shown would be another gesture, and the preset a custom recipe.
    expect(dashboard.input("Preset")).to_have_value("tensorflow-tutorial")
    notebook.reload()
    wait_for_step(notebook.dashboard(), 2)
    expect(notebook.dashboard().input("Preset")).to_have_value("tensorflow-tutorial")
    assert notebook.console_errors == []


def test_both_images_can_be_changed_and_the_last_run_is_still_there(notebook, tmp_path):
    for name in ("one.png", "two.png"):
        Image.new("RGB", (64, 48), (10, 200, 90)).save(tmp_path / name)
    dashboard = open_run(notebook)
    dashboard.button("+10").click()
    wait_for_step(dashboard, 10)
    set_number(dashboard, "Content image", str(tmp_path / "one.png"))
    wait_for_step(dashboard, 0)
    set_number(dashboard, "Style image", str(tmp_path / "two.png"))
    dashboard.wait_for_text("kept at step 10")
    dashboard.button("Go back to it").click()
    wait_for_step(dashboard, 10)
    expect(dashboard.input("Content image")).to_have_value("Grace Hopper")
