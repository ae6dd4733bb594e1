import subprocess
import sys
from pathlib import Path

import pytest

from nst_explorer import lab
from nst_explorer.errors import InputError
from nst_explorer.lab import LARGE_UPLOADS, open_lab


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


def ignore(sentence: str) -> None:
    pass


def test_the_explorer_notebook_is_opened_in_the_copy_of_the_course_and_what_was_copied_is_told(
    monkeypatch, wheel, folder
):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(lab, "PACKAGE", wheel)
    run, told = Recorder(), []
    open_lab(run=run, tell=told.append)
    [[python, *module, notebook, setting, address]] = run.commands
    assert (python, module, setting) == (sys.executable, ["-m", "jupyterlab"], LARGE_UPLOADS)
    assert address == "--LabApp.default_url=/lab/tree/00_explorer.ipynb"
    assert Path(notebook) == folder / "nst-explorer-course" / "00_explorer.ipynb"
    assert Path(notebook).read_text() == "from the wheel"
    assert told == [f"The course was copied into {folder / 'nst-explorer-course'}; what you change there is yours."]


def test_a_given_notebook_and_further_arguments_reach_jupyterlab_with_its_exit_status(monkeypatch, folder):
    monkeypatch.chdir(folder)
    Path("mine.ipynb").write_text("{}")
    run = Recorder(status=3)
    assert open_lab(Path("mine.ipynb"), ["--no-browser", "--port=9999"], run=run, tell=ignore) == 3
    assert run.commands[0][3:] == [
        str(folder / "mine.ipynb"),
        LARGE_UPLOADS,
        "--LabApp.default_url=/lab/tree/mine.ipynb",
        "--no-browser",
        "--port=9999",
    ]


def test_a_missing_notebook_is_told_in_a_sentence_before_anything_starts(folder):
    run = Recorder()
    with pytest.raises(InputError, match=r"The notebook .*gone\.ipynb does not exist; give the path of one that does"):
        open_lab(folder / "gone.ipynb", run=run, tell=ignore)
    assert run.commands == []


def test_a_folder_is_no_notebook(folder):
    with pytest.raises(InputError, match="is not a file; give the path of a notebook"):
        open_lab(folder, run=Recorder(), tell=ignore)


def test_a_program_hands_on_its_exit_status_and_where_the_system_can_takes_the_place_of_this_process():
    program = "import os, sys; print(os.getpid()); sys.exit(7)"
    call = f"sys.exit(run_program([sys.executable, '-c', {program!r}]))"
    caller = f"import sys; from nst_explorer.lab import LARGE_UPLOADS, run_program; {call}"
    with subprocess.Popen([sys.executable, "-c", caller], stdout=subprocess.PIPE, text=True) as process:
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 7
    assert (int(printed) == process.pid) is (sys.platform != "win32")
