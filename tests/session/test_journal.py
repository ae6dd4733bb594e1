"""The journal: what is written is read back bit for bit, and a run goes on from its file as if it had never stopped."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.errors import InputError
from nst_explorer.session.journal import run_file, store, writer
from nst_explorer.session.journal.folder import list_runs, locate_runs
from tests.session.journal_runs import list_losses, open_tiny


@pytest.fixture
def tiny(paint_image, slim_weights):
    def make(**options) -> Session:
        return open_tiny(paint_image, slim_weights, **options)

    return make


def file_of(session: Session) -> Path:
    assert session.journal is not None
    return session.journal.path


def list_tables(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        names = ("records", "states", "tensors", "recipes", "images")
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_back_bit_for_bit(tiny, seed):
    random = np.random.default_rng(seed)
    session = tiny(journal=True)
    for _ in range(12):  # any way through a run: on, back, another recipe
        match random.integers(4):
            case 0:
                session.rewind(int(random.integers(session.step + 1)))
            case 1:
                session.branch(replace(session.recipe, style_weight=float(random.random())))
            case _:
                session.advance(int(random.integers(1, 4)))
    if len(session.line) == 1:
        session.advance()
    session.close()
    again = Session.open(file_of(session))
    assert again.step == session.step
    np.testing.assert_array_equal(again.image, session.image)
    np.testing.assert_array_equal(again.content, session.content)
    np.testing.assert_array_equal(again.style, session.style)
    assert list_losses(again.line[-1]) == list_losses(session.line[-1])
    assert [list_losses(tip) for tip in again.left_branches] == [list_losses(tip) for tip in session.left_branches]
    assert [record.recipe for record in again.line] == [record.recipe for record in session.line]
    assert again.notes == ()
    again.close()


def test_breakpoints_and_the_names_of_branches_are_found_again(tiny):
    session = tiny(journal=True)
    session.break_when(step=40)
    session.advance(4)
    session.rewind(2)
    session.branch(replace(session.recipe, style_weight=3.0))
    session.rename_branch("branch 1", "bold")
    session.break_when(term="total", below=1e-9)
    session.break_when(rises=7)
    session.break_when(plateau=1e-6, over=50)
    session.remove_breakpoint(session.breakpoints[0])
    session.close()
    again = Session.open(file_of(session))
    assert len(again.breakpoints) == 3
    assert again.breakpoints == session.breakpoints
    assert [(each.name, each.left_step, each.newest.step) for each in again.branches] == [
        ("main", None, 4), ("bold", 2, 2),
    ]  # fmt: skip
    assert again.branches[1].is_present
    other = tiny()
    other.break_when(step=3)
    again.adopt_breakpoints(other)
    assert again.breakpoints == session.breakpoints
    again.clear_breakpoints()
    again.close()
    assert Session.open(file_of(session)).breakpoints == ()


def test_a_run_that_was_opened_goes_on_as_the_one_that_never_stopped(tiny):
    session = tiny(journal=True)
    session.advance(5)
    session.close()
    again = Session.open(file_of(session))
    session.advance(4)
    again.advance(4)
    np.testing.assert_array_equal(again.image, session.image)
    assert again.losses == session.losses
    again.rewind(2)
    again.advance(7)
    np.testing.assert_array_equal(again.image, session.image)
    anew = again.fork(again.recipe)  # which records nothing, and computes every loss again
    anew.advance(9)
    assert list_losses(anew.line[-1]) == list_losses(again.line[-1])
    again.close()
    third = Session.open(file_of(session))
    assert (third.step, len(third.line)) == (9, 10)
    third.close()


def test_a_run_that_has_not_moved_leaves_no_file(tiny):
    session = tiny(journal=True)
    session.close()
    assert list_runs() == []


def test_a_run_is_recorded_from_the_middle_with_all_that_it_was(tiny):
    session = tiny()
    session.advance(3)
    session.rewind(1)
    session.branch(replace(session.recipe, style_weight=4.0))
    session.start_journal(name="begun late")
    session.journal.flush()
    session.close()
    again = Session.open(file_of(session))
    assert [record.step for record in again.line] == [0, 1, 1]
    assert [tip.step for tip in again.left_branches] == [3]
    again.rewind(0)
    np.testing.assert_array_equal(again.image, session.content)
    again.close()


def test_losses_are_written_while_the_run_goes_on(tiny):
    session = tiny(journal=True)
    session.advance(3)
    for _ in range(100):
        if file_of(session).exists() and list_tables(file_of(session))["records"] == 4:
            break
        threading.Event().wait(0.02)
    assert list_tables(file_of(session))["records"] == 4
    assert writer.COMMIT_SECONDS < 0.5
    session.close()


def test_of_pictures_only_the_newest_waits(tiny, monkeypatch):
    monkeypatch.setattr(writer, "CHECKPOINT_SECONDS", 1000.0)
    session = tiny(journal=True)
    session.advance()
    session.journal.flush()
    session.advance(20)
    session.close()  # writes the newest, whatever is due
    tables = list_tables(file_of(session))
    assert tables["records"] == 22
    assert tables["states"] == 3  # the start, step 1, step 20


def test_the_file_keeps_to_its_limit_and_every_step_can_be_gone_to(tiny):
    limit_mb = 0.6  # two images, and about six checkpoints of 3 × 40² × 3 float32
    session = tiny(journal=True, journal_mb=limit_mb)
    images = {0: session.image}
    for _ in range(30):
        session.advance()
        images[session.step] = session.image
        session.journal.flush()
    session.close()
    assert file_of(session).stat().st_size <= limit_mb * 1e6
    tables = list_tables(file_of(session))
    assert 3 <= tables["states"] < 12
    assert tables["records"] == 31
    again = Session.open(file_of(session))
    for step in (30, 17, 0, 1, 29):
        again.rewind(step)
        np.testing.assert_array_equal(again.image, images[step])
    again.close()


def test_tensors_that_checkpoints_share_are_kept_once(tiny):
    session = tiny(journal=True)
    session.advance(2)
    session.journal.flush()
    before = list_tables(file_of(session))
    session.branch(replace(session.recipe, style_weight=2.0))  # the same picture and moments, under another recipe
    session.journal.flush()
    after = list_tables(file_of(session))
    assert after["states"] == before["states"] + 1
    assert after["tensors"] == before["tensors"]
    session.close()


def test_an_image_of_more_than_8_bits_is_kept_exactly(tiny):
    session = tiny(journal=True)  # waves in float32, which no PNG holds
    session.advance()
    session.close()
    with closing(sqlite3.connect(file_of(session))) as connection:
        exact = connection.execute("SELECT exact FROM images WHERE role = 'content'").fetchone()[0]
    assert exact is not None
    again = Session.open(file_of(session))
    np.testing.assert_array_equal(again.content, session.content)
    again.close()


def test_a_path_is_taken_and_one_that_is_there_is_refused(tiny, tmp_path):
    path = tmp_path / "waves.nst"
    session = tiny(journal=path)
    session.advance()
    session.close()
    assert path.exists()
    with pytest.raises(InputError, match=r"is there already.*Session\.open"):
        tiny(journal=path)
    with pytest.raises(InputError, match=r"must end with \.nst"):
        tiny(journal=tmp_path / "waves.db")
    with pytest.raises(InputError, match="does not exist"):
        tiny(journal=tmp_path / "nowhere" / "waves.nst")
    with pytest.raises(InputError, match="must be None, True or the path"):
        tiny(journal=7)
    with pytest.raises(InputError, match="journal's limit in MB is 0"):
        tiny(journal=True, journal_mb=0)


def test_no_journal_means_no_file(tiny):
    session = tiny()
    session.advance()
    session.close()
    assert session.journal is None
    assert not locate_runs().exists()


def test_other_weights_and_versions_are_told(tiny, slim_weights, tmp_path):
    values = dict(np.load(slim_weights))
    weights = tmp_path / "mine.npz"
    np.savez(weights, **values)
    session = tiny(journal=True)
    other = Session(session.content, session.style, replace(session.recipe, weights=str(weights)), journal=True)
    other.advance(2)
    other.close()
    values["block1_conv1/bias"] = values["block1_conv1/bias"] + 1
    np.savez(weights, **values)
    with closing(sqlite3.connect(file_of(other))) as connection:
        store.write_facts(connection, {"versions": {"numpy": "0.1"}, "device": "GPU:0"})
        connection.commit()
    again = Session.open(file_of(other))
    assert len(again.notes) == 3
    assert "The weights mine.npz are not those" in again.notes[0]
    assert "numpy 0.1 →" in again.notes[1]
    assert "was recorded on GPU:0 and goes on on CPU:0" in again.notes[2]
    assert again.losses == other.losses  # as they were recorded
    again.close()


def test_automatic_weights_are_what_they_were_when_the_run_was_recorded(tiny, monkeypatch):
    monkeypatch.setattr("nst_explorer.core.weights.resolve_auto", lambda: "smooth")
    first = tiny()
    session = Session(first.content, first.style, replace(first.recipe, weights="auto"), journal=True)
    session.advance()
    session.close()
    monkeypatch.setattr("nst_explorer.core.weights.resolve_auto", lambda: "builtin")
    again = Session.open(file_of(session))
    assert again.weights.name == "smooth:0"
    assert again.notes == ()
    again.close()


def test_a_session_that_is_let_go_lets_its_file_go(tiny):
    session = tiny(journal=True)
    session.advance()
    path = file_of(session)
    del session
    again = Session.open(path)
    assert again.step == 1
    again.close()


def test_a_full_disk_is_told_and_the_run_goes_on(tiny, monkeypatch):
    def connect_small(path: Path, mode: str) -> sqlite3.Connection:
        connection = store.connect(path, mode)
        connection.execute("PRAGMA max_page_count = 24")  # SQLite says of it what it says of a full disk
        return connection

    monkeypatch.setattr(run_file, "connect", connect_small)
    told: list[str] = []
    session = tiny()
    session.start_journal(on_trouble=told.append)
    for _ in range(20):
        session.advance()
        session.journal.flush()
    assert len(told) == 1
    assert "no longer recorded" in told[0]
    assert "disk is full" in told[0]
    assert session.step == 20
    session.close()


def test_a_folder_that_cannot_be_written_is_told_and_the_run_goes_on(tiny, own_data_folder):
    (own_data_folder / "runs").write_text("a file where the folder should be")
    with pytest.warns(UserWarning, match="no longer recorded.*(exists|Not a directory)"):
        session = tiny(journal=True)
        session.advance(2)
        session.journal.flush()
    assert session.step == 2
    session.close()


def test_where_a_write_ahead_log_does_not_work_a_rollback_journal_is_used(tiny, monkeypatch):
    modes = []
    prepare = store.prepare_writing
    for module in (store, run_file):
        monkeypatch.setattr(module, "prepare_writing", lambda *given: modes.append(prepare(*given)))
    monkeypatch.setattr(store, "find_file_system", lambda _: "nfs4")
    session = tiny(journal=True)
    session.advance(3)
    session.close()
    again = Session.open(file_of(session))
    assert again.step == 3
    again.close()  # the writing thread opens the file when it gets to it, and no later than this
    assert modes == ["delete", "delete"]


def test_the_file_system_of_a_path_is_that_of_the_longest_mount(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"disk / ext4 rw 0 0\nserver:/home {tmp_path.parent} nfs4 rw 0 0\nshm /dev/shm tmpfs rw 0 0\n"
        "usb /media/my\\040disk vfat rw 0 0\n"
    )
    assert store.find_file_system(tmp_path / "run.nst", mounts) == "nfs4"
    assert store.find_file_system(Path("/dev/shm/run.nst"), mounts) == "tmpfs"
    assert store.find_file_system(Path("/media/my disk/run.nst"), mounts) == "vfat"
    assert store.find_file_system(Path("/etc/run.nst"), mounts) == "ext4"
    assert store.find_file_system(tmp_path, tmp_path / "nothing") == ""


def test_two_runs_at_once_have_files_of_their_own(tiny):
    first, second = tiny(journal=True), tiny(journal=True)
    first.advance(3)
    second.advance(5)
    first.close()
    second.close()
    assert sorted(run.step for run in list_runs()) == [3, 5]


def test_a_run_that_was_set_aside_is_no_newer_for_being_closed(tiny):
    aside, present = tiny(journal=True), tiny(journal=True)
    aside.advance()
    assert aside.journal is not None
    aside.journal.flush()
    present.advance()
    present.close()
    aside.close()
    assert [run.path for run in list_runs()] == [file_of(present), file_of(aside)]
