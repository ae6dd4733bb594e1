from nst_explorer.course.verdicts import Verdict, is_open


def test_a_verdict_says_in_words_what_it_is():
    assert str(Verdict("right", "It is 3.")) == "✓ Right. It is 3."
    assert str(Verdict("wrong", "It is not 4.")) == "✗ Not quite. It is not 4."
    assert str(Verdict("open", "Write a number.")) == "… Not answered yet. Write a number."


def test_only_a_right_answer_is_right():
    assert Verdict("right", "").is_right
    assert not Verdict("wrong", "").is_right
    assert not Verdict("open", "").is_right


def test_an_answer_in_a_verdict_is_no_html():
    assert "<script>" not in Verdict("wrong", "You wrote <script>.")._repr_html_()


def test_three_dots_are_no_answer_and_all_else_is_one():
    assert is_open(...)
    assert not is_open(None)
    assert not is_open(0)
    assert not is_open("")
