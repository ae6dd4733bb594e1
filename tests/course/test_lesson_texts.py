"""What every lesson's text tells: how long it takes, how an answer is written, and where the next lesson is."""

import re
from itertools import pairwise

import pytest

from tests.course.stored_notebooks import FOLDER, NOTEBOOKS, read_notebook

LESSONS = [name for name in NOTEBOOKS if not name.startswith("00")]


def read_texts(name: str) -> list[str]:
    return [cell.source for cell in read_notebook(name).cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_tells_at_its_top_how_long_it_takes(name):
    time = "About 20 minutes" if name == LESSONS[-1] else "10 to 15 minutes"
    assert time in read_texts(name)[0]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_that_a_letter_has_quotation_marks_before_it_asks_for_one(name):
    cells = read_notebook(name).cells
    first = next(index for index, cell in enumerate(cells) if "predict_" in cell.source)
    assert any("quotation marks" in cell.source for cell in cells[:first])


@pytest.mark.parametrize(("name", "following"), list(pairwise(LESSONS)))
def test_a_lesson_ends_with_a_link_to_the_next_one_by_its_title(name, following):
    [(title, file)] = re.findall(r"^Next: \[([^]]+)\]\(([^)]+)\)", read_texts(name)[-1], re.MULTILINE)
    assert (FOLDER / file).stem == following
    assert read_texts(following)[0].startswith(f"# {title}\n")


def test_lesson_1_pauses_a_run_that_plays_before_python_takes_steps():
    sources = [cell.source for cell in read_notebook(LESSONS[0]).cells]
    taking = next(index for index, source in enumerate(sources) if "session.advance(steps)" in source)
    assert sources[taking].startswith("explorer.pause()")
    assert "Press **Pause** first" in sources[taking - 1]
