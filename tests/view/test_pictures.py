"""Frames, numbers, colors and the network's map."""

import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from nst_explorer.layers import CONVOLUTION_NAMES, LAYER_NAMES
from nst_explorer.view.frames import draw_difference, encode_jpeg, encode_png, fit_picture, quantize, shrink_frame
from nst_explorer.view.network_map import NetworkState, draw_network, state_facts
from nst_explorer.view.numbers import format_change, format_evaluations, format_number, format_percent, format_speed
from nst_explorer.view.palette import color_term, letter_term, name_term
from nst_explorer.view.svg import draw_svg, draw_text


def test_a_png_is_exact_to_the_last_of_eight_bits():
    image = np.random.default_rng(0).random((9, 7, 3), dtype=np.float32)
    decoded = np.asarray(Image.open(io.BytesIO(encode_png(image))))
    np.testing.assert_array_equal(decoded, np.rint(image * 255))


def test_a_jpeg_is_near():
    ramp = np.tile(np.linspace(0, 1, 64, dtype=np.float32)[:, None, None], (1, 64, 3))
    decoded = np.asarray(Image.open(io.BytesIO(encode_jpeg(ramp))), float) / 255
    assert np.abs(decoded - ramp).max() < 0.03


def test_values_outside_the_range_are_clipped_and_halves_are_rounded():
    np.testing.assert_array_equal(quantize(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])), [0, 0, 128, 255, 255])


def test_a_coarse_picture_is_stretched_to_its_place_and_one_of_that_size_is_not_touched():
    image = np.random.default_rng(0).random((6, 8, 3), dtype=np.float32)
    assert fit_picture(image, 6, 8) is image
    stretched = fit_picture(np.full((6, 8, 3), 0.2, np.float32), 25, 33)
    np.testing.assert_array_equal(stretched, np.full((25, 33, 3), 51 / 255, np.float32))


def test_a_frame_is_reduced_but_never_enlarged():
    image = np.full((40, 80, 3), 0.5, np.float32)
    assert shrink_frame(image, 20).shape == (10, 20, 3)
    assert shrink_frame(image, 200) is image


def test_no_difference_is_middle_gray():
    image = np.random.default_rng(0).random((3, 3, 3))
    np.testing.assert_allclose(draw_difference(image, image), 0.5)
    assert draw_difference(np.ones(1), np.zeros(1)) == 1.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03214, "0.0321"), (3.214e-5, "3.21e−5"), (0, "0"), (-2.5, "−2.50"), (123.4, "123"), (12345, "12,300"),
        (2.5e7, "2.50e7"), (float("nan"), "not a number"), (float("inf"), "∞"), (1.0, "1.00"), (999.9, "1,000"),
        (0.00099996, "0.00100"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_three_digits(value, text):
    assert format_number(value) == text


def test_shares_changes_and_speeds_are_written():
    assert (format_percent(0.412), format_percent(0.001), format_percent(0)) == ("41%", "<1%", "0%")
    assert (format_change(0.95), format_change(1.021), format_change(float("nan"))) == ("−5.0%", "+2.1%", "–")
    assert format_evaluations(13, 12, 1.0) == ""
    assert format_evaluations(894, 892, 1.0) == ""  # two recipes on the way were measured once more
    assert format_evaluations(1500, 1200, 1.24) == "1,500 evaluations, lately 1.2 a step"
    assert (format_speed(31.2), format_speed(3.14), format_speed(0.5), format_speed(None)) == (
        "31 steps/s", "3.1 steps/s", "2.0 s/step", "–",
    )  # fmt: skip


def test_terms_have_letters_names_and_colors():
    assert [letter_term(term) for term in ("total", "content/block4_conv2", "style/block3_conv1", "variation")] == [
        "Σ", "C4", "S3", "V",
    ]  # fmt: skip
    assert color_term("style/block5_pool") == "var(--nst-style-5)"
    assert color_term("content/block1_conv1") == "var(--nst-content)"
    assert name_term("style/block3_conv1") == "block3_conv1"


def make_state(selected: str = "block4_conv2", height: int = 192, width: int = 256) -> NetworkState:
    return NetworkState(
        height=height,
        width=width,
        channels=dict.fromkeys(CONVOLUTION_NAMES, 64),
        content_layers={"block4_conv2": 1.0},
        style_layers={"block1_conv1": 1.0, "block4_conv2": 0.5},
        shares={"block1_conv1": 0.25, "block4_conv2": 0.75},
        shares_title="of the loss",
        selected=selected,
    )


def test_the_map_names_every_convolution_once_and_is_valid_svg():
    drawing = draw_network(make_state())
    texts = [element.text for element in ElementTree.fromstring(drawing).iter("text")]
    assert [text for text in texts if text in CONVOLUTION_NAMES] == list(CONVOLUTION_NAMES)
    assert "25%" in texts
    assert "75%" in texts
    assert "block4_conv2 both" in drawing


@pytest.mark.parametrize("selected", LAYER_NAMES)
def test_every_layer_can_be_chosen_on_a_map_of_a_small_picture(selected):
    ElementTree.fromstring(draw_network(make_state(selected, height=32, width=33)))
    assert state_facts(make_state(selected, height=32, width=33)).maps


def test_the_facts_of_a_layer():
    facts = state_facts(make_state("block3_conv1"))
    assert (facts.maps, facts.channels, facts.sees, facts.stride) == ("64 × 48", "64", "24 px", "4 px")


def test_before_the_weights_are_known_no_number_of_channels_is_claimed():
    unknown = replace(make_state("block3_conv1"), channels={})
    assert state_facts(unknown).channels == "…"
    texts = [element.text or "" for element in ElementTree.fromstring(draw_network(unknown)).iter("text")]
    assert not [text for text in texts if text.startswith("×")]


def test_the_maps_rows_have_the_heights_that_the_stylesheet_repeats():
    found = re.search(r'viewBox="0 0 312 ([\d.]+)"', draw_network(make_state()))
    assert found
    assert float(found[1]) == 22 + 16 * 20 + 5 * 8 + 24


def test_text_from_outside_is_escaped():
    assert draw_text(0, 0, "<script>") == '<text x="0" y="0" class="">&lt;script&gt;</text>'
    assert "&quot;&lt;b&gt;" in draw_svg(1, 1, '"<b>', [])
