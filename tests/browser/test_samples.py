"""The gallery of samples as a person meets it: open, look, try several by mouse and keyboard."""

import re

import numpy as np
from playwright.sync_api import expect

from nst_explorer.samples import sample_names
from tests.browser.explorer_page import open_run, read_picture

PAINTING_SECONDS = 60


def test_samples_are_tried_from_their_gallery_by_mouse_and_by_keyboard(notebook):
    dashboard = open_run(notebook)
    style = dashboard.root.get_by_title(re.compile("^Style image")).and_(dashboard.root.locator("img"))
    before = style.get_attribute("src") or ""
    dashboard.button("Style samples").click()
    thumbnails = dashboard.root.locator(".nst-sample img")
    expect(thumbnails).to_have_count(len(sample_names("style")), timeout=PAINTING_SECONDS * 1000)
    pictures = [read_picture(each) for each in thumbnails.all()]
    assert all(each.std() > 10 for each in pictures)
    assert not np.array_equal(pictures[0], pictures[1])
    expect(dashboard.button("Brush strokes")).to_have_attribute("title", "in use")

    dashboard.button("Coral").click()
    expect(dashboard.input("Style image")).to_have_value("Coral")
    expect(style).not_to_have_attribute("src", before)
    expect(dashboard.button("Coral")).to_have_attribute("title", "in use")
    expect(dashboard.button("Brush strokes")).not_to_have_attribute("title", re.compile("."))
    by_mouse = style.get_attribute("src") or ""

    dashboard.button("Coral").press("Tab")
    expect(dashboard.button("Cut paper")).to_be_focused()
    expect(dashboard.button("Cut paper")).to_have_css("outline-width", "2px")
    dashboard.button("Cut paper").press("Enter")
    expect(dashboard.input("Style image")).to_have_value("Cut paper")
    expect(style).not_to_have_attribute("src", by_mouse)

    dashboard.button("Content samples").click()
    expect(dashboard.button("Harbor at dusk")).to_be_visible()
    expect(dashboard.button("Coral")).to_be_hidden()
    dashboard.button("Content samples").click()
    expect(dashboard.button("Harbor at dusk")).to_be_hidden()
    assert notebook.console_errors == []
