"""Where the lessons are: beside the notebook, below the server's folder; where it cannot be told, there are none."""

import json
from pathlib import Path

import pytest

from nst_explorer.lessons_beside import find_lessons, find_lessons_in
from nst_explorer.view.lessons import LessonPlaces


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "nst-explorer-course"
    folder.mkdir(parents=True)
    for name in ("02_what_vgg19_sees.ipynb", "03_the_gram_matrix.ipynb"):
        (folder / name).write_text("{}")
    return folder


def write_note(tmp_path: Path, text: str) -> Path:
    note = tmp_path / "jpserver-7.json"
    note.write_text(text)
    return note


def test_lessons_beside_the_notebook_are_found_by_their_paths_below_the_servers_folder(tmp_path, course, monkeypatch):
    write_note(tmp_path, json.dumps({"root_dir": str(tmp_path / "work"), "base_url": "/lab/"}))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_SESSION_NAME", str(course / "00_explorer.ipynb"))
    monkeypatch.setenv("JPY_PARENT_PID", "7")
    assert find_lessons() == LessonPlaces(
        "/lab/",
        {
            2: "nst-explorer-course/02_what_vgg19_sees.ipynb",
            3: "nst-explorer-course/03_the_gram_matrix.ipynb",
        },
    )


def test_outside_a_notebook_there_are_none(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert find_lessons() == LessonPlaces()


@pytest.mark.parametrize("text", ["not JSON", "[]", "{}", '{"root_dir": "/elsewhere", "base_url": "/"}'])
def test_where_the_server_does_not_say_or_has_another_folder_there_are_none(tmp_path, course, text):
    assert find_lessons_in(course, write_note(tmp_path, text)) == LessonPlaces()


def test_where_no_server_has_left_a_note_there_are_none(tmp_path, course):
    assert find_lessons_in(course, tmp_path / "jpserver-8.json") == LessonPlaces()
