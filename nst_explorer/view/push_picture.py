"""Changes of a picture as a picture: which pixels are to become brighter or darker, in which color, or how much at all.

Brightness is the sum over red, green and blue: the slope of the loss for making the whole pixel lighter. The scale ends
at the 99.5th percentile, as everywhere.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from nst_explorer.view.color_scale import PERCENTILE, encode_picture, encode_placed, find_scale
from nst_explorer.view.colormaps import DIVERGING, paint_values
from nst_explorer.view.frames import quantize
from nst_explorer.view.numbers import format_number

MEANINGS = {
    "push": "sum over red, green and blue: rust gets brighter, blue gets darker",
    "color": "each channel for itself: gray stays, a color is added",
    "strength": "length over red, green and blue",
}


@dataclass(frozen=True, eq=False)
class PushPicture:
    """A picture of changes.

    Attributes:
        picture: Its bytes, one pixel each.
        kind: Their format, `png` or `jpeg`.
        is_diverging: Whether colors are the diverging ones.
        meaning: What a color says, in words.
        legend: Color bar and numbers, as HTML.
    """

    picture: bytes
    kind: str
    is_diverging: bool
    meaning: str
    legend: str


def draw_push(change: np.ndarray, drawing: str, *, is_quick: bool = False) -> PushPicture:
    """Draws changes.

    Args:
        change: `(H, W, 3)`, what is wanted of each value: minus its gradient, or what an optimizer adds.
        drawing: One of `DRAWINGS`.
        is_quick: Whether loss is allowed.
    """
    meaning = MEANINGS[drawing]
    if drawing == "color":
        bound = find_scale(change, is_difference=True).high
        is_missing = np.isnan(change.sum(axis=-1))
        shares = np.where(is_missing[..., np.newaxis], 0, change) / (2 * bound if bound > 0 else 1.0) + 0.5
        pixels = quantize(shares)
        pixels[is_missing] = paint_values(np.array(np.nan), DIVERGING, 0, 1)
        picture, kind = encode_picture(Image.fromarray(pixels), is_quick=is_quick)
        return PushPicture(picture, kind, False, meaning, _write_legend("nst-grays", -bound, bound))
    is_push = drawing == "push"
    values = change.sum(axis=-1) if is_push else np.sqrt(np.square(change).sum(axis=-1))
    scale = find_scale(values, is_difference=is_push)
    picture, kind = encode_placed(scale.place_values(values), scale.colormap, is_quick=is_quick)
    return PushPicture(
        picture, kind, is_push, meaning, _write_legend(f"nst-{scale.colormap.name}", scale.low, scale.high)
    )


def _write_legend(ramp: str, low: float, high: float) -> str:
    middle = "<span>0</span>" if low < 0 else ""
    first = f"≤ {format_number(low)}" if low < 0 else "0"
    return (
        f'<span class="nst-ramp {ramp}"></span><span class="nst-ends"><span>{first}</span>{middle}'
        f'<span title="the {PERCENTILE:g}th percentile">≥ {format_number(high)}</span></span>'
    )
