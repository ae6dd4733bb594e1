"""The harness proved on widgets that are not ours: a failure here is JupyterLab's, the browser's or the harness's."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import report_missing_chromium

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


def test_a_button_clicked_in_the_page_counts_in_the_kernel_and_both_survive_a_reload(open_notebook):
    notebook = open_notebook(["name = 'first'", COUNTER])
    dashboard = notebook.run_dashboard()
    dashboard.button("Count").click()
    dashboard.button("Count").click()
    dashboard.wait_for_text("counted 2")
    dashboard.button("Count back").click()
    dashboard.wait_for_text("counted 1")

    notebook.reload()
    dashboard = notebook.dashboard()
    dashboard.wait_for_text("counted 1")
    dashboard.input("Weight").fill("10")
    dashboard.input("Weight").press("Enter")
    dashboard.button("Count").click()
    dashboard.wait_for_text("counted 11")
    assert notebook.console_errors == []
    assert notebook.outside_requests == []


def test_two_dashboards_are_told_apart(open_notebook):
    notebook = open_notebook([COUNTER, COUNTER])
    notebook.run_all()
    notebook.dashboard(1).button("Count").click()
    notebook.dashboard(1).wait_for_text("counted 1")
    notebook.dashboard(0).wait_for_text("counted 0")


@pytest.mark.parametrize(("theme", "is_light"), [("dark", "false"), ("light", "true")])
def test_the_theme_and_the_width_are_those_asked_for(open_notebook, theme, is_light):
    notebook = open_notebook([COUNTER], theme=theme, width=900, height=600)
    notebook.run_dashboard()
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
    box = notebook.dashboard().root.bounding_box()
    assert box is not None
    assert 680 < box["width"] < 860


def test_a_picture_holds_the_whole_dashboard(open_notebook, tmp_path):
    notebook = open_notebook([COUNTER], height=500)
    notebook.run_dashboard()
    picture = notebook.screenshot(tmp_path / "pictures" / "dashboard.png")
    height = int.from_bytes(picture.read_bytes()[20:24], "big")  # where a PNG says it
    assert height > 1500
    assert notebook.page.viewport_size == {"width": 1400, "height": 500}


def test_an_error_in_a_cell_fails_the_test_with_its_traceback(open_notebook):
    notebook = open_notebook(["1 / 0"])
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        notebook.run_all()
    notebook.run_all(is_error_expected=True)


def test_console_errors_and_requests_to_the_outside_are_noted(open_notebook):
    notebook = open_notebook(["1"])
    notebook.page.evaluate("() => console.error('a fault of the page')")
    notebook.page.evaluate("() => fetch('http://127.0.0.1:9/outside').catch(() => null)")
    assert any("a fault of the page" in error for error in notebook.console_errors)
    assert notebook.outside_requests == ["http://127.0.0.1:9/outside"]


def test_each_test_begins_without_kernels(jupyter_server):
    assert jupyter_server.list_kernels() == ()


@pytest.mark.parametrize("value", ["true", "1"])
def test_a_missing_browser_fails_in_ci(value):
    with pytest.raises(pytest.fail.Exception, match="NO BROWSER"):
        report_missing_chromium({"CI": value})


@pytest.mark.parametrize("environment", [{}, {"CI": ""}, {"CI": "false"}])
def test_a_missing_browser_skips_loudly_elsewhere(environment):
    with pytest.raises(pytest.skip.Exception, match="NO BROWSER: the dashboard was NOT tried"):
        report_missing_chromium(environment)
