"""Files of recorded runs: listed, named, copied, deleted; refused where they are not what they should be."""

import itertools
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.errors import InputError
from nst_explorer.session.journal import folder, keeping, store
from nst_explorer.session.journal.locks import RunLock, is_locked, locate_lock
from nst_explorer.session.journal.summaries import read_newest_picture
from nst_explorer.session.journal.thinning import thin_checkpoints
from tests.session.journal_runs import open_tiny


@pytest.fixture(scope="module")
def written(paint_image, slim_weights, tmp_path_factory) -> tuple[Path, np.ndarray]:
    """A run's file, and its newest picture."""
    path = tmp_path_factory.mktemp("written") / "waves.nst"
    session = open_tiny(paint_image, slim_weights)
    session.start_journal(path, name="waves")
    session.advance(4)
    session.close()
    return path, session.image


@pytest.fixture
def run_file(written, own_data_folder) -> Path:
    path = own_data_folder / "runs" / "20260102-030405-abcd.nst"
    path.parent.mkdir()
    shutil.copyfile(written[0], path)
    return path


def change(statement: str) -> Callable[[Path], None]:
    def act(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
            connection.commit()

    return act


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[store.PAGE_BYTES * 2 : store.PAGE_BYTES * 3] = b"\xa5" * store.PAGE_BYTES
    path.write_bytes(bytes(content))


DAMAGES = {
    "truncated": (truncate, "is damaged"),
    "scribbled": (scribble, "is damaged"),
    "not SQLite": (lambda path: path.write_bytes(b"certainly not a database" * 99), "is not a recorded run"),
    "empty": (lambda path: path.write_bytes(b""), "is not a recorded run"),
    "another program's": (change("PRAGMA application_id = 7"), "is not a recorded run"),
    "newer": (
        change("PRAGMA user_version = 99"),
        r"written by a newer NST Explorer \(layout 99, this one reads up to 1\)",
    ),
    "without a record": (change("DELETE FROM records WHERE id = 3"), "is damaged.*missing"),
    "without its records": (change("DELETE FROM records"), "is damaged.*missing"),
    "without its start": (change("DELETE FROM states WHERE record = 1"), "is damaged.*first picture is missing"),
    "without a tensor": (change("DELETE FROM tensors"), "is damaged.*picture is missing"),
    "another tensor": (change("UPDATE tensors SET data = zeroblob(length(data))"), "is damaged.*not what it was"),
    "without an image": (change("DELETE FROM images WHERE role = 'style'"), "is damaged.*an image is missing"),
    "another image": (change("UPDATE images SET exact = zeroblob(length(exact))"), "is damaged.*its hash"),
    "without a fact": (change("DELETE FROM facts WHERE name = 'place'"), "is damaged.*'place' is missing"),
    "a fact that is none": (change("UPDATE facts SET value = '{' WHERE name = 'place'"), "is damaged"),
    "a foreign class": (
        change("UPDATE states SET state = replace(state, 'AdamState', 'Compiled')"),
        "is damaged.*class",
    ),
    "without a table": (change("DROP TABLE states"), "is damaged.*states"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_left_as_it_is(run_file, damage):
    act, sentence = DAMAGES[damage]
    act(run_file)
    before = run_file.read_bytes()
    with pytest.raises(InputError, match=sentence) as refused:
        Session.open(run_file)
    assert "left as it is" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert run_file.read_bytes() == before
    assert [each.name for each in run_file.parent.iterdir()] == [run_file.name]
    (listed,) = folder.list_runs()  # a list never fails for one of its files
    assert listed.path == run_file


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="is not there; nst-explorer runs list"):
        Session.open(tmp_path / "nothing.nst")


def test_a_run_is_listed_with_what_a_person_knows_it_by(run_file, written):
    (run,) = folder.list_runs()
    assert (run.name, run.step, run.newest, run.size, run.network) == ("waves", 4, 4, (40, 40), "slim.npz")
    assert (run.is_open, run.is_closed, run.problem, run.branches) == (False, True, "", 1)
    session = Session.open(run_file)
    assert run.total == session.losses["total"]
    session.close()
    np.testing.assert_array_equal(read_newest_picture(run_file), written[1])


def test_a_run_that_is_open_is_not_opened_again_but_can_be_copied(run_file, tmp_path):
    session = Session.open(run_file)
    assert folder.list_runs()[0].is_open
    with pytest.raises(InputError, match=r"is open elsewhere.*export it and open the copy"):
        Session.open(run_file)
    with pytest.raises(InputError, match="is open elsewhere"):
        keeping.delete_run(run_file)
    with pytest.raises(InputError, match="is open elsewhere"):
        keeping.rename_run(run_file, "other")
    session.advance(2)
    assert session.journal is not None
    session.journal.flush()
    copy = keeping.export_run(run_file, tmp_path / "copy.nst")
    other = Session.open(copy)
    assert other.step == 6
    other.close()
    session.close()
    assert not is_locked(run_file)


def test_a_lock_dies_with_its_process(tmp_path):
    run = tmp_path / "run.nst"
    program = (
        "import sys, time; from pathlib import Path; from nst_explorer.session.journal.locks import RunLock\n"
        f"lock = RunLock(Path({str(run)!r})); print('locked', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    assert is_locked(run)
    with pytest.raises(InputError, match="is open elsewhere"):
        RunLock(run)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert not is_locked(run)
    RunLock(run).release()
    assert not locate_lock(run).exists()


def test_a_run_gets_another_name_even_a_wicked_one(run_file):
    wicked = "<script>alert('../../x')</script>"
    keeping.rename_run(run_file, f"  {wicked}\n")
    (run,) = folder.list_runs()
    assert (run.name, run.path) == (wicked, run_file)
    for name in ("", "   ", "x" * 121):
        with pytest.raises(InputError, match="must have 1 to 120 characters"):
            keeping.rename_run(run_file, name)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("waves, more style", "waves-more-style.nst"),
        ("../../etc/passwd", "etc-passwd.nst"),
        ("..", "run.nst"),
        ("C:\\Windows\\x", "C-Windows-x.nst"),
        ("a\0b", "a-b.nst"),
        ("ÄÖ ü", "ÄÖ-ü.nst"),
        (".hidden", "hidden.nst"),
        ("x" * 200, "x" * 60 + ".nst"),
    ],
)
def test_no_name_of_a_run_leads_a_file_out_of_its_folder(name, file):
    assert keeping.propose_file_name(name) == file
    assert Path(file).name == file


def test_a_copy_goes_out_and_comes_in_under_a_name_of_its_own(run_file, tmp_path):
    out = keeping.export_run(run_file, tmp_path / "mine.nst")
    again = keeping.import_run(out)
    assert again.parent == folder.locate_runs()
    assert again.name not in (out.name, run_file.name)
    assert sorted(run.step for run in folder.list_runs()) == [4, 4]
    assert [each.name for each in tmp_path.glob("*")] == ["mine.nst"]
    with closing(sqlite3.connect(out)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"  # one file, nothing beside it


def test_what_cannot_be_exported_or_imported_is_told(run_file, tmp_path):
    with pytest.raises(InputError, match=r"must end with \.nst"):
        keeping.export_run(run_file, tmp_path / "mine.db")
    with pytest.raises(InputError, match="is the run itself"):
        keeping.export_run(run_file, run_file)
    with pytest.raises(InputError, match="there is no such file"):
        keeping.import_run(tmp_path / "nothing.nst")
    (tmp_path / "text.nst").write_text("no run")
    with pytest.raises(InputError, match="is not a recorded run"):
        keeping.import_run(tmp_path / "text.nst")
    truncate(run_file)
    with pytest.raises(InputError, match="is damaged"):
        keeping.import_run(run_file)
    assert len(list(run_file.parent.iterdir())) == 1


def test_a_deleted_run_leaves_nothing(run_file):
    truncate(run_file)  # a damaged one, too
    keeping.delete_run(run_file)
    assert list(run_file.parent.iterdir()) == []
    with pytest.raises(InputError, match="cannot be deleted"):
        keeping.delete_run(run_file)


def test_a_run_is_found_by_its_identifier_a_part_of_it_its_name_or_its_path(run_file):
    for given in ("20260102-030405-abcd", "20260102", "waves", "Waves", str(run_file), "20260102-030405-abcd.nst"):
        assert folder.find_run(given) == run_file
    shutil.copyfile(run_file, run_file.with_name("20260102-030405-dcba.nst"))
    with pytest.raises(InputError, match="2 runs are called so"):
        folder.find_run("waves")
    with pytest.raises(InputError, match=r'there is none in .*did you mean "waves"'):
        folder.find_run("wave")
    with pytest.raises(InputError, match="there is none"):
        folder.find_listed_run(str(run_file.parent / ".." / run_file.name))


@pytest.mark.parametrize("seed", range(20))
def test_thinning_keeps_what_it_must_and_leaves_no_wider_gap(seed):
    random = np.random.default_rng(seed)
    given = sorted(set(random.integers(1, 500, random.integers(2, 80)).tolist()))
    spacing, newest = int(random.integers(1, 60)), given[int(random.integers(len(given)))]
    kept = thin_checkpoints(given, spacing, (given[0], newest))
    assert {given[0], newest} <= kept <= set(given)
    for each in given:  # nothing is further from a kept one before it than it must be
        before = max(number for number in kept if number <= each)
        assert each - before < spacing or each in kept
    rest = sorted(kept - {newest})
    assert all(after - before >= spacing for before, after in itertools.pairwise(rest))
    assert thin_checkpoints(kept, spacing, (given[0], newest)) == kept
