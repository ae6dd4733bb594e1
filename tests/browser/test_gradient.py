"""The tabs "Gradient" and "One step" under a real mouse and keyboard."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.test_explorer import SMALL, open_run, wait_for_step


def test_gradients_are_read_by_mouse_and_a_step_is_walked_through_by_keyboard(open_notebook, slim_weights: Path):
    notebook = open_notebook([SMALL.format(weights=str(slim_weights))], width=1400)
    notebook.run_all()
    dashboard = open_run(notebook)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.tab("Gradient").click()
    dashboard.wait_for_text("Measured at step 1.")
    dashboard.wait_for_text("cosine between")
    picture = dashboard.root.locator("img.nst-push-picture").first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    for shift in (0.2, 0.25):  # the surface is there only once the mouse is
        notebook.page.mouse.move(box["x"] + shift * box["width"], box["y"] + 0.5 * box["height"])
    dashboard.wait_for_text(re.compile(r"−∇ at x 16, y 2\d"))
    notebook.page.mouse.move(0, 0)
    dashboard.wait_for_text(re.compile(r"−∇ at x 32, y 2\d"))
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
