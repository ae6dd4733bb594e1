"""What the tab of feature maps says in words: what is shown, in which order, and what its colors mean."""

from collections.abc import Mapping
from html import escape

import numpy as np

from nst_explorer.view.channel_detail import write_share
from nst_explorer.view.channel_order import ChannelFacts
from nst_explorer.view.color_scale import PERCENTILE, ColorScale
from nst_explorer.view.feature_choice import FeatureChoice
from nst_explorer.view.numbers import format_number

_ORDER_TEXTS = {"mean": "mean activation", "variance": "variance", "contribution": "contribution to the loss"}
SOURCE_TEXTS = {
    "generated": "of the generated picture",
    "content": "of the content",
    "style": "of the style",
    "difference": "of generated minus content",
}


def write_caption(
    layer: str,
    choice: FeatureChoice,
    facts: ChannelFacts,
    size: tuple[int, int],
    *,
    sorted_at: int | None,
    has_role: bool,
) -> str:
    """Says what the mosaic shows, as HTML.

    Args:
        layer: The layer's name.
        choice: What is looked at.
        facts: Of all channels.
        size: Height and width of a map.
        sorted_at: The step of the order, where that is not the present one.
        has_role: Whether a channel's share of the loss is known.
    """
    height, width = size
    layer, (order, of) = escape(layer), (choice.order, choice.of)
    notes = [f"<b>{layer}</b> {SOURCE_TEXTS[of]}: {len(facts.means)} channels of {width} × {height} values"]
    if order == "contribution" and not has_role:
        notes.append(f"{layer} has no role in the loss, so its channels are sorted by number")
    elif order != "number":
        when = "" if sorted_at is None else f", as of step {sorted_at}"
        notes.append(f"largest {_ORDER_TEXTS[order]} first{when}")
    if silent := int(facts.is_silent.sum()):
        notes.append(f"{silent} without a difference" if of == "difference" else f"{silent} dead (always 0)")
    if broken := int(facts.is_broken.sum()):
        notes.append(f"<b>{broken} with values that are no numbers</b> (magenta)")
    return "; ".join(notes)


def write_tile(channel: int, facts: ChannelFacts, shares: Mapping[str, np.ndarray]) -> str:
    """Says a channel's numbers in a line, as HTML.

    Args:
        channel: Its number.
        facts: Of all channels.
        shares: Role of the layer to each channel's share of that term, `(C,)`.
    """
    parts = [f"mean {format_number(float(facts.means[channel]))}"]
    parts += [f"{write_share(float(each[channel]))} of the {role} term" for role, each in shares.items()]
    return f"<b>Channel {channel}</b>: {', '.join(parts)}"


def write_legend(shared: ColorScale | None, *, is_difference: bool) -> str:
    """Draws the mosaic's color bar with its numbers, as HTML; None is a scale of each map's own."""
    if shared is not None:
        low, high = format_number(shared.low), format_number(shared.high)
    else:
        high = f"{PERCENTILE:g}th percentile of each map"
        low, high = ("less", f"more: {high}") if is_difference else ("0", high)
    middle = "<span>0</span>" if is_difference else ""
    return (
        f'<span class="nst-ramp nst-{"diverging" if is_difference else "viridis"}"></span>'
        f'<span class="nst-ends"><span>{low}</span>{middle}<span>{high}</span></span>'
    )
