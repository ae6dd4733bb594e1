"""Showing feature maps: from an inspected layer, by `view`, to their panel.

Nothing is remembered here. A hover is answered from the arrays of the inspection that was shown, and needs one value
of them; a click draws the page again.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from nst_explorer.layers import find_layer
from nst_explorer.recipe import Recipe
from nst_explorer.view.channel_detail import ChannelDetail, draw_histogram, enlarge_map, state_channel_facts
from nst_explorer.view.channel_order import (
    ChannelFacts,
    Ordering,
    measure_channels,
    mix_shares,
    order_channels,
    share_content,
    share_style,
)
from nst_explorer.view.color_scale import ColorScale, find_scale
from nst_explorer.view.feature_choice import FeatureChoice, choose_pixel
from nst_explorer.view.feature_mosaic import cut_page, draw_mosaic
from nst_explorer.view.feature_texts import write_caption, write_legend, write_tile
from nst_explorer.view.frames import encode_jpeg, encode_png, shrink_frame
from nst_explorer.view.pixel_reading import read_pixel
from nst_explorer.widgets.feature_panel import FeaturePanel

PICTURE_WIDTH = 320
PICTURE_NAMES = {"generated": "Generated", "content": "Content", "style": "Style", "difference": "Generated"}


class InspectedLayer(Protocol):
    """What is known of one layer at one step."""

    @property
    def layer(self) -> str:
        """Its name."""
        ...

    @property
    def step(self) -> int:
        """The step."""
        ...

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        ...

    @property
    def losses(self) -> Mapping[str, float]:
        """Term to its weighted value."""
        ...

    @property
    def image(self) -> np.ndarray:
        """The generated picture, `(H, W, 3) float32`, RGB in [0, 1]."""
        ...

    @property
    def content(self) -> np.ndarray:
        """The content, of the same size."""
        ...

    @property
    def style(self) -> np.ndarray:
        """The style, of any size."""
        ...

    def features(self, of: str) -> np.ndarray:
        """Returns `(h, w, C) float32` of `generated`, `content` or `style`."""
        ...

    def gram(self, of: str) -> np.ndarray:
        """Returns `(C, C) float32` of the same."""
        ...


def show_features(panel: FeaturePanel, inspection: InspectedLayer, choice: FeatureChoice, *, is_playing: bool) -> None:
    """Shows a layer's feature maps; arguments as in `draw_features`."""
    draw_features(panel, inspection, choice, is_playing=is_playing)()


def draw_features(
    panel: FeaturePanel, inspection: InspectedLayer, choice: FeatureChoice, *, is_playing: bool
) -> Callable[[], None]:
    """Draws a layer's feature maps, and returns what shows the drawing; the panel is not touched before.

    Args:
        panel: Where.
        inspection: The layer at the present step.
        choice: What of it is looked at.
        is_playing: Whether it is about to change: then pictures are encoded quickly and tiles keep their order.
    """
    maps = _take_maps(inspection, choice.of)
    height, width, count = maps.shape
    is_difference = choice.of == "difference"
    facts = measure_channels(maps)
    shares = share_terms(inspection)
    ordering = _order(panel.ordering if is_playing else None, inspection, choice, facts, shares)
    channel = min(max(choice.channel, 0), count - 1)
    page = cut_page(ordering.channels, choice.page, channel)
    shared = find_scale(maps, is_difference=is_difference) if choice.scale == "shared" else None
    mosaic = draw_mosaic(maps, page, facts, shared, is_difference=is_difference, is_quick=is_playing)
    picture = _take_picture(inspection, choice.of)
    detail = _draw_detail(inspection, choice, maps, channel, facts, shares, shared, is_playing=is_playing)
    small = shrink_frame(picture, PICTURE_WIDTH)
    caption = write_caption(
        inspection.layer,
        choice,
        facts,
        (height, width),
        sorted_at=None if ordering.step == inspection.step else ordering.step,
        has_role=bool(shares),
    )
    tiles = [write_tile(each, facts, shares) for each in page.channels]
    encoded = encode_jpeg(small) if is_playing else encode_png(small)

    def show() -> None:
        panel.show(
            choice,
            ordering,
            mosaic,
            detail,
            caption=caption,
            legend=write_legend(shared, is_difference=is_difference),
            tiles=tiles,
            picture=encoded,
            picture_kind="jpeg" if is_playing else "png",
            picture_name=PICTURE_NAMES[choice.of],
        )
        show_pixel(panel, inspection, choice)

    return show


def show_pixel(panel: FeaturePanel, inspection: InspectedLayer, choice: FeatureChoice) -> None:
    """Shows the value at the chosen place, and what of the picture it sees; quick enough for a hover."""
    values = _take_channel(inspection, choice)
    row, column = choice.locate_pixel(*values.shape)
    height, width, _ = _take_picture(inspection, choice.of).shape
    panel.show_pixel(read_pixel(values, find_layer(inspection.layer), row, column, (height, width)))


def point_at_pixel(inspection: InspectedLayer, choice: FeatureChoice, row: int, column: int) -> FeatureChoice:
    """Returns the choice with another value of the enlarged map; beyond its border is the one at the border."""
    height, width, _ = inspection.features("generated" if choice.of == "difference" else choice.of).shape
    return choose_pixel(choice, row, column, height, width)


def share_terms(inspection: InspectedLayer) -> dict[str, np.ndarray]:
    """Returns each channel's share of the terms of the loss in which the layer is, `(C,)` by role.

    Of a style loss that does not compare Gram matrices, a channel's share is not known and left out.
    """
    shares = {}
    if inspection.layer in inspection.recipe.content_layers:
        shares["content"] = share_content(inspection.features("generated"), inspection.features("content"))
    if inspection.layer in inspection.recipe.style_layers and inspection.recipe.style_loss == "gram":
        shares["style"] = share_style(inspection.gram("generated"), inspection.gram("style"))
    return shares


def _order(
    held: Ordering | None,
    inspection: InspectedLayer,
    choice: FeatureChoice,
    facts: ChannelFacts,
    shares: Mapping[str, np.ndarray],
) -> Ordering:
    count = len(facts.means)
    key = (inspection.layer, choice.of, choice.order, tuple(shares), count)
    if held is not None and held.key == key:
        return held
    if choice.order == "contribution" and shares:
        values = _mix_contributions(inspection, shares)
    else:
        values = {"mean": facts.means, "variance": facts.variances}.get(choice.order, np.zeros(count))
    return Ordering(key, order_channels(values), inspection.step)


def _mix_contributions(inspection: InspectedLayer, shares: Mapping[str, np.ndarray]) -> np.ndarray:
    """Weighs the channels of a layer in both roles by what its two terms are in the loss now."""
    values = [inspection.losses.get(f"{role}/{inspection.layer}", 0.0) for role in shares]
    if not (sum(values) > 0 and np.isfinite(values).all()):
        values = [1.0] * len(values)
    return mix_shares(list(zip(values, shares.values(), strict=True)))


def _draw_detail(
    inspection: InspectedLayer,
    choice: FeatureChoice,
    maps: np.ndarray,
    channel: int,
    facts: ChannelFacts,
    shares: Mapping[str, np.ndarray],
    shared: ColorScale | None,
    *,
    is_playing: bool,
) -> ChannelDetail:
    values = np.ascontiguousarray(maps[..., channel])
    rows, columns = values.shape
    is_difference = choice.of == "difference"
    scale = shared or find_scale(values, is_difference=is_difference)
    beneath = _take_picture(inspection, choice.of) if choice.is_overlaid else None
    picture, kind, is_fine = enlarge_map(values, scale, beneath, find_layer(inspection.layer), is_quick=is_playing)
    energy = float(np.nansum(np.where(facts.is_broken, 0, facts.mean_squares))) * values.size
    parts = [(f"{role} term", float(each[channel])) for role, each in shares.items()]
    return ChannelDetail(
        channel=channel,
        picture=picture,
        kind=kind,
        columns=columns,
        rows=rows,
        is_fine=is_fine,
        is_overlaid=choice.is_overlaid,
        is_difference=is_difference,
        facts=state_channel_facts(values, energy, parts, channel, is_difference=is_difference),
        histogram=draw_histogram(values, scale),
    )


def _take_maps(inspection: InspectedLayer, of: str) -> np.ndarray:
    if of != "difference":
        return inspection.features(of)
    with np.errstate(invalid="ignore", over="ignore"):
        return inspection.features("generated") - inspection.features("content")


def _take_channel(inspection: InspectedLayer, choice: FeatureChoice) -> np.ndarray:
    features = inspection.features("generated" if choice.of == "difference" else choice.of)
    channel = min(max(choice.channel, 0), features.shape[-1] - 1)
    if choice.of != "difference":
        return features[..., channel]
    with np.errstate(invalid="ignore", over="ignore"):
        return features[..., channel] - inspection.features("content")[..., channel]


def _take_picture(inspection: InspectedLayer, of: str) -> np.ndarray:
    return {"content": inspection.content, "style": inspection.style}.get(of, inspection.image)
