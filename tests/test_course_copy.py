import errno
import json
from pathlib import Path

import pytest

from nst_explorer.course_copy import RECORD_NAME, copy_course, find_course, hash_file
from nst_explorer.errors import InputError

LESSON = "03_the_gram_matrix.ipynb"


def write_notebook(file: Path, source, outputs=(), metadata=None) -> None:
    cell = {"cell_type": "code", "id": "a", "source": source, "outputs": list(outputs), "execution_count": 1}
    file.write_text(json.dumps({"cells": [cell], "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    course = tmp_path / "site-packages" / "nst_explorer" / "notebooks"
    course.mkdir(parents=True)
    for name in ("00_explorer.ipynb", LESSON):
        write_notebook(course / name, "version 1")
    (course / "README.md").write_text("For teachers.")
    return course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "of a person"
    folder.mkdir()
    return folder


@pytest.fixture
def mine(folder) -> Path:
    return folder / "nst-explorer-course"


def read_source(file: Path) -> str:
    return "".join(json.loads(file.read_text())["cells"][0]["source"])


def test_all_notebooks_and_the_teachers_page_are_copied_and_nothing_else(course, folder, mine):
    (course / ".ipynb_checkpoints").mkdir()
    copy = copy_course(course, folder)
    assert copy.folder == mine
    assert {each.name for each in mine.iterdir()} == {"00_explorer.ipynb", LESSON, "README.md", RECORD_NAME}
    assert copy.news == (f"The course was copied into {mine}; what you change there is yours.",)


def test_a_second_start_changes_nothing_and_says_nothing(course, folder, mine):
    copy_course(course, folder)
    before = {each: each.stat().st_mtime_ns for each in mine.iterdir()}
    assert copy_course(course, folder).news == ()
    assert {each: each.stat().st_mtime_ns for each in mine.iterdir()} == before


def test_a_file_that_was_not_changed_is_brought_up_to_date(course, folder, mine):
    copy_course(course, folder)
    write_notebook(course / LESSON, "version 2")
    news = copy_course(course, folder).news
    assert read_source(mine / LESSON) == "version 2"
    assert news == (f"Brought up to date, as you had not changed them: {LESSON}.",)


def test_a_changed_file_stays_and_the_student_learns_where_the_newer_one_is(course, folder, mine):
    copy_course(course, folder)
    write_notebook(mine / LESSON, "my answer")
    assert copy_course(course, folder).news == ()
    write_notebook(course / LESSON, "version 2")
    [sentence] = copy_course(course, folder).news
    assert read_source(mine / LESSON) == "my answer"
    assert sentence.startswith(f"{LESSON} has a newer version, but you changed yours, so it stays; the new one is ")
    assert str(course / LESSON) in sentence


def test_renaming_a_changed_file_brings_the_newer_one_and_keeps_both_as_the_sentence_says(course, folder, mine):
    copy_course(course, folder)
    write_notebook(mine / LESSON, "my answer")
    write_notebook(course / LESSON, "version 2")
    (mine / LESSON).rename(mine / "mine.ipynb")
    copy_course(course, folder)
    assert (read_source(mine / LESSON), read_source(mine / "mine.ipynb")) == ("version 2", "my answer")


def test_outputs_of_an_own_run_count_as_a_change(course, folder, mine):
    copy_course(course, folder)
    output = {"output_type": "stream", "name": "stdout", "text": "mine"}
    write_notebook(mine / LESSON, "version 1", [output])
    write_notebook(course / LESSON, "version 2")
    copy_course(course, folder)
    assert read_source(mine / LESSON) == "version 1"


def test_a_notebook_that_was_only_opened_is_brought_up_to_date(course, folder, mine):
    copy_course(course, folder)
    # JupyterLab writes what it knows of the kernel, and texts as lists of lines.
    write_notebook(mine / LESSON, ["ver", "sion 1"], metadata={"language_info": {"name": "python", "version": "3.12"}})
    write_notebook(course / LESSON, "version 2")
    copy_course(course, folder)
    assert read_source(mine / LESSON) == "version 2"


def test_a_deleted_file_comes_back(course, folder, mine):
    copy_course(course, folder)
    (mine / LESSON).unlink()
    copy_course(course, folder)
    assert read_source(mine / LESSON) == "version 1"


def test_started_inside_the_course_it_makes_no_course_within_the_course(course, folder, mine):
    copy_course(course, folder)
    assert copy_course(course, mine).folder == mine
    assert not (mine / mine.name).exists()


@pytest.mark.parametrize("record", [None, "{", "[]"])
def test_without_a_record_of_what_was_copied_nothing_that_differs_is_touched(course, folder, mine, record):
    copy_course(course, folder)
    (mine / RECORD_NAME).unlink()
    if record is not None:
        (mine / RECORD_NAME).write_text(record)
    write_notebook(mine / LESSON, "my answer")
    copy_course(course, folder)
    assert read_source(mine / LESSON) == "my answer"


def test_a_file_that_is_no_notebook_any_more_is_compared_byte_by_byte(tmp_path):
    file, other = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    file.write_text("<<<<<<< mine")
    other.write_text("<<<<<<< theirs")
    assert hash_file(file) != hash_file(other)


def test_a_file_in_the_place_of_the_folder_is_told_with_a_way_out(course, folder, mine):
    mine.write_text("a file")
    with pytest.raises(InputError, match=r"The course cannot be written into .*; start from a folder of your own"):
        copy_course(course, folder)


def test_a_folder_that_cannot_be_written_is_told_with_a_way_out(course, folder, monkeypatch):
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))  # no folder's mode refuses root

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputError, match=r"The course cannot be written into .*; start from a folder of your own"):
        copy_course(course, folder)


def test_a_folder_that_is_gone_is_told_with_a_way_out(course, folder):
    with pytest.raises(InputError, match="cannot be written into"):
        copy_course(course, folder / "missing")


def test_a_wheel_prefers_the_course_it_carries_to_a_stranger_beside_it(course):
    stranger = course.parents[1] / "notebooks"
    stranger.mkdir()
    (stranger / "00_explorer.ipynb").write_text("of another package")
    assert find_course(course.parent) == course


def test_a_checkout_has_its_course_beside_the_package():
    root = Path(__file__).parents[1]
    assert find_course(root / "nst_explorer") == root / "notebooks"


def test_a_package_without_its_course_says_where_it_looked(tmp_path):
    with pytest.raises(InputError, match=r"The course is neither in .* nor in .*; install NST Explorer again"):
        find_course(tmp_path / "nst_explorer")
