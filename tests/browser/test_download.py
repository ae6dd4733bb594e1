"""ImageNet's weights fetched from the dashboard, from a server on this machine that stands for Keras'."""

import hashlib

import numpy as np
import pytest
from playwright.sync_api import expect

from nst_explorer.layers import CONVOLUTION_NAMES, FULL_WIDTHS, find_layer
from tests.browser.explorer_page import open_run, wait_beyond, wait_for_step

OFFER = "Get ImageNet VGG19 (80 MB)"
BYTES = 80_134_624
FIRST_PART = 31_000_000
CELL = """
import os
os.environ.update(KERAS_HOME={home!r}, NO_PROXY="127.0.0.1")
from nst_explorer import Explorer, Recipe
from nst_explorer.core import imagenet
imagenet.IMAGENET_URL, imagenet.IMAGENET_MD5 = {url!r}, {md5!r}
explorer = Explorer(recipe=Recipe(size=64))
explorer
"""


@pytest.fixture(scope="session")
def full_file(tmp_path_factory, write_legacy_h5) -> bytes:
    """A file as Keras publishes it, of VGG19's full widths, with numbers drawn by lot."""
    random, arrays, inputs = np.random.default_rng(0), {}, 3
    for name in CONVOLUTION_NAMES:
        outputs = FULL_WIDTHS[find_layer(name).block - 1]
        kernel = random.standard_normal((3, 3, inputs, outputs), dtype=np.float32)
        arrays[f"{name}/kernel"] = kernel * np.float32(np.sqrt(2 / (9 * inputs)))
        arrays[f"{name}/bias"] = np.zeros(outputs, np.float32)
        inputs = outputs
    return write_legacy_h5(tmp_path_factory.mktemp("full") / "vgg19.h5", arrays).read_bytes()


@pytest.fixture
def open_dashboard(open_notebook, serve, tmp_path):
    """Opens a dashboard whose ImageNet comes from the server in the ways that are named; returns page and server."""

    def open_dashboard(content, behaviors, **options):
        server = serve(content, FIRST_PART)
        md5 = hashlib.md5(content).hexdigest()
        cell = CELL.format(home=str(tmp_path / "keras"), url=server.address(behaviors), md5=md5)
        notebook = open_notebook([cell], **options)
        notebook.run_all()
        return notebook, server

    return open_dashboard


def test_imagenet_is_fetched_while_it_plays_and_then_takes_over_with_the_same_images(open_dashboard, full_file):
    notebook, server = open_dashboard(full_file, "slow")
    dashboard = open_run(notebook)
    dashboard.button(OFFER).click()
    dashboard.wait_for_text("Getting ImageNet VGG19: 31 of 80 MB")
    expect(dashboard.root.get_by_role("progressbar", name="Download of ImageNet VGG19")).to_be_visible()
    expect(dashboard.button(OFFER)).to_be_disabled()
    dashboard.button("Play").click()
    wait_beyond(dashboard, 2)
    server.go_on.set()
    dashboard.wait_for_text("weights auto → imagenet", 60)
    wait_for_step(dashboard, 0)
    expect(dashboard.input("Network")).to_have_value("ImageNet VGG19")
    expect(dashboard.root.locator(".nst-badge")).to_have_text("imagenet")
    expect(dashboard.root.get_by_role("progressbar")).to_have_count(0)
    dashboard.button("Step").click()
    wait_for_step(dashboard, 1)
    dashboard.button("Go back to it").click()
    expect(dashboard.input("Network")).to_have_value("Automatic")
    assert (notebook.cell_errors, notebook.console_errors, notebook.outside_requests) == ([], [], [])


def test_a_download_that_fails_is_tried_again_and_cancelled(open_dashboard):
    notebook, _ = open_dashboard(bytes(BYTES), "cut-off,halfway-silent,silent")
    dashboard = open_run(notebook)
    dashboard.button(OFFER).click()
    alert = dashboard.root.get_by_role("alert")
    expect(alert).to_contain_text("could not be fetched from 127.0.0.1: the download was cut off")
    dashboard.button("Try again").click()
    dashboard.wait_for_text("31 of 80 MB")
    expect(alert).to_have_count(0)
    notebook.reload()
    dashboard = notebook.dashboard()
    dashboard.wait_for_text("31 of 80 MB")
    dashboard.button("Cancel").click()
    expect(dashboard.root.get_by_role("progressbar")).to_have_count(0)
    dashboard.input("Network").select_option("ImageNet VGG19")
    expect(dashboard.root.get_by_role("alert")).to_contain_text("ImageNet's weights are not on this machine")
    expect(dashboard.button(OFFER)).to_have_count(1)  # of the note's and the error's, one is enough
    dashboard.button(OFFER).click()
    dashboard.wait_for_text("waiting for the server")
    dashboard.button("Cancel").click()
    expect(dashboard.root.get_by_role("progressbar")).to_have_count(0)
    expect(dashboard.button(OFFER)).to_be_enabled()
    assert notebook.console_errors == []
