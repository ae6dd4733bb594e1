"""Links to the lessons: one that JupyterLab opens where the place is known, else the name; nothing unescaped."""

import json
from xml.etree import ElementTree

from nst_explorer.view.lessons import LESSONS, LessonPlaces, write_lesson


def test_a_lesson_whose_place_is_known_is_a_link_that_jupyterlab_opens():
    path = 'the "new" <course>/03 & more.ipynb'
    link = ElementTree.fromstring(write_lesson(3, LessonPlaces("/user/ada/", {3: path})))
    assert link.attrib["data-commandlinker-command"] == "docmanager:open"
    assert json.loads(link.attrib["data-commandlinker-args"]) == {"path": path}
    assert link.attrib["href"] == "/user/ada/lab/tree/the%20%22new%22%20%3Ccourse%3E/03%20%26%20more.ipynb"
    assert link.text == "Lesson 3: The Gram matrix"


def test_a_lesson_whose_place_is_not_known_is_told_by_its_name():
    element = ElementTree.fromstring(write_lesson(5, LessonPlaces()))
    assert element.tag == "span"
    assert "".join(element.itertext()) == f"In the course: {LESSONS[5].file}"
