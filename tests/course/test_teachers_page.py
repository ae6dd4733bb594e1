"""The teacher's page: every lesson has its place there, and the answers it gives are those that the checks accept."""

import importlib
import re

import pytest

from tests.course.stored_notebooks import FOLDER, NOTEBOOKS, list_code_cells, read_notebook

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
SECTIONS = {int(number): text for number, text in re.findall(r"### (\d) · (.*?)(?=\n### |\n## )", PAGE, re.DOTALL)}
LESSONS = {name: int(name[:2]) for name in NOTEBOOKS if not name.startswith("00")}
PREDICTION = re.compile(r'^\| P [^|]*\| `"(\w+)"`', re.MULTILINE)
FAULT = re.compile(r'^\| run (\d) \| `"([\w ]+)"`', re.MULTILINE)


@pytest.mark.parametrize("name", LESSONS)
def test_the_page_answers_every_prediction_of_a_lesson_as_its_check_does(name):
    module = importlib.import_module(f"nst_explorer.course.lesson_{name[:2]}")
    source = "\n".join(cell.source for cell in list_code_cells(read_notebook(name)))
    asked = re.findall(r"\.(predict_\w+)\(answer\)", source)
    answers = PREDICTION.findall(SECTIONS[LESSONS[name]])
    assert len(answers) == len(asked) > 0
    for question, answer in zip(asked, answers, strict=True):
        assert getattr(module, question)(answer).is_right, f"{question}: {answer}"


@pytest.mark.parametrize("name", LESSONS)
def test_the_page_has_a_row_for_every_exercise_of_a_lesson(name):
    source = "\n".join(cell.source for cell in list_code_cells(read_notebook(name)))
    asked = set(re.findall(r"lesson\w*\.(check_\w+)\(", source)) - {"check_fault"}
    rows = re.findall(r"^\| E", SECTIONS[LESSONS[name]], re.MULTILINE)
    assert len(rows) >= len(asked)


def test_the_page_names_the_fault_of_every_broken_run():
    from nst_explorer.course import lesson_07

    told = FAULT.findall(SECTIONS[7])
    assert [int(number) for number, _ in told] == [1, 2, 3, 4, 5]
    assert all(lesson_07.check_fault(int(number), fault).is_right for number, fault in told)
