from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from nst_explorer.course import lesson_04 as lesson

pytestmark = pytest.mark.slow  # they wait for TensorFlow

QUESTIONS = {
    lesson.predict_reconstruction: "c",
    lesson.predict_texture: "b",
    lesson.predict_weight: "c",
    lesson.predict_start: "b",
}


@pytest.mark.parametrize("predict", QUESTIONS)
def test_one_answer_of_each_question_is_right(predict):
    assert [letter for letter in "abcd" if predict(letter).is_right] == [QUESTIONS[predict]]
    assert predict(...).state == "open"


def test_the_values_of_a_layer_are_counted_and_typical_mistakes_are_named(small_session):
    layer = "block3_conv1"  # 48 × 64 pixels, halved twice, 8 channels
    assert lesson.check_value_count(12 * 16 * 8, small_session, layer).is_right
    assert lesson.check_value_count(..., small_session, layer).state == "open"
    mistakes = {48 * 64 * 8: "at full size", 12 * 16: "how many places", 12 * 16 * 256: "256", 48 * 64 * 3: "picture"}
    for answer, word in mistakes.items():
        verdict = lesson.check_value_count(answer, small_session, layer)
        assert verdict.state == "wrong"
        assert word in verdict.sentence
    assert "2 poolings" in lesson.check_value_count(1537, small_session, layer).sentence


def test_the_style_share_is_judged_by_its_bounds_and_told_which_way_to_go():
    assert lesson.judge_style_share(0.6, 0.25).is_right
    assert lesson.judge_style_share(0.1, 0.1).sentence.endswith("Weigh content more.")
    assert lesson.judge_style_share(9.0, 0.9).sentence.endswith("Weigh content less.")
    assert lesson.judge_style_share(0.02, 0.32).sentence.endswith("Go above 0.1.")


def test_a_content_weight_is_tried_beside_the_session_which_stays(small_session):
    recipe = replace(small_session.recipe, start="noise", style_weight=1e-6)
    verdict = lesson.check_style_share(1.0, small_session, recipe, 1)
    assert verdict.state == "wrong"
    assert "the style has 0% of the total, too little" in verdict.sentence
    assert small_session.step == 0


def test_a_content_weight_that_is_none_is_refused(small_session):
    assert lesson.check_style_share(..., small_session, small_session.recipe, 1).state == "open"
    for answer in (0, -1, "1", True, float("inf")):
        sentence = lesson.check_style_share(answer, small_session, small_session.recipe, 1).sentence
        assert sentence.startswith(f"The content weight is {answer!r}, but it must be a number above 0")


def test_the_balance_is_the_sum_of_the_layers_and_the_share_of_the_total(small_session):
    run = lesson.run_all(small_session, {"run": replace(small_session.recipe, start="noise")}, 1)["run"]
    table = lesson.tabulate_balance({"run": run})
    raw, losses = run.raw_losses, run.losses
    style = raw["style/block1_conv1"] + 2 * raw["style/block3_conv1"]
    assert table.loc["run", "style loss"] == pytest.approx(style, abs=1e-4)
    assert table.loc["run", "content loss"] == pytest.approx(raw["content/block2_conv2"], abs=1e-4)
    share = (losses["total"] - losses["content/block2_conv2"] - losses["variation"]) / losses["total"]
    assert table.loc["run", "style's share of the total"] == f"{share:.0%}"


def test_a_rolled_picture_is_another_content_and_nearly_the_same_style(small_session):
    row = lesson.compare_rolled(small_session, "block2_conv1").iloc[0]
    assert row["content loss"] > 10 * row["style loss"]


def test_reconstructions_are_measured_against_the_original():
    original = np.full((4, 6, 3), 0.5, np.float32)
    shown = [original, *(original + 0.1 * number for number in range(5))]
    figure = SimpleNamespace(
        axes=[SimpleNamespace(images=[SimpleNamespace(get_array=lambda each=each: each)]) for each in shown]
    )
    session = SimpleNamespace(features=lambda layer, of: np.zeros((2, 3, 6)))
    table = lesson.measure_reconstructions(cast(Any, session), cast(Any, figure))
    assert list(table["mean error of a value"]) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert set(table["for each value of the picture"]) == {0.5}
    assert set(table["values in the layer"]) == {36}
