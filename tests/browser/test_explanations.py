"""Explanations as a person meets them: a control's where the mouse or the keyboard is, words, lessons, and the tour."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from nst_explorer.view.glossary import GLOSSARY
from nst_explorer.view.tour import STOPS
from tests.browser.explorer_page import open_run
from tests.browser.jupyter_server import JupyterServer
from tests.browser.notebook_page import Dashboard, NotebookOpener, NotebookPage

CELL = """
import os
os.environ["NST_EXPLORER_DATA"] = {data!r}
from nst_explorer import Explorer, Recipe
explorer = Explorer(recipe=Recipe(size=64, weights={weights!r}))
explorer
"""
SEEN = """element => [...element.querySelectorAll(".nst-note")].filter(note => {
  const style = getComputedStyle(note);
  return style.visibility === "visible" && style.opacity === "1" && note.offsetParent;
}).map(note => note.textContent)"""
PLACES = """element => {
  const [card] = [...element.querySelectorAll(".nst-tour-place")].filter(place => place.offsetParent);
  const target = element.querySelector(".nst-toured");
  const boxes = [...target.children].filter(each => each !== card && each.offsetParent)
    .map(each => each.getBoundingClientRect());
  const box = card.getBoundingClientRect();
  return {
    isSeen: box.top >= 0 && box.bottom <= innerHeight,
    isOver: boxes.some(each => Math.min(each.bottom, box.bottom) - Math.max(each.top, box.top) > 1
      && Math.min(each.right, box.right) - Math.max(each.left, box.left) > 1),
  };
}"""


def read_notes(panel: Locator) -> str:
    """What is to be read in a panel's place for explanations."""
    return " ".join(panel.evaluate(SEEN))


def measure_height(element: Locator) -> float:
    return element.evaluate("element => element.getBoundingClientRect().height")


def take_tour(dashboard: Dashboard, width: int) -> None:
    """Goes through the tour by keyboard from its button on."""
    keyboard = dashboard.root.page.keyboard
    for number, stop in enumerate(STOPS, start=1):
        text = dashboard.root.locator(".nst-tour-text:visible")
        expect(text).to_contain_text(f"Tour, step {number} of 6: {stop.title}")
        expect(dashboard.root.locator(".nst-toured")).to_have_count(1)
        on = dashboard.root.get_by_role("button", name="Done" if number == 6 else "Next", exact=True)
        if number == 1:
            on.focus()
        expect(on).to_be_focused()
        place = dashboard.root.evaluate(PLACES)
        assert not place["isOver"], (width, number)
        assert place["isSeen"], (width, number)
        keyboard.press("Enter")
    expect(dashboard.root.locator(".nst-toured")).to_have_count(0)
    expect(dashboard.button("Tour")).to_be_focused()


@pytest.fixture(scope="module")
def notebook(
    jupyter_server: JupyterServer, chromium: Browser, slim_weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NotebookPage]:
    """A dashboard of a person who is new here, with one of the lessons beside it; one page for both tests."""
    opener = NotebookOpener(jupyter_server, chromium, "explanations")
    jupyter_server.write_notebook("03_the_gram_matrix", ["# the lesson"])
    data = str(tmp_path_factory.mktemp("data"))
    notebook = opener([CELL.format(weights=str(slim_weights), data=data)])
    notebook.run_all()
    open_run(notebook)
    yield notebook
    opener.close()


def test_a_new_person_is_offered_the_tour_and_goes_through_it_by_keyboard(notebook: NotebookPage):
    dashboard = notebook.dashboard()
    height = measure_height(dashboard.root.locator(".nst-network"))
    dashboard.button("Take the tour (6 steps)").focus()
    notebook.page.keyboard.press("Enter")
    take_tour(dashboard, 1400)
    dashboard.tab("Loss").click()
    assert measure_height(dashboard.root.locator(".nst-network")) == height
    notebook.page.set_viewport_size({"width": 400, "height": 1000})
    dashboard.button("Tour").press("Enter")
    take_tour(dashboard, 400)
    notebook.page.set_viewport_size({"width": 1400, "height": 1000})
    dashboard.button("Tour").press("Enter")
    dashboard.root.get_by_role("button", name="Skip the tour").press("Enter")
    expect(dashboard.root.locator(".nst-tour-place:visible")).to_have_count(0)
    assert notebook.console_errors == []


def test_each_control_is_explained_by_mouse_and_by_keyboard_and_a_lesson_opens(notebook: NotebookPage):
    dashboard = notebook.dashboard()
    recipe, result = dashboard.root.locator(".nst-recipe"), dashboard.root.locator(".nst-result")
    height = measure_height(dashboard.root)
    assert read_notes(recipe).startswith("The loss")
    dashboard.input("Learning rate").hover()
    assert read_notes(recipe).startswith("Learning rate η in Adam's move")
    recipe.locator(".nst-notes").hover()
    assert read_notes(recipe).startswith("The loss")
    notebook.page.mouse.move(0, 0)
    dashboard.button("Step").focus()
    for key in ("Tab", "Shift+Tab"):
        notebook.page.keyboard.press(key)
    assert read_notes(result).startswith("Step Takes one step")
    expect(dashboard.button("Step")).to_have_attribute("title", re.compile("^Takes one step"))
    assert measure_height(dashboard.root) == height
    # A word of the panel's own sentences, though they are covered while the keyboard is at a control.
    word = result.locator(".nst-term", has_text="gradient")
    word.focus()
    expect(word.locator(".nst-definition")).to_be_visible()
    expect(word.locator(".nst-definition")).to_contain_text(GLOSSARY["gradient"])
    expect(word).to_have_attribute("aria-description", GLOSSARY["gradient"])
    assert read_notes(result).startswith("Each step")
    dashboard.root.locator(".nst-images .nst-term").first.hover()
    expect(dashboard.root.locator(".nst-images .nst-definition").first).to_be_visible()
    dashboard.button("Glossary").click()
    expect(dashboard.root.get_by_role("region", name="Glossary")).to_contain_text(GLOSSARY["Gram matrix"])
    dashboard.root.locator(".nst-glossary summary", has_text="Recipe").click()
    expect(
        dashboard.root.get_by_role("region", name="Glossary").get_by_text("Learning rate", exact=True)
    ).to_be_visible()
    dashboard.button("Glossary").click()
    dashboard.tab("Gram").click()
    expect(dashboard.root.get_by_text("In the course: 06_what_training_brings.ipynb").first).to_be_visible()
    dashboard.root.get_by_role("link", name="Lesson 3: The Gram matrix").press("Enter")
    notebook.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context?.path === '03_the_gram_matrix.ipynb'"
    )
    assert len(notebook.page.context.pages) == 1
    assert notebook.console_errors == []
    assert notebook.outside_requests == []
