"""The harness proved on widgets that are not ours: a failure here is JupyterLab's, the browser's or the harness's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import report_missing_chromium
from tests.browser.jupyter_server import JupyterServer
from tests.browser.notebook_page import NotebookOpener, NotebookPage

COUNTER = """
from ipywidgets import HTML, Button, FloatText, VBox

count = 0
shown = HTML("counted 0")
button = Button(description="Count")
back = Button(description="Count back")
weight = FloatText(value=1, description="Weight")

def add(step):
    global count
    count += step * weight.value
    shown.value = f"counted {count:g}"

button.on_click(lambda _: add(1))
back.on_click(lambda _: add(-1))
box = VBox([button, back, weight, shown, HTML("<div style='height: 1500px'>tall</div>")])
box.add_class("nst")
box
"""


@pytest.fixture(scope="module")
def counters(jupyter_server: JupyterServer, chromium: Browser) -> Iterator[NotebookPage]:
    """Two dashboards in the dark; a page for several tests, since opening one takes longer than most of them."""
    opener = NotebookOpener(jupyter_server, chromium, "counters")
    notebook = opener(["name = 'first'", COUNTER, COUNTER], theme="dark", width=900, height=600)
    notebook.run_all()
    yield notebook
    opener.close()


def test_the_theme_and_the_width_are_those_asked_for(counters):
    expect(counters.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    box = counters.dashboard().root.bounding_box()
    assert box is not None
    assert 680 < box["width"] < 860


def test_a_picture_holds_the_whole_dashboard(counters, tmp_path):
    picture = counters.screenshot(tmp_path / "pictures" / "dashboard.png")
    height = int.from_bytes(picture.read_bytes()[20:24], "big")  # where a PNG says it
    assert height > 1500
    assert counters.page.viewport_size == {"width": 900, "height": 600}


def test_a_button_clicked_in_the_page_counts_in_the_kernel_and_both_survive_a_reload(counters):
    dashboard = counters.dashboard(1)  # a second one is told apart
    dashboard.button("Count").click()
    dashboard.button("Count").click()
    dashboard.wait_for_text("counted 2")
    dashboard.button("Count back").click()
    dashboard.wait_for_text("counted 1")
    counters.dashboard(0).wait_for_text("counted 0")

    counters.reload()
    dashboard = counters.dashboard(1)
    dashboard.wait_for_text("counted 1")
    dashboard.input("Weight").fill("10")
    dashboard.input("Weight").press("Enter")
    dashboard.button("Count").click()
    dashboard.wait_for_text("counted 11")
    assert counters.console_errors == []
    assert counters.outside_requests == []


def test_errors_of_cells_and_of_the_page_and_requests_to_the_outside_are_noted_and_no_kernel_stays(
    open_notebook, jupyter_server
):
    kernels = jupyter_server.list_kernels()
    notebook = open_notebook(["1 / 0"])  # in the theme that is chosen where none is asked for
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        notebook.run_all()
    notebook.run_all(is_error_expected=True)
    with pytest.raises(AssertionError, match="NameError"):
        notebook.run_code("nothing_of_that_name")
    notebook.page.evaluate("() => console.error('a fault of the page')")
    notebook.page.evaluate("() => fetch('http://127.0.0.1:9/outside').catch(() => null)")
    assert any("a fault of the page" in error for error in notebook.console_errors)
    assert notebook.outside_requests == ["http://127.0.0.1:9/outside"]
    assert len(jupyter_server.list_kernels()) == len(kernels) + 1
    open_notebook.close()
    assert jupyter_server.list_kernels() == kernels


@pytest.mark.parametrize("value", ["true", "1"])
def test_a_missing_browser_fails_in_ci(value):
    with pytest.raises(pytest.fail.Exception, match="NO BROWSER"):
        report_missing_chromium({"CI": value})


@pytest.mark.parametrize("environment", [{}, {"CI": ""}, {"CI": "false"}])
def test_a_missing_browser_skips_loudly_elsewhere(environment):
    with pytest.raises(pytest.skip.Exception, match="NO BROWSER: the dashboard was NOT tried"):
        report_missing_chromium(environment)
