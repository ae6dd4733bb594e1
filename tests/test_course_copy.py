import errno
import json
from pathlib import Path

import pytest

from nst_explorer.course_copy import RECORD_NAME, copy_course, find_course, hash_file
from nst_explorer.errors import InputError

LESSON = "03_the_gram_matrix.ipynb"


ANSWER = {"output_type": "stream", "name": "stdout", "text": "the answer"}


def write_notebook(file: Path, source, outputs=(), metadata=None, count=None) -> None:
    code = {"cell_type": "code", "id": "a", "source": source, "outputs": list(outputs), "execution_count": count}
    text = {"cell_type": "markdown", "id": "b", "source": "Größe ½"}
    notebook = {"cells": [code, text], "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(notebook), encoding="utf-8")


def ship(course: Path, source: str) -> None:
    """Writes a lesson as the package has it, with outputs."""
    write_notebook(course / LESSON, source, [ANSWER], count=1)


def copy_as_the_version_before(course: Path, mine: Path) -> None:
    """Copies files as they are, and notes their hashes."""
    mine.mkdir()
    files = [each for each in course.iterdir() if each.is_file()]
    for each in files:
        (mine / each.name).write_bytes(each.read_bytes())
    (mine / RECORD_NAME).write_text(json.dumps({each.name: hash_file(each) for each in files}))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    course = tmp_path / "site-packages" / "nst_explorer" / "notebooks"
    course.mkdir(parents=True)
    write_notebook(course / "00_explorer.ipynb", "version 1", [ANSWER], count=1)
    ship(course, "version 1")
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


def read_code(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))["cells"][0]


def read_source(file: Path) -> str:
    return "".join(read_code(file)["source"])


def test_all_notebooks_and_the_teachers_page_are_copied_and_nothing_else(course, folder, mine):
    (course / ".ipynb_checkpoints").mkdir()
    copy = copy_course(course, folder)
    assert copy.folder == mine
    assert {each.name for each in mine.iterdir()} == {"00_explorer.ipynb", LESSON, "README.md", RECORD_NAME}
    assert copy.news == (f"The course was copied into {mine}; what you change there is yours.",)


def test_a_students_notebook_has_no_outputs_and_the_packages_keeps_them(course, folder, mine):
    copy_course(course, folder)
    for name in ("00_explorer.ipynb", LESSON):
        copied, shipped = read_code(mine / name), read_code(course / name)
        assert (copied["outputs"], copied["execution_count"]) == ([], None)
        assert (shipped["outputs"], shipped["execution_count"]) == ([ANSWER], 1)
        assert copied | {"outputs": [ANSWER], "execution_count": 1} == shipped
    texts = [json.loads((each / LESSON).read_bytes())["cells"][1] for each in (mine, course)]
    assert texts[0] == texts[1]  # no outputs where none belong


def test_all_that_is_no_notebook_is_copied_byte_by_byte(course, folder, mine):
    (course / "07_broken.ipynb").write_text("<<<<<<< theirs")
    copy_course(course, folder)
    for name in ("README.md", "07_broken.ipynb"):
        assert (mine / name).read_bytes() == (course / name).read_bytes()


@pytest.mark.parametrize("version", ["version 1", "version 2"])
def test_an_untouched_copy_with_outputs_of_the_version_before_is_replaced_by_one_without(course, folder, mine, version):
    copy_as_the_version_before(course, mine)
    ship(course, version)
    news = copy_course(course, folder).news
    assert news == (f"Brought up to date, as you had not changed them: 00_explorer.ipynb, {LESSON}.",)
    assert (read_source(mine / LESSON), read_code(mine / LESSON)["outputs"]) == (version, [])
    assert copy_course(course, folder).news == ()


def test_a_changed_copy_of_the_version_before_stays_and_no_newer_version_is_told_where_only_outputs_went(
    course, folder, mine
):
    copy_as_the_version_before(course, mine)
    write_notebook(mine / LESSON, "my answer", [ANSWER], count=7)
    assert LESSON not in " ".join(copy_course(course, folder).news)
    assert (read_source(mine / LESSON), read_code(mine / LESSON)["outputs"]) == ("my answer", [ANSWER])
    ship(course, "version 2")
    [sentence] = copy_course(course, folder).news
    assert sentence.startswith(f"{LESSON} has a newer version, but you changed yours")


def test_new_outputs_in_the_package_are_no_newer_version_of_a_students_notebook(course, folder, mine):
    copy_course(course, folder)
    write_notebook(course / LESSON, "version 1", [ANSWER | {"text": "another"}], count=2)
    before = (mine / LESSON).stat().st_mtime_ns
    assert copy_course(course, folder).news == ()
    assert (mine / LESSON).stat().st_mtime_ns == before


def test_a_second_start_changes_nothing_and_says_nothing(course, folder, mine):
    copy_course(course, folder)
    before = {each: each.stat().st_mtime_ns for each in mine.iterdir()}
    assert copy_course(course, folder).news == ()
    assert {each: each.stat().st_mtime_ns for each in mine.iterdir()} == before


def test_a_file_that_was_not_changed_is_brought_up_to_date(course, folder, mine):
    copy_course(course, folder)
    ship(course, "version 2")
    news = copy_course(course, folder).news
    assert read_source(mine / LESSON) == "version 2"
    assert news == (f"Brought up to date, as you had not changed them: {LESSON}.",)


def test_a_changed_file_stays_and_the_student_learns_where_the_newer_one_is(course, folder, mine):
    copy_course(course, folder)
    write_notebook(mine / LESSON, "my answer")
    assert copy_course(course, folder).news == ()
    ship(course, "version 2")
    [sentence] = copy_course(course, folder).news
    assert read_source(mine / LESSON) == "my answer"
    assert sentence.startswith(f"{LESSON} has a newer version, but you changed yours, so it stays; the new one is ")
    assert str(course / LESSON) in sentence


def test_renaming_a_changed_file_brings_the_newer_one_and_keeps_both_as_the_sentence_says(course, folder, mine):
    copy_course(course, folder)
    write_notebook(mine / LESSON, "my answer")
    ship(course, "version 2")
    (mine / LESSON).rename(mine / "mine.ipynb")
    copy_course(course, folder)
    assert (read_source(mine / LESSON), read_source(mine / "mine.ipynb")) == ("version 2", "my answer")


def test_outputs_of_an_own_run_count_as_a_change(course, folder, mine):
    copy_course(course, folder)
    output = {"output_type": "stream", "name": "stdout", "text": "mine"}
    write_notebook(mine / LESSON, "version 1", [output])
    ship(course, "version 2")
    copy_course(course, folder)
    assert read_source(mine / LESSON) == "version 1"


def test_a_notebook_that_was_only_opened_is_brought_up_to_date(course, folder, mine):
    copy_course(course, folder)
    # JupyterLab writes what it knows of the kernel, and texts as lists of lines.
    write_notebook(mine / LESSON, ["ver", "sion 1"], metadata={"language_info": {"name": "python", "version": "3.12"}})
    ship(course, "version 2")
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
