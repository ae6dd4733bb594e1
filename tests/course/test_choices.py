from nst_explorer.course.choices import judge_choice

REPLIES = {"a": "No, because.", "b": "Yes, since."}


def test_the_right_letter_is_right_and_told_why():
    assert str(judge_choice("b", "b", REPLIES)) == "✓ Right. Yes, since."


def test_another_letter_is_told_its_own_reason():
    assert str(judge_choice("a", "b", REPLIES)) == "✗ Not quite. No, because."


def test_capitals_and_spaces_do_not_matter():
    assert judge_choice(" B ", "b", REPLIES).is_right


def test_three_dots_are_told_what_to_write():
    verdict = judge_choice(..., "b", REPLIES)
    assert verdict.state == "open"
    assert 'one of "a", "b"' in verdict.sentence


def test_what_is_no_letter_of_the_question_is_told_which_there_are():
    for answer in ("c", 2, None, ["a"]):
        verdict = judge_choice(answer, "b", REPLIES)
        assert verdict.state == "wrong"
        assert verdict.sentence.startswith(f'The answer is {answer!r}, but it must be one of "a", "b"')
