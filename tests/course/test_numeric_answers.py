import numpy as np
import pytest

from nst_explorer.course.numeric_answers import Mistake, judge_number


def judge(answer):
    mistakes = (Mistake(-2.0, "The sign is the other one."), Mistake(4.0, "That is twice as much."))
    return judge_number(answer, 2.0, praise="So it is.", mistakes=mistakes, hint="Divide.")


@pytest.mark.parametrize("answer", [2, 2.0, 2.01, np.float32(2), np.array([2.0])])
def test_the_right_number_is_right_within_the_tolerance(answer):
    assert str(judge(answer)) == "✓ Right. So it is."


def test_a_number_outside_the_tolerance_is_wrong():
    assert str(judge(2.1)) == "✗ Not quite. 2.10 is not it. Divide."


def test_a_known_mistake_is_told_what_was_done():
    assert judge(-2).sentence == "The sign is the other one."
    assert judge(4).sentence == "That is twice as much."


def test_three_dots_are_told_what_to_write():
    assert judge(...).state == "open"
    assert "Write a number" in judge(...).sentence


@pytest.mark.parametrize("answer", ["2", None, True, float("nan"), np.zeros(3), object()])
def test_what_is_no_number_is_told_so(answer):
    verdict = judge(answer)
    assert verdict.state == "wrong"
    assert verdict.sentence.startswith("The answer is ")
    assert verdict.sentence.endswith("but it must be a number.")


def test_a_long_answer_is_not_repeated_in_full():
    assert len(judge("x" * 1000).sentence) < 100
