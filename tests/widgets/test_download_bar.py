"""The download bar without a download: what it says, and that its buttons rest while it says it."""

import ipywidgets
import pytest

from nst_explorer.widgets.download_bar import DownloadBar
from tests.widgets.test_controls import Calls, find


@pytest.fixture
def fetches():
    return Calls()


@pytest.fixture
def cancels():
    return Calls()


@pytest.fixture
def bar(fetches, cancels):
    return DownloadBar(fetches, cancels)


def state_of(bar):
    return bar.root.children[0].children[0].value


@pytest.mark.parametrize(
    ("received", "total", "text", "value"),
    [
        (0, 0, "Getting ImageNet VGG19: waiting for the server …", None),
        (30_900_000, 80_134_624, "Getting ImageNet VGG19: <b>31 of 80 MB</b>", 'value="0.386"'),
        (80_134_624, 80_134_624, "Getting ImageNet VGG19: <b>80 of 80 MB</b>", 'value="1.000"'),
        (30_900_000, 0, "Getting ImageNet VGG19: <b>31 MB</b> received", None),
    ],
)
def test_the_state_is_told_in_words_and_as_a_named_bar(bar, received, total, text, value):
    bar.show(received, total)
    assert f"<span>{text}</span>" in state_of(bar)
    assert '<progress aria-label="Download of ImageNet VGG19"' in state_of(bar)
    assert ("value=" in state_of(bar)) is (value is not None)
    assert value is None or value in state_of(bar)


def test_it_takes_room_only_while_something_is_on_its_way(bar):
    assert bar.root.children == ()
    bar.show(0, 0)
    assert len(bar.root.children) == 1
    bar.hide()
    assert bar.root.children == ()


def test_its_buttons_tell_and_those_that_start_it_rest_meanwhile(bar, fetches, cancels):
    bar.offer.click()
    bar.retry.click()
    assert len(fetches) == 2
    bar.show(0, 0)
    assert (bar.offer.disabled, bar.retry.disabled) == (True, True)
    find(bar.root, ipywidgets.Button, "Cancel").click()
    assert len(cancels) == 1
    bar.hide()
    assert (bar.offer.disabled, bar.retry.disabled) == (False, False)
