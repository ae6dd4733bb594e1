"""The Gram tab under a real mouse and a real keyboard, on made-up features."""

import re
import time

from playwright.sync_api import Locator, expect

CELL = """
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from nst_explorer.recipe import Recipe
from nst_explorer.showing_gram import show_gram
from nst_explorer.view.gram_choice import GramChoice
from nst_explorer.widgets.gram_panel import GramPanel
from nst_explorer.widgets.panel import make_box, make_html

random = np.random.default_rng(0)
maps = {of: random.normal(size=(30, 40, 64)).clip(0).astype(np.float32) for of in ("generated", "content", "style")}

class Inspection:
    layer, step, recipe = "block1_conv1", 3, Recipe()
    raw = {"style/block1_conv1": 0.25}
    losses = {"style/block1_conv1": 0.25, "total": 0.5}
    def features(self, of):
        return maps[of]
    def gram(self, of):
        flat = maps[of].reshape(-1, 64)
        return flat.T @ flat / len(flat)

inspection = Inspection()
panel = GramPanel(lambda choice: show_gram(panel, inspection, choice, is_playing=False))
show_gram(panel, inspection, GramChoice(cell=(1, 2)), is_playing=False)
sheets = [files("nst_explorer.widgets").joinpath(name).read_text() for name in ("style.css", "gram.css")]
sheet = make_html("<style>" + "".join(sheets) + "</style>", "nst-sheet")
make_box("nst nst-explaining", sheet, make_box("nst-panel", panel.root))
"""


def read_center(locator: Locator, column: int, row: int, side: int) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + (column + 0.5) * box["width"] / side, box["y"] + (row + 0.5) * box["height"] / side


def test_the_gram_tab_answers_mouse_wheel_and_keyboard(open_notebook):
    notebook = open_notebook([CELL], width=600)
    dashboard = notebook.run_dashboard()
    mouse, keyboard = notebook.page.mouse, notebook.page.keyboard
    row, column = dashboard.input("Row i"), dashboard.input("Column j")
    expect(row).to_have_value("1")
    heat_map = dashboard.root.locator("img.nst-gram-map").first

    mouse.move(*read_center(heat_map, 40, 20, 64))
    begin = time.monotonic()
    mouse.move(*read_center(heat_map, 41, 20, 64))
    expect(column).to_have_value("41")
    assert time.monotonic() - begin < 3  # 50 ms where nothing else runs
    expect(row).to_have_value("20")
    mouse.down()
    mouse.up()
    mouse.move(0, 0)
    dashboard.wait_for_text("F20, mean")
    expect(column).to_have_value("41")

    mouse.move(*read_center(heat_map, 4, 50, 64))  # the surface is there only once the mouse is
    mouse.move(*read_center(heat_map, 5, 50, 64))
    expect(row).to_have_value("50")
    mouse.wheel(0, -120)
    dashboard.wait_for_text("16 of 64 channels")
    mouse.wheel(0, 120)
    dashboard.wait_for_text("all 64 channels")
    mouse.move(0, 0)
    expect(row).to_have_value("20")

    row.focus()
    names = []
    for _ in range(24):
        keyboard.press("Tab")
        names.append(notebook.page.evaluate("() => document.activeElement.textContent.trim()"))
    assert {"Zoom in", "What the symbols mean"} <= set(names)  # nothing swallows the key
    assert sum(name.startswith("Choose cell") for name in names) == 8

    choice = dashboard.root.get_by_role("button", name=re.compile("Choose cell")).first
    wanted = re.findall(r"\d+", choice.text_content() or "")
    choice.focus()
    keyboard.press("Enter")
    expect(row).to_have_value(wanted[0])
    expect(column).to_have_value(wanted[1])
    dashboard.root.locator("summary").focus()
    keyboard.press("Enter")
    expect(dashboard.root.get_by_text("the number of channels: 64")).to_be_visible()
    dashboard.button("Zoom in").click()
    dashboard.wait_for_text("16 of 64 channels")
    expect(dashboard.root.get_by_text("the number of channels: 64")).to_be_visible()  # it did not fold by itself
    notebook.reload()
    dashboard = notebook.dashboard()
    dashboard.wait_for_text("16 of 64 channels")
    expect(dashboard.input("Row i")).to_have_value(wanted[0])
    assert notebook.console_errors == []
    assert notebook.outside_requests == []
