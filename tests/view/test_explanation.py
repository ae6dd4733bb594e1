"""What is explained: two sentences, words that the glossary knows, and rules that show one sentence at a time."""

import re
from xml.etree import ElementTree

import pytest

from nst_explorer.view.explained_tabs import EXPLANATIONS, MOST_CONTROLS
from nst_explorer.view.explanation import Explanation, write_formula_line, write_notes, write_reference, write_rules
from nst_explorer.view.glossary import MARKED, strip_marks
from nst_explorer.view.lessons import LESSONS, LessonPlaces
from nst_explorer.view.selection import TABS

TEXTS = [
    (f"{part}, {name}", text)
    for part, explanation in EXPLANATIONS.items()
    for name, text in (("itself", explanation.text), *explanation.controls.items())
]
PART = Explanation("Part", "The [[loss]] falls. It does.", 3, {"Step": "One. Two.", "Go to …": "Three. Four."})


def test_every_tab_is_explained():
    assert set(TABS) <= set(EXPLANATIONS)


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_an_explanation_is_of_two_sentences_in_html_without_a_flaw(name, text):
    plain = re.sub(r"<math>.*?</math>|<[^>]+>", "", strip_marks(text))
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Zβ“]|bfloat16)", plain.replace("et al.", "et al"))
    assert len(sentences) == 2, sentences
    assert plain.endswith(".")
    ElementTree.fromstring(f"<p>{strip_marks(text)}</p>")


@pytest.mark.parametrize("explanation", EXPLANATIONS.values(), ids=list(EXPLANATIONS))
def test_lessons_are_there_formulas_are_xml_and_only_panels_mark_words(explanation):
    assert explanation.lesson in LESSONS
    ElementTree.fromstring(write_formula_line(explanation))
    assert MARKED.search(explanation.text) or explanation.title == "The run"
    assert not any(MARKED.search(text) for text in explanation.controls.values())


def test_a_control_is_found_by_its_whole_name_or_by_how_it_begins():
    assert [PART.find_control(name) for name in ("Step", "Go to step 7", "Step back", "")] == [1, 2, None, None]


def test_all_sentences_are_on_the_page_each_in_its_place_and_the_words_of_the_part_alone_can_be_looked_up():
    stack = ElementTree.fromstring(write_notes(PART, LessonPlaces()))
    assert [each.attrib["class"] for each in stack] == [
        "nst-note nst-note-0",
        "nst-note nst-note-1",
        "nst-note nst-note-2",
    ]
    assert [len(each.findall(".//dfn")) for each in stack] == [1, 0, 0]
    assert "".join(stack[2].itertext()) == "Go to Three. Four."


def test_the_rules_show_the_sentence_of_each_place_and_no_more():
    rules = write_rules(MOST_CONTROLS)
    for place in range(1, MOST_CONTROLS + 1):
        assert f":has(.nst-about-{place}:hover) .nst-note-stack > .nst-note.nst-note-{place} " in rules
    assert f"nst-note-{MOST_CONTROLS + 1}" not in rules


def test_the_reference_tells_everything_of_a_part():
    text = "".join(ElementTree.fromstring(write_reference(PART, LessonPlaces())).itertext())
    for each in ("Part", "The loss falls. It does.", LESSONS[3].file, "Step", "One. Two.", "Go to", "Three. Four."):
        assert each in text
