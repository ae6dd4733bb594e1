"""The explorer on a page, with what its tests read and wait for."""

import re

import numpy as np
from playwright.sync_api import Locator, expect

from tests.browser.notebook_page import Dashboard, NotebookPage

SMALL = """
from nst_explorer import Explorer, Recipe
explorer = Explorer(recipe=Recipe(size=64, weights={weights!r}))
explorer
"""
"""A cell with a dashboard that takes many steps a second."""
OPEN_SECONDS = 90


def open_run(notebook: NotebookPage, index: int = 0) -> Dashboard:
    dashboard = notebook.dashboard(index)
    wait_for_step(dashboard, 0)
    return dashboard


def wait_for_step(dashboard: Dashboard, step: int) -> None:
    dashboard.wait_for_text(re.compile(rf"step {step}, total"), OPEN_SECONDS)


def read_step(dashboard: Dashboard) -> int:
    text = dashboard.root.locator(".nst-readout").text_content() or ""
    found = re.search(r"step (\d+), total", text)
    assert found, text
    return int(found[1])


def read_resting_step(dashboard: Dashboard) -> int:
    """The step at which a paused run stands: the one under way may still come, and be shown."""
    before = -1
    while (step := read_step(dashboard)) != before:
        before = step
        dashboard.root.page.wait_for_timeout(700)
    return step


def wait_beyond(dashboard: Dashboard, step: int) -> int:
    expect(dashboard.root.locator(".nst-readout")).not_to_contain_text(
        re.compile(rf"step ({'|'.join(str(each) for each in range(step + 1))}),")
    )
    return read_step(dashboard)


def curve_lengths(dashboard: Dashboard) -> list[int]:
    """Lengths of the drawn curves' paths; they grow with every step."""
    return [len(path.get_attribute("d") or "") for path in dashboard.root.locator(".bqplot path.line").all()]


def read_picture(picture: Locator) -> np.ndarray:
    """The pixels of a picture as the browser has them."""
    width, height, pixels = picture.evaluate(
        """image => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          return [canvas.width, canvas.height, Array.from(data)];
        }"""
    )
    return np.array(pixels, np.uint8).reshape(height, width, 4)[..., :3]


def result_picture(dashboard: Dashboard) -> Locator:
    return dashboard.root.locator("img.nst-result-picture")


def set_number(dashboard: Dashboard, name: str, value: str) -> None:
    dashboard.input(name).fill(value)
    dashboard.input(name).press("Enter")
