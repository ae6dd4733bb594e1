"""The explorer on a page, with what its tests read and wait for; and one page that many tests use one after another."""

import re

import numpy as np
from playwright.sync_api import Browser, Locator, expect

from tests.browser.jupyter_server import JupyterServer
from tests.browser.notebook_page import Dashboard, NotebookOpener, NotebookPage

SMALL = """
from nst_explorer import Explorer, Recipe
explorer = Explorer(recipe=Recipe(size=64, weights={weights!r}))
explorer
"""
"""A cell with a dashboard that takes many steps a second."""
END = """
from comm import get_comm_manager
from ipywidgets.widgets.widget import _instances
explorer.close()
for widget in list(_instances.values()):
    if type(widget).__name__ != "_CanvasManager":  # one for all of ipycanvas, for as long as the kernel lives
        get_comm_manager().unregister_comm(widget.comm)
        widget.comm._closed = True  # a server drops messages where more than 3,000 come within three seconds
        widget.close()
"""
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


class SharedNotebook:
    """One page with one kernel, in which each test gets an explorer of its own: the rest of an opening is waiting.

    Nobody reloads it: of the explorers that have ended a page brings back parts, in the place of the living one's.

    Args:
        server: Where the notebook lies.
        chromium: What shows it.
        name: Of the notebook.
        cell: What the page shows; it leaves `explorer` behind.
    """

    def __init__(self, server: JupyterServer, chromium: Browser, name: str, cell: str) -> None:
        self._opener = NotebookOpener(server, chromium, name)
        self._cell = cell
        self._notebook: NotebookPage | None = None

    def open(self) -> NotebookPage:
        """Runs the cell on the page, and returns it."""
        notebook = self._notebook or self._opener([self._cell])
        self._notebook = notebook
        notebook.console_errors.clear()
        notebook.outside_requests.clear()
        notebook.run_all()
        return notebook

    def end(self) -> None:
        """Ends the explorer; nothing is left of it but the kernel."""
        if self._notebook is not None:
            self._notebook.page.mouse.move(0, 0)
            self._notebook.run_code(END)

    def close(self) -> None:
        """Closes the page and ends its kernel; the next test gets new ones."""
        self._notebook = None
        self._opener.close()
