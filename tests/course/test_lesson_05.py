import math
from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import LBFGS, Adam
from nst_explorer.course import lesson_05 as lesson
from nst_explorer.errors import InputError

pytestmark = pytest.mark.slow  # they wait for TensorFlow

QUESTIONS = {
    lesson.predict_content_loss: "c",
    lesson.predict_first_move: "c",
    lesson.predict_promise: "a",
    lesson.predict_rate: "c",
    lesson.predict_optimizers: "b",
}


@pytest.mark.parametrize("predict", QUESTIONS)
def test_one_answer_of_each_question_is_right(predict):
    assert [letter for letter in "abcd" if predict(letter).is_right] == [QUESTIONS[predict]]
    assert predict(...).state == "open"


def test_a_style_term_by_hand_is_right_and_typical_mistakes_are_named(small_session):
    made, style = small_session.gram(lesson.LAYER), small_session.gram(lesson.LAYER, of="style")
    squared, size = ((made - style) ** 2).mean(), (style**2).mean()
    assert lesson.check_style_term(squared / size / 2, small_session).is_right
    mistakes = {
        squared / size: "divide by 2",
        squared: "relative to the style, and by the 2 style layers",
        squared / 2: "still to be divided by mean(A²)",
        (made - style).mean() ** 2 / size / 2: "First square",
        squared / style.mean() ** 2 / 2: "not the square of the mean",
        squared / size: "The 2 style layers share",
    }
    for answer, words in mistakes.items():
        verdict = lesson.check_style_term(answer, small_session)
        assert verdict.state == "wrong"
        assert words in verdict.sentence
    assert lesson.check_style_term(0.0, small_session).sentence.startswith("0 is not it. Take the difference")


@pytest.fixture(scope="module")
def followed(small_session):
    return lesson.follow_value(small_session)


def move_by_hand(gradients, alpha=0.05, beta_1=0.9, beta_2=0.999):
    mean = square = 0.0
    for gradient in gradients:
        mean = beta_1 * mean + (1 - beta_1) * gradient
        square = beta_2 * square + (1 - beta_2) * gradient**2
    steps = len(gradients)
    return -alpha * mean / (1 - beta_1**steps) / math.sqrt(square / (1 - beta_2**steps))


def test_a_followed_value_is_what_the_run_does_to_it(small_session, followed):
    run = small_session.fork(small_session.recipe)
    for step in range(2):
        assert run.image[followed.place] == followed.values[step]
        assert run.gradient()[followed.place] == followed.gradients[step]
        run.advance()
    assert run.image[followed.place] == followed.values[2]
    assert np.diff(followed.values) == pytest.approx(followed.moves, abs=1e-6)  # no bound was met
    assert small_session.step == 0
    assert str(followed).startswith("The ")


def test_the_second_move_by_hand_is_right(followed):
    assert lesson.check_second_move(move_by_hand(followed.gradients), followed).is_right
    assert lesson.check_second_move(..., followed).state == "open"


def test_typical_mistakes_of_the_second_move_are_named(followed):
    first, second = followed.gradients
    mean, square = 0.09 * first + 0.1 * second, 0.000999 * first**2 + 0.001 * second**2
    mistakes = {
        -move_by_hand(followed.gradients): "The size is right",
        -0.05 * mean / math.sqrt(square): "divide m by 1 − β₁²",
        -0.05 * (mean / 0.19) / (square / 0.001999): "The root is missing",
        followed.moves[0]: "That was step 1",
        -0.05 * np.sign(second): "forgets step 1",
        -0.05 * second: "plain gradient descent",
        -0.05 * (mean / 0.1) / math.sqrt(square / 0.001): "the correction of step 1",
    }
    for answer, words in mistakes.items():
        verdict = lesson.check_second_move(answer, followed)
        assert verdict.state == "wrong"
        assert words in verdict.sentence, answer
    assert "m = β₁ · m" in lesson.check_second_move(12345, followed).sentence


def test_only_adams_steps_are_followed(small_session):
    run = small_session.fork(replace(small_session.recipe, optimizer=LBFGS()))
    with pytest.raises(InputError, match="The optimizer is lbfgs, but only Adam's steps are followed; give a session"):
        lesson.follow_value(run)


def test_the_promise_of_a_short_step_is_kept(small_session):
    table = lesson.compare_promises(small_session, (1e-4, 0.3))
    kept, broken = (float(share.rstrip("%")) for share in table["real / promised"])
    assert kept == pytest.approx(100, abs=3)
    assert abs(broken - 100) > 20


def test_the_table_of_terms_ends_with_their_sum(small_session):
    table = lesson.tabulate_terms(small_session)
    assert list(table.index) == [*small_session.raw_losses, "total"]
    weighted = [float(text.replace("−", "-")) for text in table["= weighted"]]
    assert sum(weighted[:-1]) == pytest.approx(weighted[-1], rel=0.01)


def test_nearly_every_first_move_is_one_learning_rate_long(small_session):
    table = lesson.summarize_step(small_session)
    assert float(table.loc["|move|", "half are below"]) == pytest.approx(0.05, rel=0.01)


def test_gradient_and_trying_out_stand_beside_each_other(small_session):
    table = lesson.tabulate_check(small_session, pixels=1)
    assert len(table) == 3
    assert all(float(share.rstrip("%")) < 0.5 for share in table["they differ by"])


def test_a_rate_is_judged_against_the_one_of_the_lesson_and_told_which_way_to_go():
    assert lesson.judge_rate(0.1, 0.219, 0.2).is_right
    assert lesson.judge_rate(0.025, 0.1, 0.2).is_right
    assert lesson.judge_rate(0.001, 0.3, 0.2).sentence.endswith("try a larger rate.")
    assert lesson.judge_rate(0.4, 0.221, 0.2).sentence.endswith("try a smaller rate.")
    near = lesson.judge_rate(0.06, 0.1, 0.2)
    assert not near.is_right
    assert near.sentence.endswith("0.06 is near 0.05; take at most 0.025 or at least 0.1.")


def test_a_rate_is_tried_beside_the_session_which_stays(small_session):
    verdict = lesson.check_rate(0.9, small_session, 1)
    assert verdict.state == "wrong"
    assert "try a smaller rate" in verdict.sentence
    assert small_session.step == 0


def test_a_rate_that_is_none_is_refused(small_session):
    assert lesson.check_rate(..., small_session, 1).state == "open"
    for answer in (0, -0.1, "0.05", True):
        sentence = lesson.check_rate(answer, small_session, 1).sentence
        assert sentence.startswith(f"The learning rate is {answer!r}, but it must be a number above 0")


def test_optimizers_run_from_the_same_start(small_session):
    runs = lesson.run_with(small_session, {"a": Adam(learning_rate=0.01), "b": LBFGS()}, 1)
    assert {run.line[0].losses["total"] for run in runs.values()} == {small_session.losses["total"]}
    assert {run.step for run in runs.values()} == {1}
