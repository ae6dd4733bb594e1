"""Limits: what a dashboard that is served to others refuses, in a sentence each, also where no control offers it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nst_explorer import Explorer, Recipe, Session
from nst_explorer.errors import InputError
from nst_explorer.gestures import Gestures
from nst_explorer.limits import UNLIMITED, Limits
from tests.explorer_fixtures import wait_until

PAGE = Limits(
    largest_size=96, most_steps=3, upload_mb=0.5, may_read_paths=False, may_write_files=False, may_download=False,
    note="Nothing is kept.",
)  # fmt: skip


@pytest.fixture(scope="module")
def page(content_image, style_image) -> Iterator[Explorer]:
    explorer = Explorer(content_image, style_image, Recipe(weights="builtin", size=64), limits=PAGE)
    yield explorer
    explorer.close()


@pytest.fixture
def gestures(page) -> Gestures:
    assert page.session.step <= 3
    return Gestures(page)


def test_limits_are_told_in_plain_words_and_no_limits_say_nothing(page):
    assert PAGE.describe() == (
        "Allowed here: pictures of up to 96 px; 3 steps a run; uploads of up to 0.5 MB. Nothing is kept."
    )
    assert UNLIMITED.describe() == ""
    assert any("3 steps a run" in getattr(child, "value", "") for child in page.dashboard.root.children)


def test_only_allowed_sizes_and_networks_are_offered(page):
    header = page.dashboard.header
    assert [value for _, value in header._size.widget.options] == [64, 96]
    assert "file" not in [value for _, value in header._network.widget.options]
    assert "nst-hidden" in header.download.offer._dom_classes
    assert UNLIMITED.list_sizes((128, 256)) == (128, 256)
    assert Limits(largest_size=200).list_sizes((128, 256)) == (128, 200)


def test_a_dashboard_begins_within_its_limits():
    recipe = Recipe(size=256)
    assert PAGE.fit(recipe) == replace(recipe, size=96)
    assert UNLIMITED.fit(recipe) is recipe


def test_a_dashboard_that_reads_no_paths_does_not_begin_with_a_file_of_weights(slim_weights):
    with pytest.raises(InputError, match="no path is read on this page; choose a network"):
        Explorer(recipe=Recipe(weights=str(slim_weights)), limits=PAGE)


def test_a_size_beyond_the_limit_is_refused_and_the_run_stays(page, gestures):
    before = page.session
    gestures.choose_size(128)
    assert page.dashboard.header.messages.text.startswith(
        "The size is 128 pixels, but at most 96 are allowed on this page; choose 96 or less."
    )
    assert page.session is before
    assert page.recipe.size == 64


def test_weights_of_a_file_are_refused(page, gestures, slim_weights):
    gestures.choose_network(str(slim_weights))
    assert "no path is read on this page; choose a network from the list" in page.dashboard.header.messages.text
    PAGE.require_recipe(Recipe(weights="random:3", size=64))


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "~/photo.jpg", "file:///etc/passwd"])
def test_no_path_is_read(page, gestures, path):
    gestures.choose_image("content", path)
    sentence = f'The content image is "{path}", but no path is read on this page; choose a sample, or upload a file.'
    assert page.dashboard.images.messages.text == sentence


def test_an_upload_beyond_the_limit_is_refused_with_its_size(page, gestures):
    gestures.upload_image("style", "../holiday.jpg", bytes(600_000))
    assert page.dashboard.images.messages.text == (
        'The file "holiday.jpg" has 0.6 MB, but at most 0.5 MB are allowed on this page; make it smaller, or choose '
        "another."
    )


def test_a_run_stops_at_the_last_step_that_is_allowed_and_says_so(page, gestures):
    gestures.step(10)
    wait_until(lambda: page.session.step == 3 and not page._runner.is_playing)
    wait_until(lambda: "may only come to step 3 here" in page.dashboard.result.messages.text)
    with pytest.raises(InputError, match="The run is at step 3, but a run may only come to step 3 here; go back"):
        page.session.advance()


def test_a_session_without_a_limit_goes_on(content_image, style_image, recipe):
    session = Session(content_image, style_image, recipe)
    session.limit_steps(1)
    session.advance()
    with pytest.raises(InputError):
        session.advance()
    session.limit_steps(None)
    session.advance()
    assert session.step == 2


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("toggle_runs", ()),
        ("open_run", ("20200101",)),
        ("rename_run", ("20200101", "mine")),
        ("delete_run", ("20200101",)),
        ("delete_runs", (["20200101"],)),
        ("export_run", ("20200101", "/tmp/out.nst")),
        ("import_run", ("/tmp/in.nst",)),
        ("limit_runs", (10,)),
        ("limit_all_runs", (10,)),
    ],
)
def test_recorded_runs_are_out_of_reach_whatever_a_browser_sends(page, gestures, name, arguments, own_data_folder):
    getattr(gestures, name)(*arguments)
    subject = "header" if name == "open_run" else "runs"
    assert page.dashboard.messages(subject).text.startswith("Runs are not recorded on this page, which keeps nothing")
    assert not page.dashboard.runs.is_open
    assert page.session.journal is None
    assert list(own_data_folder.iterdir()) == []


def test_weights_are_not_fetched_for_a_visitor(page, gestures):
    gestures.fetch_imagenet()
    assert "a visitor cannot fetch them; ask whoever serves this page" in page.dashboard.header.messages.text
    assert not page.fetching.is_under_way


def test_whoever_runs_the_dashboard_may_do_everything():
    UNLIMITED.require_recipe(Recipe(size=4096, weights="mine.npz"))
    UNLIMITED.require_image("content", "../../photo.jpg", ())
    UNLIMITED.require_upload("photo.jpg", bytes(10))
    UNLIMITED.require_files()
    UNLIMITED.require_download()


def test_a_sample_in_any_case_and_what_python_gave_are_no_paths():
    PAGE.require_image("content", " grace HOPPER", ("Grace Hopper",))
    PAGE.require_image("content", Path("/photos/one.jpg"), ())
    PAGE.require_image("content", b"bytes", ())


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"largest_size": 8}, "The limit of the largest size is 8, but it must be at least 32; try 512."),
        ({"most_steps": 0}, "The limit of the most steps is 0, but it must be at least 1; try 1000."),
        ({"upload_mb": "x"}, "The limit of the largest upload in MB is 'x', but it must be at least 0.1; try 20."),
    ],
)
def test_a_limit_that_none_can_keep_is_refused(limit, sentence):
    with pytest.raises(InputError) as error:
        Limits(**limit)
    assert str(error.value) == sentence
