"""The course's lessons as the dashboard points to them: a link where their place is known, else the file's name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course.

    Attributes:
        file: Its name.
        title: What it is about.
    """

    file: str
    title: str


LESSONS = {
    1: Lesson("01_a_first_transfer.ipynb", "A first transfer"),
    2: Lesson("02_what_vgg19_sees.ipynb", "What VGG19 sees"),
    3: Lesson("03_the_gram_matrix.ipynb", "The Gram matrix"),
    4: Lesson("04_content_and_style_taken_apart.ipynb", "Content and style taken apart"),
    5: Lesson("05_one_step_under_the_microscope.ipynb", "One step under the microscope"),
    6: Lesson("06_what_training_brings.ipynb", "What training brings"),
    7: Lesson("07_find_the_bug.ipynb", "Find the bug"),
}


@dataclass(frozen=True)
class LessonPlaces:
    """Where the lessons are that lie beside the notebook that runs.

    Attributes:
        base: The address under which the server answers, such as `/`.
        paths: Number of a lesson to its path below the server's folder, such as `course/01_a_first_transfer.ipynb`;
            what is missing here is told by its name.
    """

    base: str = "/"
    paths: Mapping[int, str] = field(default_factory=dict)


def write_lesson(number: int, places: LessonPlaces) -> str:
    """Writes where to read on, as HTML.

    JupyterLab opens the path of a link's `data-commandlinker` attributes in a tab of its own; where nobody listens to
    them, the address does.
    """
    lesson = LESSONS[number]
    if number not in places.paths:
        return f'<span class="nst-lesson">In the course: <code>{lesson.file.replace("_", "_<wbr/>")}</code></span>'
    path = places.paths[number]
    arguments = escape(json.dumps({"path": path}))
    address = escape(f"{places.base}lab/tree/{quote(path)}")
    return (
        f'<a class="nst-lesson" href="{address}" target="_blank" data-commandlinker-command="docmanager:open" '
        f'data-commandlinker-args="{arguments}">Lesson {number}: {lesson.title}</a>'
    )
