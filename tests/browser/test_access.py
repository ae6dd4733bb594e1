"""The dashboard for everybody: names for screen readers, the keyboard, contrasts, narrow windows and high zoom.

One page for all tests of this file, since opening one takes longer than most of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import CONTRASTS, OVERFLOWS, Stop, list_nameless, list_stops
from tests.browser.jupyter_server import JupyterServer
from tests.browser.notebook_page import Dashboard, NotebookOpener, NotebookPage

TABS = {
    "Loss": ".nst-chart",
    "Feature maps": ".nst-mosaic-picture",
    "Gram": ".nst-gram-body",
    "Gradient": ".nst-gradient-body",
    "One step": ".nst-stage-body",
    "Layer effects": ".nst-effects",
    "Branches": ".nst-branch-picture",
    "Debug": ".nst-debug",
}
"""What is there once a tab is filled."""
CELL = """
from nst_explorer import Explorer, Recipe
explorer = Explorer(recipe=Recipe(size=64, weights={weights!r}))
explorer
"""
WAIT = 60_000
HEIGHT = 2600  # so that nothing scrolls, and what is measured stands where it is seen
HEARD = """() => {
  window.heard = [];
  const live = '[role=status], [role=alert], [aria-live]';
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      const around = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      const within = [...addedNodes].filter(each => each.nodeType === 1)
        .flatMap(each => [each, ...each.querySelectorAll('*')]).filter(each => each.matches(live));
      for (const each of around ? [around, ...within] : within) window.heard.push(each.textContent);
    }
  }).observe(document.querySelector('.nst'), { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def notebook(jupyter_server: JupyterServer, chromium: Browser, slim_weights: Path) -> Iterator[NotebookPage]:
    """A dashboard whose run was gone back in and changed, so that there is a branch, with its samples and runs open."""
    opener = NotebookOpener(jupyter_server, chromium, "access")
    notebook = opener([CELL.format(weights=str(slim_weights))], height=HEIGHT)
    dashboard = notebook.run_dashboard()
    dashboard.wait_for_text("step 0, total", 90)
    dashboard.button("+10").click()
    dashboard.wait_for_text("step 10, total")
    dashboard.button("Step back").click()
    dashboard.wait_for_text("step 9, total")
    dashboard.input("Style weight").fill("3")
    dashboard.input("Style weight").press("Enter")
    dashboard.button("Step").click()
    dashboard.wait_for_text("step 10, total")
    yield notebook
    opener.close()


@pytest.fixture
def dashboard(notebook: NotebookPage) -> Dashboard:
    return notebook.dashboard()


def open_tab(notebook: NotebookPage, name: str) -> None:
    notebook.dashboard().tab(name).press("Enter")
    expect(notebook.page.locator(TABS[name])).to_be_visible(timeout=WAIT)


def resize(notebook: NotebookPage, width: int) -> None:
    notebook.page.set_viewport_size({"width": width, "height": HEIGHT})
    # Until the notebook has taken its width: the dashboard is laid out by its own.
    notebook.page.wait_for_function(
        "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 300, true)))"
    )


def choose_theme(notebook: NotebookPage, name: str) -> None:
    notebook.page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
    is_light = "true" if name.endswith("Light") else "false"
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light, timeout=WAIT)


def test_every_control_and_picture_of_every_tab_has_a_name_and_words_are_seen_in_both_themes(notebook, dashboard):
    dashboard.root.get_by_role("radio", name="wipe").check(force=True)
    dashboard.button("Show the content samples").or_(dashboard.button("Content samples")).first.click()
    dashboard.button("Runs").click()
    expect(dashboard.input("Run to import")).to_be_visible()
    for tab in TABS:
        open_tab(notebook, tab)
        assert list_nameless(notebook.page) == [], tab
        assert notebook.page.evaluate(CONTRASTS) == [], tab
    choose_theme(notebook, "JupyterLab Dark")
    for tab in TABS:
        open_tab(notebook, tab)
        assert notebook.page.evaluate(CONTRASTS) == [], f"{tab}, dark"
    choose_theme(notebook, "JupyterLab Light")
    dashboard.button("Runs").click()
    dashboard.button("Content samples").click()
    dashboard.root.get_by_role("radio", name="picture").check(force=True)


def test_a_picture_tells_in_words_what_is_seen(notebook, dashboard):
    open_tab(notebook, "Gram")
    for name in (
        r"^Result: generated picture at step 10, \d+ × \d+ px$",
        r"^Content image: Grace Hopper$",
        r"^Gram matrix, Style A: all \d+ channels; .* from 0 to",
    ):
        expect(dashboard.root.get_by_role("img", name=re.compile(name))).to_be_visible()


@pytest.mark.parametrize("width", [1400, 500])
def test_tab_goes_in_reading_order_and_a_ring_is_seen_at_every_stop(notebook, width):
    resize(notebook, width)
    open_tab(notebook, "Loss")
    stops = list_stops(notebook.page)
    names = [stop.name for stop in stops]
    assert {"Play", "Runs", "Step", "block4_conv2", "Content weight of block4_conv2", "Loss"} <= set(names)
    assert "" not in names
    assert [stop.name for stop in stops if not stop.is_ringed] == []
    panels = [panel for panel, _ in groupby(stop.panel for stop in stops if stop.panel not in ("header", "top"))]
    assert panels == ["images", "result", "network", "recipe", "inspect"]
    for panel in panels:
        own = [stop for stop in stops if stop.panel == panel]
        backwards = [(one.name, other.name) for one, other in pairwise(own) if goes_back(one, other)]
        assert backwards == [], panel
    if width == 500:  # one column: each panel begins where the one before it has ended
        tops = [min(stop.top for stop in stops if stop.panel == panel) for panel in panels]
        assert tops == sorted(tops)
    else:  # rows of the first two columns, then the third
        first = {panel: next(stop for stop in stops if stop.panel == panel) for panel in panels}
        assert first["images"].left < first["result"].left < first["inspect"].left
        assert first["network"].left < first["recipe"].left < first["inspect"].left
        assert first["images"].top < first["network"].top
    resize(notebook, 1400)


def goes_back(one: Stop, other: Stop) -> bool:
    """Whether what comes next stands above, but for the head of a further column, or to the left in the same line."""
    is_above = other.bottom <= one.top + 2
    is_same_line = other.top < one.bottom - 2 and one.top < other.bottom - 2
    return (is_above and other.left < one.right) or (is_same_line and other.right <= one.left + 2)


def test_what_pictures_and_drawings_offer_is_done_by_keyboard(notebook, dashboard):
    page = notebook.page
    open_tab(notebook, "Loss")
    dashboard.tab("Loss").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(dashboard.tab("Feature maps")).to_have_attribute("aria-selected", "true")
    dashboard.button("block2_conv2").focus()
    page.keyboard.press("Enter")
    expect(dashboard.input("Layer")).to_have_value("block2_conv2")
    dashboard.button("Channel 3").focus()
    page.keyboard.press("Enter")
    expect(dashboard.input("Channel")).to_have_value("3")
    dashboard.input("Column").fill("2")
    dashboard.input("Column").press("Enter")
    expect(dashboard.root.locator(".nst-reading")).to_contain_text("(x 2,")
    dashboard.root.get_by_role("radio", name="wipe").focus()
    page.keyboard.press("Space")
    dashboard.input("Wipe against step").fill("2")
    dashboard.input("Wipe against step").press("Enter")
    dashboard.root.locator(".nst-wipe").get_by_label("Left part (%)", exact=True).focus()
    page.keyboard.press("ArrowUp")
    expect(
        dashboard.root.get_by_role("img", name="Result: step 2 on the left 55 %, step 10 on the right")
    ).to_be_visible()
    dashboard.root.get_by_role("radio", name="picture").focus()
    page.keyboard.press("Space")
    dashboard.button("Go to step 0, start").focus()
    page.keyboard.press("Enter")
    dashboard.wait_for_text("step 0, total")
    dashboard.input("Step").focus()
    page.keyboard.press("ArrowUp")
    dashboard.wait_for_text("step 1, total")


def test_a_sliders_circle_is_drawn_by_mouse_though_no_key_and_no_screen_reader_meets_it(notebook, dashboard):
    assert dashboard.root.get_by_role("slider").count() == 0
    page = notebook.page
    expect(dashboard.input("Content weight")).to_have_value("0.1")
    row = dashboard.root.locator(".nst-row", has=page.get_by_label("Content weight", exact=True))
    row.scroll_into_view_if_needed()
    circle, track = row.locator(".noUi-handle").bounding_box(), row.locator(".noUi-base").bounding_box()
    page.mouse.move(circle["x"] + circle["width"] / 2, circle["y"] + circle["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 0.9, circle["y"] + 4, steps=3)
    page.mouse.up()
    expect(dashboard.input("Content weight")).to_have_value(re.compile(r"^\d{4,}$"))


def test_a_run_that_plays_does_not_talk_and_tells_its_step_where_it_rests(notebook, dashboard):
    for tab in ("Feature maps", "One step"):
        open_tab(notebook, tab)
        dashboard.button("Reset").click()
        dashboard.wait_for_text("step 0, total")
        notebook.page.evaluate(HEARD)
        dashboard.button("Play").click()
        expect(dashboard.root.locator(".nst-readout")).not_to_contain_text(re.compile(r"step \d\d?,"), timeout=20_000)
        heard = notebook.page.evaluate("() => window.heard")  # a diagnosis is told, too, once
        dashboard.button("Pause").click()
        assert len(set(heard)) <= 2, tab
        assert max(Counter(heard).values(), default=0) <= 2, tab
        expect(dashboard.root.locator(".nst-readout [role=status]")).to_have_count(1)


@pytest.mark.parametrize("width", [400, 700])  # 700 is what a window of 1400 px has at 200 % zoom
def test_nothing_is_cut_off_or_laid_over_something_else_in_a_narrow_window(notebook, width):
    resize(notebook, width)
    for tab in TABS:
        open_tab(notebook, tab)
        assert notebook.page.evaluate(OVERFLOWS) == [], tab
    resize(notebook, 1400)
