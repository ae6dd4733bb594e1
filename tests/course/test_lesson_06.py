from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from nst_explorer.core.imagenet import locate_imagenet
from nst_explorer.course import lesson_06 as lesson
from nst_explorer.course import texture_quiz
from nst_explorer.course.texture_quiz import count_found

pytestmark = pytest.mark.slow  # they wait for TensorFlow

QUESTIONS = {lesson.predict_transfer: "b", lesson.predict_texture: "c", lesson.predict_quiz: "b"}


@pytest.mark.parametrize("predict", QUESTIONS)
def test_one_answer_of_each_question_is_right(predict):
    assert [letter for letter in "abcd" if predict(letter).is_right] == [QUESTIONS[predict]]
    assert predict(...).state == "open"


def test_imagenet_takes_part_only_where_its_file_is():
    assert lesson.list_networks(("random", "builtin")) == ("random", "builtin")
    locate_imagenet().parent.mkdir(parents=True, exist_ok=True)
    locate_imagenet().touch()
    try:
        assert lesson.list_networks(("random", "builtin")) == ("random", "builtin", "imagenet")
    finally:
        locate_imagenet().unlink()


def test_a_sentence_says_how_to_get_imagenet_where_it_is_not():
    assert "nst-explorer weights fetch" in lesson.tell_imagenet(("random", "builtin"))
    assert "take part below" in lesson.tell_imagenet(("builtin", "imagenet"))


def test_pieces_are_found_whose_nearest_relative_is_of_the_same_painting():
    grams = np.array([[1.0], [1.1], [1.2], [1.3], [5.0], [5.1], [5.2], [5.3]], np.float32)
    assert count_found(grams) == 8
    assert count_found(grams[[4, 1, 2, 3, 0, 5, 6, 7]]) == 6  # two pieces lie with the other painting


def test_the_quiz_asks_every_network_in_every_layer(monkeypatch):
    monkeypatch.setattr(texture_quiz, "sample_names", lambda role: ("Coral", "Stained glass"))
    table = lesson.hold_quiz(("builtin",), 64, is_gray=True)
    assert list(table.columns) == ["built-in"]
    assert table.index.name == "found of 8, gray"
    assert list(table.index) == [f"block{block}_conv1" for block in range(1, 6)]
    assert all(found >= 6 for found in table["built-in"].tolist())  # chance would find 3


QUIZ = pd.DataFrame({"smooth": [40, 30, 20], "built-in": [45, 32, 38]}, index=["one", "two", "three"])


def test_the_layer_that_gained_most_is_right_and_others_are_told_why_not():
    assert lesson.check_most_gained("three", QUIZ).is_right
    assert lesson.check_most_gained(..., QUIZ).state == "open"
    assert "finds the most, but much of that without training" in lesson.check_most_gained("one", QUIZ).sentence
    assert "two gained 2, another layer 18" in lesson.check_most_gained("two", QUIZ).sentence
    assert "must be one of the table's layers: one, two, three" in lesson.check_most_gained("four", QUIZ).sentence


def make_network(channels):
    return SimpleNamespace(weights=SimpleNamespace(kernels={lesson.COUNTED_LAYER: np.zeros((3, 3, *channels))}))


def test_four_times_the_channels_are_sixteen_times_the_weights():
    sessions = cast(Any, {"built-in": make_network((64, 64))})
    assert lesson.check_weight_ratio(16, sessions).is_right
    assert lesson.check_weight_ratio(..., sessions).state == "open"
    assert "4 times as many filters" in lesson.check_weight_ratio(4, sessions).sentence
    assert "other way round" in lesson.check_weight_ratio(1 / 16, sessions).sentence
    assert "channels in · channels out" in lesson.check_weight_ratio(5, sessions).sentence


def test_every_network_runs_the_same_and_its_session_stays(small_session):
    sessions = {"one": small_session}
    assert set(lesson.transfer(sessions, 1)) == {"one"}
    assert small_session.step == 0
    assert lesson.describe_networks(sessions).loc["one", "channels in block 5"] == 8
