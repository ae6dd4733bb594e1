"""The galleries of samples in the images panel, without a browser."""

from collections.abc import Iterator
from typing import Any

import ipywidgets
import pytest

from nst_explorer.widgets.images_panel import ImagesPanel
from nst_explorer.widgets.sample_gallery import PRESENT, SampleGallery
from tests.widgets.test_controls import Calls, find

CONTENT, STYLE = ("Photo", "Harbor"), ("Waves", "Coral", "Mosaic")


@pytest.fixture
def chosen() -> Calls:
    return Calls()


@pytest.fixture
def toggled() -> Calls:
    return Calls()


@pytest.fixture
def panel(chosen, toggled) -> ImagesPanel:
    return ImagesPanel({"content": CONTENT, "style": STYLE}, chosen, toggled, Calls(), Calls(), Calls())


def list_widgets(root: Any) -> Iterator[Any]:
    yield root
    for child in getattr(root, "children", ()):
        yield from list_widgets(child)


def list_shown_samples(panel) -> list[str]:
    """The names of the samples in open galleries."""
    galleries = [each for each in list_widgets(panel.root) if "nst-gallery" in each._dom_classes]
    opened = [gallery for gallery in galleries if "nst-hidden" not in gallery._dom_classes]
    return [each.description for root in opened for each in list_widgets(root) if isinstance(each, ipywidgets.Button)]


def list_marked_samples(panel) -> list[str]:
    cells = [each for each in list_widgets(panel.root) if "nst-present" in each._dom_classes]
    return [button.description for _, button in (cell.children for cell in cells)]


def test_the_galleries_are_closed_at_first_and_have_no_widgets_yet(panel):
    assert panel.opened_samples is None
    assert list_shown_samples(panel) == []
    assert not any("nst-sample" in each._dom_classes for each in list_widgets(panel.root))


def test_one_gallery_is_open_at_a_time(panel):
    panel.show_samples("style")
    assert list_shown_samples(panel) == list(STYLE)
    panel.show_samples("content")
    assert list_shown_samples(panel) == list(CONTENT)
    panel.show_samples(None)
    assert list_shown_samples(panel) == []


def test_the_button_tells_whether_its_gallery_is_open(panel):
    button = find(panel.root, ipywidgets.Button, "Style samples")
    assert button.tooltip == "Show the style samples"
    panel.show_samples("style")
    assert button.tooltip == "Hide the style samples"
    panel.show_samples("content")
    assert button.tooltip == "Show the style samples"


def test_a_press_on_a_button_asks_and_opens_nothing_by_itself(panel, toggled):
    find(panel.root, ipywidgets.Button, "Content samples").click()
    find(panel.root, ipywidgets.Button, "Style samples").click()
    assert toggled == ["content", "style"]
    assert list_shown_samples(panel) == []


def test_choosing_a_sample_is_told_with_its_role_and_the_gallery_stays_open(panel, chosen):
    panel.show_samples("style")
    find(panel.root, ipywidgets.Button, "Coral").click()
    panel.show_samples("content")
    find(panel.root, ipywidgets.Button, "Harbor").click()
    assert chosen == [("style", "Coral"), ("content", "Harbor")]
    assert list_shown_samples(panel) == list(CONTENT)


def test_showing_never_chooses(panel, chosen, toggled):
    panel.show_samples("style")
    panel.show_name("style", "Coral")
    panel.show_image("style", "Mosaic", b"png")
    panel.show_sample("style", "Waves", b"jpeg")
    assert (chosen, toggled) == ([], [])


def test_the_present_sample_is_marked_also_when_the_gallery_opens_later(panel):
    panel.show_name("style", "Coral")
    panel.show_samples("style")
    assert list_marked_samples(panel) == ["Coral"]
    assert find(panel.root, ipywidgets.Button, "Coral").tooltip == PRESENT
    panel.show_image("style", " mosaic ", b"png")
    assert list_marked_samples(panel) == ["Mosaic"]
    assert find(panel.root, ipywidgets.Button, "Coral").tooltip == ""
    panel.show_name("style", "paintings/waves.jpg")
    assert list_marked_samples(panel) == []


def test_the_present_sample_is_not_chosen_again(panel, chosen):
    panel.show_name("style", "Coral")
    panel.show_samples("style")
    find(panel.root, ipywidgets.Button, "Coral").click()
    assert chosen == []


def test_a_thumbnail_is_decoration_and_its_button_has_the_name():
    gallery = SampleGallery("style", STYLE, Calls(), Calls())
    gallery.show_open(True)
    gallery.show_picture("Coral", b"\xff\xd8")
    pictures = [each.value for each in list_widgets(gallery.root) if "nst-sample-picture" in each._dom_classes]
    assert pictures == ["", '<img alt="" src="data:image/jpeg;base64,/9g=">', ""]
