"""The glossary: one sentence a word, found by hover, by focus and by whoever reads the page aloud."""

import re
from xml.etree import ElementTree

import pytest

from nst_explorer.view.explained_tabs import EXPLANATIONS
from nst_explorer.view.glossary import GLOSSARY, MARKED, mark_terms, strip_marks, write_glossary


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_word_has_one_sentence(term):
    assert re.fullmatch(r"[A-Z][^.]*(?:\d\.\d[^.]*)*\.", GLOSSARY[term])


@pytest.mark.parametrize("part", EXPLANATIONS)
def test_every_marked_word_is_in_the_glossary(part):
    marked = MARKED.findall(EXPLANATIONS[part].text)
    assert {term or words for words, term in marked} <= set(GLOSSARY)


def test_a_marked_word_can_be_reached_by_keyboard_and_says_its_sentence_in_both_ways():
    element = ElementTree.fromstring(f"<p>{mark_terms('All [[gradients|gradient]] count.')}</p>").find("dfn")
    assert element is not None
    assert (element.text, element.attrib["tabindex"]) == ("gradients", "0")
    assert element.attrib["aria-description"] == GLOSSARY["gradient"]
    seen = element.find("span")
    assert seen is not None
    assert seen.attrib["aria-hidden"] == "true"
    assert "".join(seen.itertext()) == f"gradient {GLOSSARY['gradient']}"


def test_marks_can_be_left_out():
    assert strip_marks("A [[loss]] and [[two terms|term]].") == "A loss and two terms."


def test_a_word_that_is_not_in_the_glossary_is_a_mistake():
    with pytest.raises(KeyError):
        mark_terms("The [[unheard of]].")


def test_the_list_has_all_words_in_alphabetical_order():
    words = [each.text for each in ElementTree.fromstring(write_glossary()).iter("dt")]
    assert words == sorted(GLOSSARY, key=str.casefold)
