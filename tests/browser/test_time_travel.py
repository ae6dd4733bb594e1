"""The time machine as a person meets it: steps, back, a change, a branch, a comparison, and a reload."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.explorer_page import open_run, read_picture, result_picture, set_number, wait_for_step


def test_back_and_a_change_make_a_branch_that_is_compared_and_found_after_a_reload(notebook):
    dashboard = open_run(notebook)
    dashboard.button("+10").click()
    dashboard.button("+10").click()
    wait_for_step(dashboard, 20)
    for step in range(19, 12, -1):
        dashboard.button("Step back").click()
        wait_for_step(dashboard, step)
    thirteenth = read_picture(result_picture(dashboard))
    set_number(dashboard, "Style weight", "6")
    dashboard.button("+10").click()
    wait_for_step(dashboard, 23)
    dashboard.tab("Branches").click()
    dashboard.wait_for_text("Their recipes' difference: style weight")
    expect(dashboard.root.get_by_role("img", name="Total loss. main: total")).to_be_visible()
    dashboard.input("Name of branch 1").fill("heavy")
    dashboard.input("Name of branch 1").press("Enter")
    expect(dashboard.button("Switch to main")).to_be_enabled()
    expect(dashboard.button("Delete heavy")).to_be_disabled()
    notebook.reload()
    dashboard = notebook.dashboard()
    wait_for_step(dashboard, 23)
    dashboard.tab("Branches").click()
    expect(dashboard.input("Name of heavy")).to_have_value("heavy")
    expect(dashboard.root.get_by_role("button", name="Go to step 13, change")).to_be_visible()
    dashboard.wait_for_text("left at step 13, to step 23")
    dashboard.button("Switch to main").click()
    wait_for_step(dashboard, 20)
    set_number(dashboard, "Step", "13")
    wait_for_step(dashboard, 13)
    np.testing.assert_array_equal(read_picture(result_picture(dashboard)), thirteenth)
    dashboard.button("Delete heavy").click()
    dashboard.wait_for_text("There is one branch.")
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
