import numpy as np
import pytest
from matplotlib.patches import Rectangle

from nst_explorer.course import lesson_02
from nst_explorer.layers import find_layer
from nst_explorer.recipe import Recipe
from nst_explorer.session.session import Session


@pytest.fixture(scope="module")
def session(slim_weights, content_image, style_image):
    return Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))


@pytest.mark.parametrize(("predict", "right"), [(lesson_02.predict_map_size, "c"), (lesson_02.predict_deep_maps, "b")])
def test_a_prediction_is_right_for_one_letter_only(predict, right):
    assert [letter for letter in "abcd" if predict(letter).is_right] == [right]
    assert predict(...).state == "open"


def test_the_table_measures_maps_and_fields(session):
    table = lesson_02.measure_layers(session, ["block1_conv1", "block3_conv1"])
    assert list(table["maps"]) == [4, 8]
    assert list(table["map, width × height"]) == ["64 × 48", "16 × 12"]
    assert list(table["one value sees"]) == ["3 × 3 px", "24 × 24 px"]
    zeros = np.mean(session.features("block3_conv1", of="content") == 0)
    assert table["values that are 0"].iloc[1] == f"{zeros:.0%}"


def test_a_frame_is_drawn_for_each_layer_as_large_as_its_field(session):
    axes = lesson_02.draw_receptive_fields(session, ["block2_conv1", "block3_conv1"]).axes[0]
    assert sorted({patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)}) == [10, 24]


def test_the_field_of_block2_conv2_is_accepted_and_typical_mistakes_are_told():
    assert lesson_02.check_receptive_field(14).is_right
    for wrong, said in (
        (9, "pooling between"),
        (10, "block2_conv1"),
        (13, "adds 1"),
        (196, "across"),
        (7, "2 × stride"),
    ):
        verdict = lesson_02.check_receptive_field(wrong)
        assert (verdict.state, said in verdict.sentence) == ("wrong", True), (wrong, verdict.sentence)
    assert lesson_02.check_receptive_field(...).state == "open"


def walk(kinds, of_pool=1, factor=2, is_doubled_first=False):
    field, stride = 1, 1
    for kind in kinds:
        if kind == "pool" and is_doubled_first:
            stride *= factor
        field += (2 if kind == "conv" else of_pool) * stride
        if kind == "pool" and not is_doubled_first:
            stride *= factor
    return field


def test_a_function_of_receptive_fields_is_accepted():
    assert lesson_02.check_receptive_field_function(walk).is_right


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda kinds: walk(kinds, factor=1), "A pooling doubles the stride"),
        (lambda kinds: walk(kinds, is_doubled_first=True), "1 × the stride as it was before it"),
        (lambda kinds: walk(kinds, of_pool=2), "1 × the stride as it was before it"),
        (lambda kinds: walk(kinds, of_pool=0), "A pooling adds 1 × stride, too"),
        (lambda kinds: 1 + 2 * len(kinds), "Every layer adds 2 here"),
        (lambda kinds: 7, "it gives 7, but it must be 3."),
        (lambda kinds: kinds[5], "raises IndexError"),
        (14, "must be a function"),
    ],
)
def test_a_wrong_function_is_refused_with_the_mistake(wrong, said):
    verdict = lesson_02.check_receptive_field_function(wrong)
    assert (verdict.state, said in verdict.sentence) == ("wrong", True), verdict.sentence


def test_a_function_that_returns_three_dots_is_not_answered_yet():
    assert lesson_02.check_receptive_field_function(lambda kinds: ...).state == "open"


def test_the_brightest_channel_is_accepted_and_no_other(session):
    means = session.features("block2_conv1", of="content").mean(axis=(0, 1))
    right = int(means.argmax())
    verdicts = [lesson_02.check_brightest_channel(channel, session, "block2_conv1") for channel in range(len(means))]
    assert [index for index, verdict in enumerate(verdicts) if verdict.is_right] == [right]
    assert "smallest mean" in verdicts[int(means.argmin())].sentence or int(means.argmin()) == right + 1
    assert lesson_02.check_brightest_channel(..., session, "block2_conv1").state == "open"


def test_fields_in_the_lesson_are_those_of_the_network():
    assert [find_layer(name).receptive_field for name in lesson_02.FIRSTS] == [3, 10, 24, 68, 156]
