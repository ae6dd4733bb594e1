import subprocess
import sys

import pytest

from nst_explorer.core.part_files import keep_part, open_part

fcntl = pytest.importorskip("fcntl", reason="Windows keeps open files from being removed by itself")

HOLD_A_PART = """
import sys, time
from pathlib import Path
from nst_explorer.core.part_files import open_part
with open_part(Path(sys.argv[1])) as part:
    part.write(b"half")
    print("open", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.h5"


def test_a_part_that_is_kept_takes_the_final_place_alone(path):
    path.write_bytes(b"old")
    with open_part(path) as part:
        part.write(b"new")
        assert path.read_bytes() == b"old"
        keep_part(part, path)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_part_that_is_not_kept_leaves_the_final_place_as_it_was(path):
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), open_part(path) as part:
        part.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_attempt_left_goes_and_what_a_running_one_holds_stays(path):
    attempt = subprocess.Popen([sys.executable, "-c", HOLD_A_PART, str(path)], stdout=subprocess.PIPE)
    try:
        assert attempt.stdout is not None
        assert attempt.stdout.readline() == b"open\n"
        [held] = path.parent.iterdir()
        with open_part(path):
            assert held.exists()
    finally:
        attempt.kill()
        attempt.communicate()
    assert held.exists()
    with open_part(path):
        assert not held.exists()


def test_other_files_in_the_folder_are_left_alone(path):
    neighbor = path.with_name(".other.h5.0123.part")
    neighbor.touch()
    with open_part(path):
        pass
    assert neighbor.exists()


def test_a_part_that_was_taken_for_a_leftover_before_it_was_locked_is_opened_anew(path, monkeypatch):
    lock, taken = fcntl.flock, []

    def lock_too_late(file, how):
        if not taken:
            [part] = path.parent.iterdir()
            part.unlink()
            taken.append(part)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", lock_too_late)
    with open_part(path) as part:
        part.write(b"whole")
        keep_part(part, path)
    assert taken
    assert path.read_bytes() == b"whole"


def test_a_disk_without_locks_still_takes_the_file(path, monkeypatch):
    def refuse(file, how):
        raise OSError("No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with open_part(path) as part:
        part.write(b"whole")
        keep_part(part, path)
    assert list(path.parent.iterdir()) == [path]
