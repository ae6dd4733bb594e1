import json
import subprocess
import sys
from pathlib import Path

import pytest

from nst_explorer import lab
from nst_explorer.errors import InputError
from nst_explorer.lab import LARGE_UPLOADS, find_explorer_notebook, open_lab


class Recorder:
    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.commands: list[list[str]] = []

    def __call__(self, command) -> int:
        self.commands.append(list(command))
        return self.status


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    package = tmp_path / "site-packages" / "nst_explorer"
    (package / "notebooks").mkdir(parents=True)
    (package / "notebooks" / "00_explorer.ipynb").write_text("from the wheel")
    return package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "of a person"
    folder.mkdir()
    return folder


def test_a_checkout_opens_its_own_notebook_in_place(monkeypatch, folder):
    monkeypatch.chdir(folder)
    run = Recorder()
    open_lab(None, run=run)
    [[python, *module, notebook, setting]] = run.commands
    assert (python, module) == (sys.executable, ["-m", "jupyterlab"])
    assert setting == LARGE_UPLOADS
    assert Path(notebook) == Path(__file__).parents[1] / "notebooks" / "00_explorer.ipynb"
    assert any("Explorer()" in "".join(cell["source"]) for cell in json.loads(Path(notebook).read_text())["cells"])
    assert not list(folder.iterdir())


def test_an_installed_wheel_opens_a_copy_in_the_current_folder(monkeypatch, wheel, folder):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(lab, "PACKAGE", wheel)
    run = Recorder()
    open_lab(run=run)
    assert Path(run.commands[0][3]) == folder / "nst-explorer.ipynb"
    assert (folder / "nst-explorer.ipynb").read_text() == "from the wheel"


def test_a_copy_that_a_person_has_changed_is_never_written_over(wheel, folder):
    (folder / "nst-explorer.ipynb").write_text("my own notes")
    assert find_explorer_notebook(wheel, folder) == folder / "nst-explorer.ipynb"
    assert (folder / "nst-explorer.ipynb").read_text() == "my own notes"


def test_a_wheel_prefers_the_notebook_it_carries_to_a_stranger_beside_it(wheel, folder):
    stranger = wheel.parent / "notebooks" / "00_explorer.ipynb"
    stranger.parent.mkdir()
    stranger.write_text("of another package")
    assert find_explorer_notebook(wheel, folder).read_text() == "from the wheel"


def test_a_given_notebook_and_further_arguments_reach_jupyterlab_with_its_exit_status(monkeypatch, folder):
    monkeypatch.chdir(folder)
    Path("mine.ipynb").write_text("{}")
    run = Recorder(status=3)
    assert open_lab(Path("mine.ipynb"), ["--no-browser", "--port=9999"], run=run) == 3
    assert run.commands[0][3:] == [str(folder / "mine.ipynb"), LARGE_UPLOADS, "--no-browser", "--port=9999"]


def test_a_missing_notebook_is_told_in_a_sentence_before_anything_starts(folder):
    run = Recorder()
    with pytest.raises(InputError, match=r"The notebook .*gone\.ipynb does not exist; give the path of one that does"):
        open_lab(folder / "gone.ipynb", run=run)
    assert run.commands == []


def test_a_folder_is_no_notebook(folder):
    with pytest.raises(InputError, match="is not a file; give the path of a notebook"):
        open_lab(folder, run=Recorder())


def test_a_folder_that_cannot_be_written_is_told_with_a_way_out(wheel, folder):
    with pytest.raises(InputError, match=r"cannot be written as .*; start from a folder of your own"):
        find_explorer_notebook(wheel, folder / "missing")


def test_a_package_without_its_notebook_says_where_it_looked(tmp_path, folder):
    with pytest.raises(InputError, match="install NST Explorer again"):
        find_explorer_notebook(tmp_path / "nst_explorer", folder)


def test_a_program_hands_on_its_exit_status_and_where_the_system_can_takes_the_place_of_this_process():
    program = "import os, sys; print(os.getpid()); sys.exit(7)"
    call = f"sys.exit(run_program([sys.executable, '-c', {program!r}]))"
    caller = f"import sys; from nst_explorer.lab import LARGE_UPLOADS, run_program; {call}"
    with subprocess.Popen([sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True) as process:
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 7
    assert (int(printed) == process.pid) is (sys.platform != "win32")
