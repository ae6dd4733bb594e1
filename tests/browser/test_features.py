"""The tab of feature maps: under a real mouse and keyboard on made-up features, and live while a run plays."""

import re

import numpy as np
from playwright.sync_api import expect

from tests.browser.explorer_page import open_run, read_picture, wait_beyond, wait_for_step

CELL = """
from importlib.resources import files

import numpy as np

from nst_explorer.recipe import Recipe
from nst_explorer.showing_features import point_at_pixel, show_features, show_pixel
from nst_explorer.view.feature_choice import FeatureChoice, change_choice
from nst_explorer.widgets.feature_panel import FeaturePanel
from nst_explorer.widgets.panel import make_box, make_html

maps = np.random.default_rng(0).uniform(0, 0.2, (30, 40, 16)).astype(np.float32)
maps[4:7, 30:33, 3] = 9.0  # the one bright spot of channel 3

class Inspection:
    layer, step, recipe, losses = "block1_conv1", 3, Recipe(), {}
    image = content = style = np.full((30, 40, 3), 0.5, np.float32)
    def features(self, of):
        return maps
    def gram(self, of):
        return np.eye(16, dtype=np.float32)

inspection, choice = Inspection(), FeatureChoice()

def choose(field, value):
    global choice
    choice = change_choice(choice, field, value)
    show_features(panel, inspection, choice, is_playing=False)

def point(row, column):
    show_pixel(panel, inspection, point_at_pixel(inspection, choice, row, column))

panel = FeaturePanel(choose, point)
show_features(panel, inspection, choice, is_playing=False)
sheets = [files("nst_explorer.widgets").joinpath(name).read_text() for name in ("style.css", "features.css")]
sheet = make_html("<style>" + "".join(sheets) + "</style>", "nst-sheet")
make_box("nst nst-explaining", sheet, make_box("nst-panel", panel.root))
"""


def test_a_bright_spot_is_found_where_it_is_by_mouse_and_by_keyboard(open_notebook):
    notebook = open_notebook([CELL], width=700, height=700)
    dashboard = notebook.run_dashboard()
    page = notebook.page
    dashboard.root.get_by_role("button", name=re.compile(r"Channel 3\b")).click()
    expect(dashboard.input("Channel")).to_have_value("3")
    close_map = dashboard.root.locator("img.nst-close-map")
    dashboard.wait_for_text("Channel 3")
    pixels = read_picture(close_map).astype(int)
    height, width, _ = pixels.shape
    yellow = pixels[..., 0] + pixels[..., 1] - pixels[..., 2]  # the bright end of the scale
    rows, columns = np.nonzero(yellow == yellow.max())
    assert (round(rows.mean()) * 30 // height, round(columns.mean()) * 40 // width) == (5, 31)

    close_map.scroll_into_view_if_needed()
    box = close_map.bounding_box()
    assert box is not None
    for shift in (0.1, 0.5):  # the surface is there only once the mouse is
        page.mouse.move(box["x"] + (31 + shift) * box["width"] / 40, box["y"] + (5 + shift) * box["height"] / 30)
    dashboard.wait_for_text(re.compile(r"\b9(\.0+)?\b"))
    expect(dashboard.input("Row")).to_have_value("5")
    expect(dashboard.input("Column")).to_have_value("31")

    # Over the tiles, which are buttons, the wheel scrolls the page.
    tile = dashboard.root.get_by_role("button", name=re.compile(r"Channel 0\b"))

    def sentence(channel):
        return dashboard.root.locator(".nst-tile-line span", has_text=f"Channel {channel}:")

    page.mouse.move(5, 5)
    tile.focus()
    page.keyboard.press("Tab")
    expect(sentence(1)).to_be_visible()
    tile.hover()
    expect(sentence(0)).to_contain_text("mean 0.0983")
    expect(sentence(0)).to_be_visible()
    expect(sentence(1)).to_be_hidden()
    top = tile.bounding_box()
    page.mouse.wheel(0, 120)
    page.wait_for_function(
        "([tile, top]) => Math.abs(tile.getBoundingClientRect().top - top) > 20",
        arg=[tile.element_handle(), top and top["y"]],
    )
    page.mouse.move(0, 0)
    dashboard.input("Sorted by").focus()
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("() => document.activeElement.textContent.trim()"))
        if not page.evaluate("() => document.activeElement.closest('.nst') !== null"):
            break
    else:
        raise AssertionError(f"the Tab key never left: {names}")
    assert sum(name.startswith("Channel") for name in names) >= 16  # and every tile was on the way
    assert notebook.console_errors == []


def test_maps_follow_the_run_while_another_layer_is_chosen(notebook):
    dashboard = open_run(notebook)
    dashboard.button("Play").click()
    wait_for_step_beyond = wait_beyond(dashboard, 3)
    dashboard.tab("Feature maps").click()
    dashboard.root.get_by_role("button", name="block2_conv1", exact=True).click()
    dashboard.wait_for_text(re.compile(r"block2_conv1.*6 channels|6 channels.*block2_conv1", re.DOTALL))
    mosaic = dashboard.root.locator("img.nst-mosaic-picture")
    first = mosaic.get_attribute("src")
    expect(mosaic).not_to_have_attribute("src", first or "")
    wait_beyond(dashboard, wait_for_step_beyond + 5)
    dashboard.button("Pause").click()
    dashboard.tab("Gram").click()
    dashboard.wait_for_text("Largest differences")
    notebook.reload()
    dashboard = notebook.dashboard()
    dashboard.tab("Feature maps").click()
    dashboard.wait_for_text("block2_conv1")
    dashboard.button("Reset").click()
    wait_for_step(dashboard, 0)
    assert notebook.console_errors == []
    assert notebook.outside_requests == []
