"""The tabs "Gradient" and "One step" under a real mouse and keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.explorer_page import open_run, wait_for_step
from tests.browser.test_gram import read_center


def test_gradients_are_read_by_mouse_and_a_step_is_walked_through_by_keyboard(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.tab("Gradient").click()
    dashboard.wait_for_text("Measured at step 1.")
    dashboard.wait_for_text("cosine between")
    picture = dashboard.root.locator("img.nst-push-picture").first
    for column in (12, 16, 20):  # the surface is there only once the mouse is, and tells of a move every 20 ms at most
        notebook.page.mouse.move(*read_center(picture, column, 32, 64))  # of a picture of 55 × 64 pixels
        notebook.page.wait_for_timeout(100)
    dashboard.wait_for_text(re.compile(r"−∇ at x 17, y 32"))
    notebook.page.mouse.move(0, 0)
    dashboard.wait_for_text(re.compile(r"−∇ at x 27, y 32"))
    dashboard.button("Check the gradient").click()
    dashboard.wait_for_text("They agree: the gradient of total at step 1")
    dashboard.tab("One step").click()
    dashboard.wait_for_text("Stage 1 of 5: Features")
    onward = dashboard.button("Next stage")
    onward.focus()
    for number, stage in enumerate(("Grams", "Losses", "Gradient", "Update"), 2):
        notebook.page.keyboard.press("Enter")
        dashboard.wait_for_text(f"Stage {number} of 5: {stage}")
    expect(onward).to_be_disabled()
    dashboard.button("Step").click()
    dashboard.wait_for_text("from step 2 to step 3")
    assert notebook.console_errors == []
    assert notebook.outside_requests == []
