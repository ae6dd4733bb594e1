"""Gradients as pictures, tables and words: signs, scales, and what is said of angles."""

import io

import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.gradient_choice import GradientChoice, place_pixel
from nst_explorer.view.gradient_view import CheckRow, write_check, write_deviation
from nst_explorer.view.memory_chart import caption_memory, draw_memory
from nst_explorer.view.push_picture import draw_push
from nst_explorer.view.stage_view import STAGES, LossLine, move_stage, write_sum
from nst_explorer.view.term_angles import describe_angles, write_cosines
from nst_explorer.view.term_pushes import write_norms, write_pixel

TERMS = ("content/block4_conv2", "style/block1_conv1", "variation")


def read(picture):
    return np.asarray(Image.open(io.BytesIO(picture.picture)).convert("RGB")).astype(int)


@pytest.fixture
def change():
    values = np.zeros((2, 3, 3), np.float32)
    values[0, 0], values[1, 2] = 0.5, -0.5
    return values


def test_what_gets_brighter_is_rust_what_gets_darker_blue_and_nothing_paper(change):
    pixels = read(draw_push(change, "push"))
    assert pixels[0, 0, 0] > pixels[0, 0, 2]
    assert pixels[1, 2, 2] > pixels[1, 2, 0]
    assert pixels[0, 1].min() > 230


def test_changes_that_cancel_each_other_in_brightness_are_seen_in_color_and_strength():
    change = np.zeros((2, 2, 3), np.float32)
    change[0, 0] = 0.3, -0.3, 0
    assert np.ptp(read(draw_push(change, "push")), axis=(0, 1)).tolist() == [0, 0, 0]
    color = read(draw_push(change, "color"))
    assert color[0, 0, 0] > 200
    assert color[0, 0, 1] < 60
    assert color[1, 1].tolist() == [128, 128, 128]
    strength = draw_push(change, "strength")
    assert not strength.is_diverging
    assert read(strength)[0, 0].sum() > read(strength)[1, 1].sum()


@pytest.mark.parametrize("drawing", ["push", "color", "strength"])
@pytest.mark.parametrize("value", [0.0, np.nan, 1e-30])
def test_pictures_of_nothing_of_no_numbers_and_of_tiny_ones_are_drawn(drawing, value):
    picture = draw_push(np.full((4, 5, 3), value, np.float32), drawing)
    assert Image.open(io.BytesIO(picture.picture)).size == (5, 4)
    assert picture.meaning
    assert "nst-ramp" in picture.legend


def test_what_is_no_number_has_a_color_of_its_own_also_among_colors():
    change = np.zeros((2, 2, 3), np.float32)
    change[0, 1, 2], change[1, 0] = np.nan, 0.5
    assert read(draw_push(change, "color"))[0, 1].tolist() == [255, 0, 144]
    assert read(draw_push(change, "color"))[1, 0].tolist() == [255, 255, 255]


def test_the_strongest_opposition_and_agreement_are_named():
    cosines = np.array([[1, -0.42, 0.1], [-0.42, 1, 0.6], [0.1, 0.6, 1]])
    assert describe_angles(TERMS, cosines) == (
        "<b>content block4_conv2</b> and <b>style block1_conv1</b> pull against each other, cosine −0.42. "
        "<b>style block1_conv1</b> and <b>variation</b> agree most, cosine 0.60."
    )


def test_where_nobody_opposes_or_nobody_has_a_gradient_that_is_said():
    assert describe_angles(TERMS, np.eye(3)) == "No two terms pull against each other."
    assert "no two terms with a gradient" in describe_angles(TERMS, np.full((3, 3), np.nan))


def test_the_table_of_cosines_colors_signs_and_leaves_out_what_is_no_angle():
    cosines = np.array([[1, -0.5, np.nan], [-0.5, 1, np.nan], [np.nan, np.nan, np.nan]])
    table = write_cosines(TERMS, cosines)
    assert table.count('class="nst-minus" style="--strength:25%">−0.50<') == 2
    assert table.count('class="nst-same">–<') == 5
    assert 'aria-label="style block1_conv1"' in table


def test_bars_of_norms_are_relative_to_the_largest_and_the_chosen_term_is_marked():
    table = write_norms({"total": 4.0, "style/block1_conv1": 1.0, "variation": float("nan")}, "style/block1_conv1")
    assert "--share:1.000" in table
    assert "--share:0.250" in table
    assert 'class="nst-chosen-row"' in table
    assert "not a number" in table


def test_a_pixel_is_read_with_the_sign_of_the_push():
    gradient = np.zeros((3, 4, 3), np.float32)
    gradient[1, 2] = 0.25, -0.5, 0
    table = write_pixel({"total": gradient, "variation": gradient * 0}, 1, 2)
    assert "−∇ at x 2, y 1" in table
    assert "<td>−0.250</td><td>0.500</td><td>0</td>" in table


def test_a_pixel_is_the_same_place_in_a_picture_of_another_size():
    choice = GradientChoice(place=place_pixel(9, 3, 10, 20))
    assert choice.locate_pixel(10, 20) == (9, 3)
    assert choice.locate_pixel(100, 200) == (95, 35)
    assert GradientChoice(place=place_pixel(99, -4, 10, 20)).locate_pixel(10, 20) == (9, 0)
    assert GradientChoice(hovered=(0.0, 0.0)).locate_pixel(10, 20) == (0, 0)


def test_a_histogram_counts_every_value_and_says_its_numbers():
    values = np.concatenate([np.zeros(50), np.full(50, 2.0)])
    chart = draw_memory("mean", "m̂", values, is_signed=True)
    assert chart.count("M") == 2 + 1  # two bars and the axis
    assert "from −2.00 to 2.00" in chart
    assert caption_memory("mean", "m̂", values) == "<b>m̂</b> mean: half are beyond 1.00, 50% exactly 0"


@pytest.mark.parametrize(("value", "words"), [(0.0, "every value is 0"), (np.nan, "no value is a number")])
def test_a_histogram_of_nothing_says_so(value, words):
    assert words in draw_memory("mean", "m̂", np.full(9, value), is_signed=True)


def test_a_check_shows_both_slopes_and_their_deviation():
    rows = [CheckRow("x 1, y 2, red", 0.25, 0.2500001, 4e-7, True), CheckRow("x 3, y 0, blue", 1.0, 0.5, 0.5, False)]
    table = write_check(rows, "They differ.")
    assert "<td>0.250</td><td>0.250</td><td>&lt;0.001% ✓</td>" in table
    assert "50.0% ✗" in table
    assert "They differ." in table


@pytest.mark.parametrize(
    ("deviation", "text"),
    [(0.0, "0"), (2e-6, "<0.001%"), (0.0042, "0.420%"), (0.25, "25.0%"), (float("inf"), "∞")],
)
def test_deviations_are_percents_that_a_person_reads(deviation, text):
    assert write_deviation(deviation) == text


def test_the_table_of_losses_adds_up():
    lines = (LossLine("content/block4_conv2", 4.0, 0.5, 2.0), LossLine("variation", 1.0, 2.0, 2.0))
    table = write_sum(lines, 4.0)
    assert table.count("--share:0.500") == 2
    assert "total, their sum" in table
    assert "<td>4.00</td></tr></tbody>" in table
    assert "--share:0.000" in write_sum(lines, 0.0)


def test_stages_are_walked_to_both_ends_and_not_beyond():
    assert move_stage("Features", -1) == "Features"
    assert move_stage("Update", 1) == "Update"
    walked = ["Features"]
    for _ in range(4):
        walked.append(move_stage(walked[-1], 1))
    assert tuple(walked) == STAGES
