"""Downloads against a server on this machine: told, cancelled, repeated; nobody is kept waiting."""

import hashlib
import socket
import threading
import time
from unittest.mock import Mock

import ipywidgets
import numpy as np
import pytest

from nst_explorer import Explorer, Recipe
from nst_explorer.core import imagenet, weights
from nst_explorer.core.imagenet import locate_imagenet
from nst_explorer.fetching import Fetching, needs_imagenet
from nst_explorer.gestures import Gestures
from nst_explorer.widgets.dashboard import Dashboard
from tests.explorer_fixtures import wait_until
from tests.widgets.test_controls import Calls, find

pytestmark = pytest.mark.slow  # whole runs: seconds each

CONTENT = np.random.default_rng(0).bytes(200_000)
OFFER = "Get ImageNet VGG19 (80 MB)"


@pytest.fixture(autouse=True)
def keras_home(tmp_path, monkeypatch):
    """An empty folder that stands for `~/.keras`."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.fixture
def server(serve, monkeypatch):
    monkeypatch.setattr(imagenet, "IMAGENET_MD5", hashlib.md5(CONTENT).hexdigest())
    monkeypatch.setattr(imagenet, "TIMEOUT_SECONDS", 5.0)
    return serve(CONTENT)


@pytest.fixture
def behave(server, monkeypatch):
    """Has the server answer in a certain way from now on."""

    def behave(behavior):
        monkeypatch.setattr(imagenet, "IMAGENET_URL", server.address(behavior))

    behave("complete")
    return behave


@pytest.fixture
def dashboard():
    return Dashboard(Mock())


@pytest.fixture
def fetched():
    return Calls()


@pytest.fixture
def fetching(dashboard, fetched):
    fetching = Fetching(dashboard, fetched)
    yield fetching
    fetching.cancel()


@pytest.fixture
def states(dashboard, monkeypatch):
    """What the download bar was told to show."""
    bar, states = dashboard.header.download, Calls()
    show = bar.show

    def note(received, total):
        states(received, total)
        show(received, total)

    monkeypatch.setattr(bar, "show", note)
    return states


def is_shown(dashboard):
    return dashboard.header.download.root.children != ()


def find_button(dashboard, text):
    with dashboard.lock:  # whoever shows a message has then shown all of it
        return find(dashboard.header.messages.root, ipywidgets.Button, text)


def list_actions(dashboard, message):
    """The texts of a message's buttons, by its place."""
    with dashboard.lock:
        return [button.description for button in dashboard.header.messages.root.children[message].children[1].children]


def list_downloads():
    return [thread for thread in threading.enumerate() if thread.name == "nst-explorer-download"]


def list_cache():
    folder = locate_imagenet().parent
    return list(folder.iterdir()) if folder.exists() else []


def test_what_is_complete_is_told_once_and_the_bar_goes(behave, fetching, fetched, dashboard, states):
    fetching.start()
    wait_until(lambda: fetched)
    wait_until(lambda: not list_downloads())
    assert fetched == [()]
    assert locate_imagenet().read_bytes() == CONTENT
    assert states[0] == (0, 0)
    assert not is_shown(dashboard)
    assert not fetching.is_under_way
    assert dashboard.header.messages.text == ""


def test_progress_is_shown_while_the_file_is_on_its_way(behave, server, fetching, fetched, dashboard, states):
    behave("slow")
    fetching.start()
    wait_until(lambda: len(states) == 2)
    assert states[-1] == (65_536, 200_000)
    assert is_shown(dashboard)
    assert fetched == []
    server.go_on.set()
    wait_until(lambda: fetched)


def test_progress_is_shown_at_most_ten_times_a_second(fetching, fetched, states, monkeypatch):
    silence = threading.Event()

    def fetch(on_progress, *_):
        for received in range(1, 301):
            on_progress(received, 1000)
            time.sleep(0.001)
        silence.wait(10)

    monkeypatch.setattr(imagenet, "fetch_imagenet", fetch)
    begin = time.monotonic()
    fetching.start()
    wait_until(lambda: states[-1] == (300, 1000))  # the last before the server fell silent is always shown
    assert 3 <= len(states) <= 3 + 10 * (time.monotonic() - begin)
    silence.set()
    wait_until(lambda: fetched)


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("cut-off", "could not be fetched from 127.0.0.1: the download was cut off; check the internet connection"),
        ("missing", "could not be fetched from 127.0.0.1: it answered 404 Not Found"),
        ("silent", "could not be fetched from 127.0.0.1: it did not answer within 0.3 s"),
        ("other-content", "What 127.0.0.1 sent has the MD5"),
    ],
)
def test_a_failure_is_told_with_a_way_to_try_again(behave, fetching, fetched, dashboard, monkeypatch, behavior, reason):
    monkeypatch.setattr(imagenet, "TIMEOUT_SECONDS", 0.3)
    behave(behavior)
    fetching.start()
    messages = dashboard.header.messages
    wait_until(lambda: reason in messages.text)
    assert not is_shown(dashboard)
    assert list_cache() == []
    assert fetched == []
    assert list_actions(dashboard, 0) == ["Try again", "Dismiss"]
    assert not find_button(dashboard, "Try again").disabled
    behave("complete")
    fetching.start()
    wait_until(lambda: fetched)


def test_a_refused_connection_is_told(fetching, dashboard, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        monkeypatch.setattr(imagenet, "IMAGENET_URL", f"http://127.0.0.1:{unused.getsockname()[1]}/")
        fetching.start()
        wait_until(lambda: "there is no connection, or it fell silent" in dashboard.header.messages.text)
    assert not fetching.is_under_way


def test_a_bar_that_cannot_be_drawn_is_told_and_the_download_goes_on(
    behave, server, fetching, fetched, dashboard, monkeypatch
):
    show = dashboard.header.download.show

    def fail(received, total):
        show(received, total)
        if received:
            raise ValueError("no room")

    monkeypatch.setattr(dashboard.header.download, "show", fail)
    behave("slow")
    fetching.start()
    wait_until(lambda: "could not be drawn (no room)" in dashboard.header.messages.text)
    server.go_on.set()
    wait_until(lambda: fetched)


def test_what_nobody_foresaw_is_told_and_logged(fetching, dashboard, monkeypatch, caplog):
    def fail(*_):
        raise LookupError("no such thing")

    monkeypatch.setattr(imagenet, "fetch_imagenet", fail)
    fetching.start()
    wait_until(lambda: "Something unforeseen stopped the download (LookupError" in dashboard.header.messages.text)
    assert "the download failed" in caplog.text


def test_a_second_start_while_one_is_under_way_does_nothing(behave, server, fetching, fetched):
    behave("slow")
    fetching.start()
    wait_until(lambda: server.paths)
    fetching.start()
    assert len(list_downloads()) == 1
    server.go_on.set()
    wait_until(lambda: fetched)
    wait_until(lambda: not list_downloads())
    assert (server.paths, fetched) == (["/slow"], [()])


@pytest.mark.parametrize(("behavior", "shows"), [("silent", 1), ("halfway-silent", 2), ("slow", 2)])
def test_cancelling_answers_at_once_and_what_comes_later_disturbs_nothing(
    behave, server, fetching, fetched, dashboard, states, behavior, shows
):
    behave(behavior)
    fetching.start()
    wait_until(lambda: server.paths and len(states) == shows)
    fetching.cancel()
    assert list_downloads()  # it still waits for the server
    assert not is_shown(dashboard)
    assert not fetching.is_under_way
    server.go_on.set()
    wait_until(lambda: not list_downloads())
    assert (fetched, dashboard.header.messages.text, list_cache()) == ([], "", [])


def test_a_fresh_start_after_cancelling_is_not_disturbed_by_the_old_one(
    behave, server, fetching, fetched, dashboard, states
):
    behave("halfway-silent")
    fetching.start()
    wait_until(lambda: len(states) == 2)
    fetching.cancel()
    behave("slow")
    fetching.start()
    wait_until(lambda: len(server.paths) == 2)
    assert len(list_downloads()) == 2
    assert is_shown(dashboard)
    server.go_on.set()
    wait_until(lambda: not list_downloads())
    assert (fetched, dashboard.header.messages.text) == ([()], "")
    assert list_cache() == [locate_imagenet()]


def test_imagenet_is_needed_where_it_is_asked_for_and_missing_or_damaged(server):
    assert not needs_imagenet(Recipe(weights="random"))
    assert needs_imagenet(Recipe(weights="imagenet"))
    locate_imagenet().parent.mkdir(parents=True)
    locate_imagenet().write_bytes(CONTENT[:1000])
    assert needs_imagenet(Recipe(weights="imagenet"))
    locate_imagenet().write_bytes(CONTENT)
    assert not needs_imagenet(Recipe(weights="imagenet"))


# In the explorer, with a slim network in the place of ImageNet's.


@pytest.fixture
def explorer(behave, slim_weights, content_image, style_image, monkeypatch):
    def load(spec):
        imagenet.verify_imagenet()
        return weights.Weights("imagenet", *weights.read_weights_file(slim_weights))

    monkeypatch.setitem(weights.WEIGHTS, "imagenet", load)
    explorer = Explorer(content_image, style_image, Recipe(weights=str(slim_weights), size=64, style_weight=3.0))
    assert explorer.session.step == 0
    yield explorer
    explorer.close()


def test_the_run_goes_on_meanwhile_and_then_begins_anew_with_the_same_choices(explorer, behave, server):
    behave("slow")
    first, gestures = explorer.session, Gestures(explorer)
    explorer.select(layer="block2_conv1")
    gestures.fetch_imagenet()
    wait_until(lambda: server.paths)
    gestures.step(2)
    wait_until(lambda: first.step == 2)
    gestures.weigh_group("content_weight", 2.0)
    server.go_on.set()
    wait_until(lambda: explorer.earlier == (first,))
    second = explorer.session
    assert second.recipe == Recipe(weights="imagenet", size=64, style_weight=3.0, content_weight=2.0)
    np.testing.assert_array_equal(second.content, first.content)
    np.testing.assert_array_equal(second.style, first.style)
    assert explorer.selection.layer == "block2_conv1"
    wait_until(lambda: "kept at step 2" in explorer.dashboard.header.messages.text)
    find_button(explorer.dashboard, "Go back to it").click()
    wait_until(lambda: explorer.session is first)


def test_choosing_imagenet_where_it_is_not_offers_the_download_beside_the_error(explorer, behave):
    Gestures(explorer).choose_network("imagenet")
    messages = explorer.dashboard.header.messages
    wait_until(lambda: "ImageNet's weights are not on this machine" in messages.text)
    assert list_actions(explorer.dashboard, -1) == [OFFER, "Dismiss"]
    find_button(explorer.dashboard, OFFER).click()
    assert "not on this machine" not in messages.text
    wait_until(lambda: explorer.session.recipe.weights == "imagenet")


def test_another_error_of_the_header_offers_no_download(explorer):
    Gestures(explorer).choose_network("missing.npz")
    messages = explorer.dashboard.header.messages
    wait_until(lambda: "missing.npz" in messages.text)
    assert list_actions(explorer.dashboard, -1) == ["Dismiss"]


def test_automatic_weights_without_imagenet_offer_the_download(content_image, style_image):
    explorer = Explorer(content_image, style_image, Recipe(size=64))
    assert explorer.session.step == 0
    wait_until(lambda: explorer.dashboard.header.messages.text)
    assert list_actions(explorer.dashboard, 0) == [OFFER]
    explorer.close()


def test_closing_the_explorer_gives_the_download_up(explorer, behave, server):
    behave("halfway-silent")
    Gestures(explorer).fetch_imagenet()
    wait_until(lambda: server.paths)
    explorer.close()
    assert not explorer.fetching.is_under_way
    server.go_on.set()
    wait_until(lambda: not list_downloads())
    assert list_cache() == []
