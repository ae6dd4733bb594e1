"""Saving as a person does it: a report by keyboard that opens alone, a picture that brings back."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.explorer_page import open_run, wait_for_step


def test_what_is_saved_is_there_and_a_saved_picture_offers_its_settings(notebook):
    dashboard = open_run(notebook)
    dashboard.button("+10").click()
    wait_for_step(dashboard, 10)
    folder = notebook.server.folder / "notebooks"
    before = set(folder.iterdir())
    toggle = dashboard.root.get_by_role("button", name="Save", exact=True)
    toggle.focus()
    notebook.page.keyboard.press("Enter")
    dashboard.input("What").select_option("Report")
    expect(dashboard.input("File name")).to_have_value(re.compile(r"-report\.html$"))
    dashboard.button("Save report").focus()
    notebook.page.keyboard.press("Enter")
    dashboard.wait_for_text(re.compile(r"Saved \S+-report\.html \(.* MB\) in "))
    (report,) = set(folder.iterdir()) - before

    page = notebook.page.context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="Recipe")).to_be_visible()
    expect(page.get_by_role("img", name="Generated picture at step 10")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Loss curves, steps 0 to 10"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert all(page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth > 0)"))
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert said == []
    page.close()

    dashboard.input("What").select_option("Picture")
    dashboard.input("File name").fill("mine.png")
    dashboard.input("File name").press("Enter")
    dashboard.wait_for_text(re.compile(r"Saved mine\.png \(\d+ kB\) in "))
    with notebook.page.expect_download() as downloading:
        dashboard.root.get_by_role("link", name="Download mine.png").click()
    assert Path(downloading.value.path()).read_bytes() == (folder / "mine.png").read_bytes()

    with notebook.page.expect_file_chooser() as chooser:
        dashboard.root.get_by_role("button", name=re.compile("Upload a content image")).click()
    chooser.value.set_files(folder / "mine.png")
    dashboard.wait_for_text("was saved by NST Explorer with its run's settings")
    wait_for_step(dashboard, 10)
    dashboard.button("Use its settings").click()
    wait_for_step(dashboard, 0)
    assert notebook.cell_errors == []
    assert notebook.console_errors == []
    assert notebook.outside_requests == []
