"""The README's pictures of the dashboard, taken from a real JupyterLab: `make screenshots`.

They show the samples and the built-in network alone, and the same steps each time. What differs from one taking to the
next is what the machine is: its cores, its pace, and the last digits of numbers.
"""

import io
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.jupyter_server import run_jupyter_lab
from tests.browser.notebook_page import Dashboard, NotebookOpener, NotebookPage

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
CELLS = (
    """
from dataclasses import replace
from nst_explorer import Explorer, Recipe
explorer = Explorer("Harbor at dusk", "Brush strokes", Recipe(weights="builtin", size=384), journal=False)
explorer
""",
    """
session = explorer.session
session.advance(120)
session.rewind(40)
session.branch(replace(session.recipe, style_weight=3.0))
session.advance(80)
""",
)
WIDTH, HEIGHT = 1400, 3000
"""Of the window, so high that nothing scrolls."""
SHARPNESS = 2
MARGIN = 20
DASHBOARD_WIDTH, PANEL_WIDTH, TALLEST = 1600, 800, 1800
"""Of the pictures, in pixels; of a longer panel the upper part is shown."""
QUALITY = 80
LARGEST_KILOBYTES = 250
WAIT_SECONDS = 300


def take_screenshots(folder: Path) -> None:
    """Takes all pictures and writes them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with _open_dashboard() as (notebook, dashboard):
        _write(dashboard.root, folder / "dashboard.webp", DASHBOARD_WIDTH)
        for name, (tab, prepare) in VIEWS.items():
            dashboard.tab(tab).click()
            prepare(dashboard)
            _rest(notebook)
            _write(dashboard.root.locator(".nst-inspect"), folder / f"{name}.webp", PANEL_WIDTH)
        dashboard.tab("Feature maps").click()
        notebook.page.evaluate(
            "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
        )
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        _rest(notebook)
        _write(dashboard.root, folder / "dashboard-dark.webp", DASHBOARD_WIDTH)


@contextmanager
def _open_dashboard() -> Iterator[tuple[NotebookPage, Dashboard]]:
    program = find_chromium()
    if program is None:
        sys.exit("No Chromium or Chrome was found, but it takes the pictures; install it (apt-get install chromium).")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with run_jupyter_lab(Path(folder)) as server:
            opener = NotebookOpener(server, chromium, "screenshots")
            notebook = opener(CELLS, width=WIDTH, height=HEIGHT, device_scale_factor=SHARPNESS)
            notebook.run_all(seconds=WAIT_SECONDS)
            dashboard = notebook.dashboard()
            dashboard.wait_for_text("step 120, total", WAIT_SECONDS)
            dashboard.input("Explain").uncheck()
            _rest(notebook)
            yield notebook, dashboard
            opener.close()
        chromium.close()


def _show_all_channels(dashboard: Dashboard) -> None:
    dashboard.button("block3_conv1").click()
    expect(dashboard.root.locator(".nst-features")).to_contain_text("block3_conv1")
    dashboard.button("Channel 3").click()


def _show_gram(dashboard: Dashboard) -> None:
    dashboard.root.locator(".nst-gram-view").get_by_role("radio", name="by similarity").check(force=True)


def _show_nothing_else(dashboard: Dashboard) -> None:
    expect(dashboard.root.locator(".nst-view:visible")).to_be_visible()


def _show_gradient(dashboard: Dashboard) -> None:
    expect(dashboard.root.locator(".nst-gradient-body")).to_be_visible(timeout=WAIT_SECONDS * 1000)


def _show_update(dashboard: Dashboard) -> None:
    dashboard.button("Update").click()
    dashboard.wait_for_text("Stage 5 of 5")


def _show_reconstructions(dashboard: Dashboard) -> None:
    dashboard.button("All five: content").click()
    dashboard.wait_for_text("The side runs have ended.", WAIT_SECONDS)


def _show_rates(dashboard: Dashboard) -> None:
    dashboard.button("Add breakpoint").click()
    dashboard.button("Find a learning rate").click()
    expect(dashboard.root.locator(".nst-rates progress")).to_have_count(1)
    expect(dashboard.root.locator(".nst-rates progress")).to_have_count(0, timeout=WAIT_SECONDS * 1000)


VIEWS: dict[str, tuple[str, Callable[[Dashboard], None]]] = {
    "loss": ("Loss", _show_nothing_else),
    "feature-maps": ("Feature maps", _show_all_channels),
    "gram": ("Gram", _show_gram),
    "gradient": ("Gradient", _show_gradient),
    "one-step": ("One step", _show_update),
    "layer-effects": ("Layer effects", _show_reconstructions),
    "branches": ("Branches", _show_nothing_else),
    "debug": ("Debug", _show_rates),
}
"""File name to the tab that it shows, and what is done there first."""


def _rest(notebook: NotebookPage) -> None:
    """Takes the mouse away and waits until no picture of the page has changed for a second."""
    notebook.page.mouse.move(0, 0)
    seen = ""
    while (now := notebook.page.evaluate("() => [...document.images].map(each => each.src).join()")) != seen:
        seen = now
        notebook.page.wait_for_timeout(1000)


def _write(element: Locator, path: Path, width: int) -> None:
    picture = Image.open(io.BytesIO(element.screenshot(animations="disabled"))).convert("RGB")
    picture = _cut_empty_foot(picture)
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture = picture.crop((0, 0, width, min(picture.height, TALLEST)))
    picture.save(path, "WEBP", quality=QUALITY, method=6)
    kilobytes = path.stat().st_size / 1000
    print(f"{path.name}: {picture.width} × {picture.height} px, {kilobytes:.0f} kB")
    if kilobytes > LARGEST_KILOBYTES:
        sys.exit(f"{path.name} is larger than {LARGEST_KILOBYTES} kB; lower QUALITY, or the width of such pictures.")


def _cut_empty_foot(picture: Image.Image) -> Image.Image:
    """Cuts off the rows at the bottom that are all alike: a short panel is as tall as its neighbors."""
    pixels = np.asarray(picture)
    filled = np.flatnonzero((pixels[:, MARGIN:-MARGIN] != pixels[-MARGIN, MARGIN]).any(axis=(1, 2)))
    return picture.crop((0, 0, picture.width, min(picture.height, int(filled[-1]) + MARGIN)))


if __name__ == "__main__":
    parser = ArgumentParser(description="Takes the pictures of the README anew.")
    parser.add_argument("--output", type=Path, default=PICTURES, help="the folder (docs/pictures)")
    take_screenshots(parser.parse_args().output)
