"""Diagnoses: each rule speaks where it should, and is silent where a run is as it ought to be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.hardware import Bfloat16Support
from nst_explorer.optimizer_settings import LBFGS, Adam
from nst_explorer.session.advice import FALL_STEPS, RULES, Moment, examine
from nst_explorer.session.iterate import Record

RECIPE = Recipe(content_layers={"block4_conv2": 1.0}, style_layers={"block1_conv1": 1.0, "block2_conv1": 1.0})
PICTURE = np.random.default_rng(1).uniform(0.2, 0.8, (32, 32, 3)).astype(np.float32)


def make_record(step: int = 100, recipe: Recipe = RECIPE, totals=None, **losses: float) -> Record:
    """A record whose totals before it are as given, the last one its own."""
    terms = {term: losses.get(term.rpartition("/")[2], 0.01) for term in recipe.term_weights}
    record = None
    totals = totals or [sum(terms.values())]
    for index, total in enumerate(totals):
        values = {**terms, "total": total}
        record = Record(step - len(totals) + 1 + index, recipe, values, values, record)
    assert record is not None
    return record


def look(**changes) -> dict[str, str]:
    usual = {
        "record": make_record(),
        "image": PICTURE,
        "content": PICTURE,
        "style": PICTURE[::-1],
        "gradient_rms": 1e-4,
        "weights_name": "builtin",
    }
    return {each.name: each.sentence for each in examine(Moment(**(usual | changes)))}


def test_of_a_good_run_nothing_is_said():
    assert look() == {}


@pytest.mark.parametrize("helps", [False, None])
def test_a_precision_that_the_device_makes_nothing_of(helps):
    said = look(bfloat16=Bfloat16Support(helps, "No use."))
    assert said == {"useless precision": "No use."}
    assert look(bfloat16=Bfloat16Support(True, "Of use.")) == {}


@pytest.mark.parametrize(("value", "color"), [(0.0, "black"), (0.5, "gray"), (1.0, "white")])
def test_a_flat_picture_is_told_by_its_color(value, color):
    said = look(image=np.full_like(PICTURE, value))
    assert f"nearly all {color}" in said["flat picture"]
    assert "lower the variation weight" in said["flat picture"]


def test_a_flat_picture_is_no_surprise_at_first_or_where_the_content_is_flat():
    flat = np.full_like(PICTURE, 0.5)
    assert look(image=flat, record=make_record(step=5)) == {}
    assert look(image=flat, content=flat) == {}


def test_of_what_lbfgs_has_not_nothing_is_said():
    recipe = replace(RECIPE, optimizer=LBFGS())
    assert look(record=make_record(recipe=recipe), gradient_rms=1e-12) == {}
    said = look(record=make_record(recipe=recipe, totals=[1.0] * (FALL_STEPS + 1)))
    assert said["no fall"].endswith("the run has arrived; change a weight, or go on with Adam.")
    said = look(record=make_record(recipe=recipe), image=np.round(PICTURE))
    assert "lower the style weight, or raise the variation weight" in said["saturation"]


def test_a_total_that_does_not_fall_and_one_that_rises():
    level, rising = [1.0] * (FALL_STEPS + 1), np.linspace(1, 2, FALL_STEPS + 1).tolist()
    assert "has not fallen over the last 50 steps (1 → 1)" in look(record=make_record(totals=level))["no fall"]
    said = look(record=make_record(totals=rising))["no fall"]
    assert "has risen over the last 50 steps (1 → 2): the learning rate is likely too high" in said
    assert look(record=make_record(totals=np.linspace(2, 1, FALL_STEPS + 1).tolist())) == {}
    assert look(record=make_record(totals=level[1:])) == {}  # too young to judge


def test_one_layer_with_nearly_the_whole_loss_is_named():
    said = look(record=make_record(block2_conv1=9.0))
    assert said["one part alone"].startswith("block2_conv1 alone is 99.7% of the loss")
    assert look(record=make_record(block2_conv1=0.3)) == {}  # 91 %
    said = look(record=make_record(variation=9.0))
    assert said["one part alone"].startswith("The variation alone is 99.7% of the loss")


def test_a_layer_that_was_chosen_alone_is_not_complained_of():
    alone = replace(RECIPE, content_layers={}, style_layers={"block2_conv1": 1.0})
    assert look(record=make_record(recipe=alone, block2_conv1=9.0)) == {}
    unweighted = replace(RECIPE, content_weight=0.0, style_layers={"block1_conv1": 0.0, "block2_conv1": 1.0})
    assert look(record=make_record(recipe=unweighted, block1_conv1=0.0, block4_conv2=0.0, block2_conv1=9.0)) == {}


def test_saturated_values_are_counted_unless_content_or_style_has_them_too():
    image = PICTURE.copy()
    image[:10] = 1.0
    image[-4:] = 0.0
    said = look(image=image)
    assert said["saturation"].startswith("44% of the values are at 0 or 1")
    assert look(image=image, style=image) == {}


def test_no_content_loss_at_the_start_is_said_to_be_right():
    zero = make_record(step=0, block4_conv2=0.0)
    said = look(record=zero)
    assert said["no content loss yet"].startswith("The content loss is 0, and that is right")
    assert look(record=make_record(step=1, block4_conv2=0.0)) == {}
    assert look(record=make_record(step=0, recipe=replace(RECIPE, start="noise"), block4_conv2=0.0)) == {}


def test_an_epsilon_far_above_the_gradient_is_told():
    assert look(record=make_record(recipe=replace(RECIPE, optimizer=Adam(epsilon=0.005)))) == {}
    recipe = replace(RECIPE, optimizer=Adam(epsilon=0.1))
    said = look(record=make_record(recipe=recipe))
    assert "ε of 0.1 is far above the gradient's 1.0e-04" in said["large epsilon"]


def test_layers_that_do_not_answer_are_told():
    assert "block1_conv1 does not answer" in look(flat_layers=("block1_conv1",))["flat image"]


def test_weights_of_another_network_are_told():
    recipe = replace(RECIPE, convention="mean")
    assert (
        "meant for ImageNet's VGG19, not for builtin"
        in look(record=make_record(recipe=recipe))["weights of another network"]
    )


def test_every_rule_has_a_test():
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in RULES if f'"{name}"' not in tested] == []


def test_what_is_harmless_is_a_diagnosis_and_no_advice(content_image, style_image, slim_weights):
    session = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))
    (diagnosis,) = session.diagnose()
    assert diagnosis.is_harmless
    assert session.advise() == ()


@pytest.mark.slow
def test_the_default_preset_gives_no_alarm_in_its_first_200_steps(paint_image):
    session = Session(paint_image(3, 96, 128), paint_image(4, 112, 96), Recipe(weights="builtin", size=128))
    for _ in range(200):
        session.advance()
        assert session.advise() == (), session.step
