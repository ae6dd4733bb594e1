"""From an inspected layer to its panel: what is told, also of layers without a role and of bad values."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nst_explorer.recipe import Recipe
from nst_explorer.showing_features import point_at_pixel, share_terms, show_features, show_pixel
from nst_explorer.view.feature_choice import MAP_SOURCES, ORDERS, SCALES, FeatureChoice
from nst_explorer.widgets.feature_panel import FeaturePanel
from tests.features import Inspected, make_inspected


def ignore(*arguments: Any) -> None:
    """A callback that nobody hears."""


@pytest.fixture
def panel() -> FeaturePanel:
    return FeaturePanel(ignore, ignore)


def read_text(panel: FeaturePanel) -> str:
    waiting: list[Any] = [panel.root]
    text = ""
    while waiting:
        each = waiting.pop(0)
        if isinstance(getattr(each, "value", None), str):
            text += each.value + "\n"
        waiting += getattr(each, "children", ())
    return text


def show(panel: FeaturePanel, inspected: Inspected, choice: FeatureChoice, *, is_playing: bool = False) -> str:
    show_features(panel, inspected, choice, is_playing=is_playing)
    return read_text(panel)


def read_pictures(
    panel: FeaturePanel, inspected: Inspected, choice: FeatureChoice, *, is_playing: bool = False
) -> list[bytes]:
    """The mosaic and the enlarged map after showing them."""
    show_features(panel, inspected, choice, is_playing=is_playing)
    waiting: list[Any] = [panel.root]
    found = {}
    while waiting:
        each = waiting.pop(0)
        for name in {"nst-mosaic-picture", "nst-close-map"}.intersection(getattr(each, "_dom_classes", ())):
            found[name] = each.value
        waiting += getattr(each, "children", ())
    return [found["nst-mosaic-picture"], found["nst-close-map"]]


def order(panel: FeaturePanel) -> tuple[int, ...]:
    assert panel.ordering is not None
    return panel.ordering.channels


def test_channels_are_sorted_by_what_was_asked(panel):
    inspected = make_inspected(channels=8)
    maps = inspected.maps["generated"]
    show(panel, inspected, FeatureChoice(order="mean"))
    assert order(panel) == tuple(np.argsort(-maps.mean(axis=(0, 1)), kind="stable"))
    show(panel, inspected, FeatureChoice(order="variance"))
    assert order(panel) == tuple(np.argsort(-maps.var(axis=(0, 1)), kind="stable"))
    show(panel, inspected, FeatureChoice())
    assert order(panel) == tuple(range(8))


def test_the_contribution_to_a_style_term_puts_the_channel_first_whose_gram_row_is_wrong(panel):
    inspected = make_inspected("block1_conv1", channels=8)
    inspected.maps["style"] = inspected.maps["generated"].copy()
    inspected.maps["style"][..., 5] *= 3
    text = show(panel, inspected, FeatureChoice(order="contribution"))
    assert order(panel)[0] == 5
    assert "largest contribution to the loss first" in text
    assert "of the style term" in text
    assert sum(share_terms(inspected)["style"]) == pytest.approx(1)


def test_a_layer_in_both_roles_is_sorted_by_what_its_terms_are_in_the_loss(panel):
    recipe = Recipe(content_layers={"block3_conv1": 1.0}, style_layers={"block3_conv1": 1.0})
    inspected = replace(make_inspected(channels=8), recipe=recipe)
    for of in ("content", "style"):
        inspected.maps[of] = inspected.maps["generated"].copy()
    inspected.maps["content"][..., 2] += 1
    inspected.maps["style"][..., 6] *= 3
    for content, style, first in ((9.0, 1.0, 2), (1.0, 9.0, 6)):
        inspected.losses = {"content/block3_conv1": content, "style/block3_conv1": style}
        show(panel, inspected, FeatureChoice(order="contribution"))
        assert order(panel)[0] == first


def test_a_layer_without_a_role_says_so_and_is_sorted_by_number(panel):
    inspected = make_inspected("block3_conv2", channels=8)
    text = show(panel, inspected, FeatureChoice(order="contribution"))
    assert "block3_conv2 has no role in the loss, so its channels are sorted by number" in text
    assert order(panel) == tuple(range(8))


def test_while_it_plays_tiles_keep_their_places_and_the_caption_tells_since_when(panel):
    first = make_inspected(channels=8, seed=1)
    show(panel, first, FeatureChoice(order="mean"), is_playing=True)
    before = order(panel)
    later = replace(make_inspected(channels=8, seed=2), step=40)
    text = show(panel, later, FeatureChoice(order="mean"), is_playing=True)
    assert order(panel) == before
    assert "as of step 0" in text
    text = show(panel, later, FeatureChoice(order="mean"))
    assert order(panel) != before
    assert "as of step" not in text


def test_another_layer_or_order_is_sorted_anew_also_while_it_plays(panel):
    show(panel, make_inspected(channels=8, seed=1), FeatureChoice(order="mean"), is_playing=True)
    inspected = make_inspected("block4_conv1", channels=16, seed=1)
    show(panel, inspected, FeatureChoice(order="mean"), is_playing=True)
    assert len(order(panel)) == 16


def test_dead_channels_are_counted(panel):
    inspected = make_inspected(channels=16)
    inspected.maps["generated"][..., 4:7] = 0
    assert "3 dead (always 0)" in show(panel, inspected, FeatureChoice())


def test_the_difference_is_generated_minus_content(panel):
    inspected = make_inspected(channels=16)
    inspected.maps["generated"] = inspected.maps["content"] + 0.25
    text = show(panel, inspected, FeatureChoice(of="difference"))
    assert "): 0.250 ·" in text
    assert "of generated minus content" in text


def test_where_nothing_differs_it_is_said(panel):
    inspected = make_inspected(channels=16)
    inspected.maps["generated"] = inspected.maps["content"]
    assert "16 without a difference" in show(panel, inspected, FeatureChoice(of="difference"))


BAD_MAPS = {
    "not a number": lambda shape: np.full(shape, np.nan, np.float32),
    "one not a number": lambda shape: np.where(np.arange(np.prod(shape)).reshape(shape) == 3, np.nan, 1.0),
    "infinite": lambda shape: np.full(shape, np.inf, np.float32),
    "huge": lambda shape: np.full(shape, 3e38, np.float32),
    "flat": lambda shape: np.full(shape, 0.5, np.float32),
    "zero": lambda shape: np.zeros(shape, np.float32),
}


# One of a kind would be as bright as another: of 1 × 1 there is a test of its own.
@pytest.mark.parametrize("size", [(1, 9), (150, 20)])
@pytest.mark.parametrize("kind", BAD_MAPS)
def test_bad_maps_are_shown_as_such_and_leave_no_old_picture(panel, kind, size):
    recipe = Recipe(content_layers={"block3_conv1": 1.0}, style_layers={"block3_conv1": 1.0})
    good, bad = (replace(make_inspected(size=size, channels=16), recipe=recipe) for _ in range(2))
    bad.maps = {of: BAD_MAPS[kind](maps.shape).astype(np.float32) for of, maps in bad.maps.items()}
    bad.losses = {"content/block3_conv1": float("nan"), "style/block3_conv1": 1.0}
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        for of, sorting, scale, is_overlaid in zip(MAP_SOURCES, ORDERS, SCALES * 2, (True, False) * 2, strict=True):
            choice = FeatureChoice(of, sorting, scale, None, 2, (0.99, 0.0), is_overlaid)
            before = read_pictures(panel, good, choice)
            for is_playing in (False, True):
                after = read_pictures(panel, bad, choice, is_playing=is_playing)
                assert [old != new for old, new in zip(before, after, strict=True)] == [True, True]


@pytest.mark.parametrize("value", [0.0, 2.5, np.nan, np.inf])
@pytest.mark.parametrize("of", MAP_SOURCES)
def test_maps_of_a_single_value_are_shown(panel, of, value):
    inspected = make_inspected("block5_pool", size=(1, 1), channels=128)
    for each in inspected.maps.values():
        each[..., 3] = value
    text = show(panel, inspected, FeatureChoice(of=of, channel=3, is_overlaid=True))
    assert "128 channels of 1 ×" in text
    assert "(x 0, y " in text


def test_maps_without_numbers_are_told(panel):
    inspected = make_inspected(channels=16)
    inspected.maps["generated"][0, 0, 3] = np.nan
    text = show(panel, inspected, FeatureChoice(channel=3, place=(0.0, 0.0)))
    assert "1 with values that are no numbers" in text
    assert "(x 0, y 0): not a number" in text


def test_a_pixel_is_read_without_drawing_the_page(panel):
    inspected = make_inspected(channels=16)
    show(panel, inspected, FeatureChoice(channel=3))
    choice = point_at_pixel(inspected, FeatureChoice(channel=3), 2, 5)
    inspected.maps["generated"][2, 5, 3] = 0.125
    show_pixel(panel, inspected, choice)
    assert "(x 5, y 2): 0.125 · sees" in read_text(panel)


def test_the_page_follows_a_channel_that_was_asked_for(panel):
    inspected = make_inspected(channels=200)
    assert "129–192 of 200" in show(panel, inspected, FeatureChoice(page=None, channel=130))
    assert "193–200 of 200" in show(panel, inspected, FeatureChoice(page=None, channel=5000))
