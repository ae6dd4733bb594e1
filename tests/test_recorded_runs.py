"""Recorded runs through the explorer: recorded without asking, offered, opened, kept in order."""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest

from nst_explorer import Explorer, Recipe
from nst_explorer.gestures import Gestures
from nst_explorer.session.journal.folder import list_runs, locate_runs
from tests.explorer_fixtures import wait_until
from tests.session.journal_runs import open_tiny
from tests.test_explorer import find_texts

pytestmark = pytest.mark.slow  # whole runs: seconds each


@pytest.fixture
def before(paint_image, slim_weights):
    """A run that was recorded before the dashboard opens; its file, its last step's picture."""
    session = open_tiny(paint_image, slim_weights)
    journal = session.start_journal(name="<b>waves</b>", image_names={"style": "Brush strokes"})
    session.advance(4)
    session.close()
    return journal.path, session.image


@pytest.fixture
def make_explorer(content_image, style_image, slim_weights):
    explorers: list[Explorer] = []

    def make(**options) -> Explorer:
        recipe = Recipe(weights=str(slim_weights), size=64)
        explorers.append(Explorer(content_image, style_image, recipe, **options))
        assert explorers[-1].session.step == 0
        return explorers[-1]

    yield make
    for explorer in explorers:
        explorer.close()


@pytest.fixture
def explorer(before, make_explorer) -> Iterator[Explorer]:
    return make_explorer()


@pytest.fixture
def gestures(explorer) -> Gestures:
    return Gestures(explorer)


def notice_of(explorer):
    return explorer.dashboard.runs.notice.text


def list_of(explorer):
    return "".join(find_texts(explorer.dashboard.runs.root))


def press(explorer, text):
    bar = explorer.dashboard.runs.notice.root
    buttons = [button for message in bar.children for button in message.children[1].children]
    next(button for button in buttons if button.description == text).click()


def test_the_last_run_is_offered_and_goes_on_where_it_stood(explorer, gestures, before):
    wait_until(lambda: "Last run: “<b>waves</b>”" in notice_of(explorer))
    first = explorer.session
    press(explorer, "Resume")
    wait_until(lambda: explorer.session is not first)
    assert notice_of(explorer) == ""
    assert explorer.session.step == 4
    np.testing.assert_array_equal(explorer.session.image, before[1])
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 6)
    explorer.session.journal.flush()
    # The step shows a moment before the worker has handed it to the journal.
    wait_until(lambda: next(run for run in list_runs() if run.path == before[0]).newest == 6)
    # The sample goes by its name again, so that a run of another size has all of it.
    wait_until(lambda: explorer._sources["style"].name == "Brush strokes")  # shown a moment later
    assert explorer._sources["style"].value == "Brush strokes"


def test_the_offer_can_be_declined(explorer):
    wait_until(lambda: notice_of(explorer))
    press(explorer, "Not now")
    assert notice_of(explorer) == ""


def test_every_run_of_a_dashboard_is_recorded_and_closed_with_it(make_explorer):
    explorer = make_explorer(journal_mb=64)
    gestures = Gestures(explorer)
    assert list_runs() == []
    gestures.step(3)
    wait_until(lambda: explorer.session.step == 3)
    gestures.choose_size(48)
    wait_until(lambda: explorer.session.recipe.size == 48)
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    assert explorer.session.journal.limit_mb == 64
    wait_until(lambda: sorted(run.newest for run in list_runs()) == [2, 3])
    assert all(run.is_open for run in list_runs())
    explorer.close()
    assert not any(run.is_open for run in list_runs())
    assert all(run.is_closed for run in list_runs())
    assert {run.name for run in list_runs()} == {"content image from Python + style image from Python"}


def test_nothing_is_recorded_or_offered_where_that_is_not_wanted(before, make_explorer):
    explorer = make_explorer(journal=False)
    Gestures(explorer).step(2)
    wait_until(lambda: explorer.session.step == 2)
    assert explorer.session.journal is None
    assert notice_of(explorer) == ""
    assert len(list_runs()) == 1


def test_the_list_has_every_run_and_what_is_wrong_with_a_damaged_one(explorer, gestures, before):
    damaged = before[0].with_name("20200101-000000-dead.nst")
    damaged.write_bytes(before[0].read_bytes()[:20_000])
    gestures.toggle_runs()
    wait_until(lambda: "2 runs" in list_of(explorer))
    assert "&lt;b&gt;waves&lt;/b&gt;</h4><p>step 4" in list_of(explorer)
    assert "The run is damaged" in list_of(explorer)
    gestures.open_run(damaged.stem)
    wait_until(lambda: "is damaged" in explorer.dashboard.header.messages.text)
    gestures.toggle_runs()  # opening one closes the list
    gestures.delete_run(damaged.stem)
    wait_until(lambda: "1 run," in list_of(explorer))
    gestures.toggle_runs()
    assert not explorer.dashboard.runs.is_open


def test_runs_are_renamed_exported_imported_and_deleted(explorer, gestures, before, tmp_path):
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 1)
    present = explorer.session.journal.path
    wait_until(present.is_file)  # a step is noted a moment after it can be seen
    explorer.session.journal.flush()
    gestures.toggle_runs()
    gestures.rename_run(before[0].stem, "calm waves")
    gestures.rename_run(present.stem, "the present one")
    assert {run.name for run in list_runs()} == {"calm waves", "the present one"}
    wait_until(lambda: "calm waves" in list_of(explorer))
    gestures.export_run(present.stem, str(tmp_path / "copy.nst"))
    assert "Wrote" in explorer.dashboard.runs.messages.text
    gestures.import_run(str(tmp_path / "copy.nst"))
    assert len(list_runs()) == 3
    gestures.delete_run(present.stem)
    assert "is the run that goes on here" in explorer.dashboard.runs.messages.text
    gestures.delete_run(before[0].stem)
    assert len(list_runs()) == 2
    gestures.rename_run(present.stem, " ")
    assert "must have 1 to 120 characters" in explorer.dashboard.runs.messages.text
    gestures.import_run(" ")
    assert "has no path" in explorer.dashboard.runs.messages.text
    gestures.limit_runs(-1.0)
    assert "limit of a run's file in MB is -1" in explorer.dashboard.runs.messages.text
    gestures.limit_runs(32.0)
    assert explorer.recorded.limit_mb == 32.0


def test_beyond_the_limit_of_all_runs_it_asks_and_deletes_only_what_it_named(explorer, gestures, before):
    gestures.toggle_runs()
    gestures.limit_all_runs(-1.0)
    assert "limit of all runs' files in MB is -1" in explorer.dashboard.runs.messages.text
    gestures.limit_all_runs(0.001)
    room = explorer.dashboard.runs.room
    wait_until(lambda: "The oldest is “<b>waves</b>”" in room.text)
    assert before[0].exists()
    (message,) = room.root.children
    (button,) = message.children[1].children
    assert button.description == "Delete the oldest run"
    button.click()
    wait_until(lambda: room.text == "")
    assert not before[0].exists()
    gestures.step(1)
    wait_until(lambda: len(list_runs()) == 1)
    gestures.limit_all_runs(0.001)
    wait_until(lambda: "All of them are open" in room.text)
    gestures.limit_all_runs(5000.0)
    wait_until(lambda: room.text == "")
    assert "of 5,000 MB" in list_of(explorer)


def test_a_run_that_is_kept_is_gone_back_to_not_opened_anew(explorer, gestures):
    gestures.step(3)
    wait_until(lambda: explorer.session.step == 3)
    first = explorer.session
    first.journal.flush()
    gestures.choose_size(48)
    wait_until(lambda: explorer.session is not first)
    gestures.open_run(first.journal.path.stem)
    wait_until(lambda: explorer.session is first)


def test_a_folder_that_cannot_be_written_is_told_and_the_run_goes_on(make_explorer):
    shutil.rmtree(locate_runs(), ignore_errors=True)
    locate_runs().parent.mkdir(exist_ok=True)
    locate_runs().write_text("a file where the folder should be")
    explorer = make_explorer()
    Gestures(explorer).step(3)
    wait_until(lambda: "no longer recorded" in notice_of(explorer))
    wait_until(lambda: explorer.session.step == 3)


def test_other_versions_are_told_when_a_run_is_opened(explorer, gestures, before, monkeypatch):
    monkeypatch.setattr("nst_explorer.session.journal.resuming.list_versions", lambda: {"numpy": "99"})
    gestures.open_run(before[0].stem)
    wait_until(lambda: "was recorded with other versions" in notice_of(explorer))
