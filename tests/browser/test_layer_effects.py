"""Layer effects as a person meets them: five pictures develop, and one of them becomes the main run."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.explorer_page import (
    OPEN_SECONDS,
    open_run,
    read_picture,
    read_step,
    result_picture,
    wait_for_step,
)


def test_all_five_develop_and_one_is_made_the_main_run_by_keyboard(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.tab("Layer effects").click()
    dashboard.wait_for_text("No side run yet")
    dashboard.button("All five: content").focus()
    notebook.page.keyboard.press("Enter")
    pictures = dashboard.root.locator("img.nst-multiple-picture")
    expect(pictures).to_have_count(5, timeout=OPEN_SECONDS * 1000)
    card = dashboard.root.locator(".nst-multiple", has_text="block3_conv2 alone")
    expect(card).to_contain_text("step 150 of 150", timeout=OPEN_SECONDS * 1000)
    done = read_picture(dashboard.root.get_by_role("img", name="block3_conv2 alone"))
    assert read_step(dashboard) == 1  # the main run has not moved
    dashboard.button("Make this the main run: block3_conv2 alone").focus()
    notebook.page.keyboard.press("Enter")
    wait_for_step(dashboard, 150)
    np.testing.assert_array_equal(read_picture(result_picture(dashboard)), done)
    expect(card).to_contain_text("is the main run now")
    expect(dashboard.button("This is the main run: block3_conv2 alone")).to_be_focused()
    dashboard.wait_for_text("kept at step 1")
    dashboard.button("Go back to it").click()
    wait_for_step(dashboard, 1)
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
