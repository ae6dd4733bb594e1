"""The mosaic: a page of a layer's feature maps, side by side in one picture.

Small maps are drawn with one pixel a value; large ones are reduced by whole factors, each pixel the mean of a block.
The lines between tiles and the marks on them are the stylesheet's, since they follow the theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nst_explorer.view.channel_order import ChannelFacts
from nst_explorer.view.color_scale import ColorScale, choose_colormap, encode_placed, find_bounds, place_maps

PAGE_SIZE = 64
_MOSAIC_SIDE = 512


@dataclass(frozen=True)
class Page:
    """A part of the ordered channels.

    Attributes:
        index: Which page, from 0.
        channels: Those on it.
        first: The place of the first of them in the order, from 0.
        total: Number of channels of the layer.
    """

    index: int
    channels: tuple[int, ...]
    first: int
    total: int

    @property
    def is_last(self) -> bool:
        """Whether there is none after it."""
        return self.first + len(self.channels) >= self.total

    @property
    def columns(self) -> int:
        """Tiles in a row: fewer and larger ones for layers of few channels, the same on all pages of a layer."""
        return 4 if self.total <= 16 else 8

    def __str__(self) -> str:
        return f"{self.first + 1}–{self.first + len(self.channels)} of {self.total}"


@dataclass(frozen=True, eq=False)
class Mosaic:
    """A page as a picture.

    Attributes:
        picture: Its bytes.
        kind: Their format, `png` or `jpeg`.
        page: Which channels are on it, row by row.
        names: What each tile is called: `Channel 17`, with `, dead` and the like.
        marks: For each tile the mark it bears: `dead`, `broken`, `flat` or nothing.
        is_reduced: Whether a pixel is the mean of several values.
        is_difference: Whether colors are the diverging ones.
    """

    picture: bytes
    kind: str
    page: Page
    names: tuple[str, ...]
    marks: tuple[str, ...]
    is_reduced: bool
    is_difference: bool


def cut_page(channels: Sequence[int], page: int | None, channel: int) -> Page:
    """Cuts a page out of ordered channels; beyond the last page is the last one, and None that with the channel."""
    index = channels.index(channel) // PAGE_SIZE if page is None else page
    index = min(max(index, 0), (len(channels) - 1) // PAGE_SIZE)
    first = index * PAGE_SIZE
    return Page(index, tuple(channels[first : first + PAGE_SIZE]), first, len(channels))


def draw_mosaic(
    features: np.ndarray,
    page: Page,
    facts: ChannelFacts,
    shared: ColorScale | None,
    *,
    is_difference: bool,
    is_quick: bool,
) -> Mosaic:
    """Draws a page.

    Args:
        features: `(h, w, C) float32`, all maps of the layer.
        page: Which channels, in which order.
        facts: Of all channels.
        shared: The scale of all maps; None gives each its own.
        is_difference: Whether the maps are differences, centered on 0.
        is_quick: Whether loss is allowed.
    """
    tiles = reduce_maps(features, _MOSAIC_SIDE // page.columns)
    is_reduced = tiles.shape != features.shape
    tiles = tiles[..., list(page.channels)]
    bounds = find_bounds(tiles) if shared is None else np.full(len(page.channels), shared.high, np.float32)
    sheet = lay_tiles(place_maps(tiles, bounds, is_difference=is_difference), page.columns)
    picture, kind = encode_placed(sheet, choose_colormap(is_difference=is_difference), is_quick=is_quick)
    is_flat = _find_flat(features, tiles, page.channels)
    marks = tuple(_mark(channel, facts, flat) for channel, flat in zip(page.channels, is_flat, strict=True))
    silent = "no difference" if is_difference else "dead"
    words = {"dead": f", {silent}", "broken": ", with values that are no numbers", "flat": ", flat", "": ""}
    names = tuple(f"Channel {channel}{words[mark]}" for channel, mark in zip(page.channels, marks, strict=True))
    return Mosaic(picture, kind, page, names, marks, is_reduced, is_difference)


def reduce_maps(features: np.ndarray, side: int) -> np.ndarray:
    """Reduces maps by the smallest whole factor that brings them to a side, each value the mean of a block.

    Args:
        features: `(h, w, C) float32`.
        side: The most rows and columns wanted.

    Returns:
        `(h', w', C) float32`; the blocks at the lower and right border may be smaller. Small maps stay as they are.
    """
    height, width, _ = features.shape
    factor = -(-max(height, width) // side)
    if factor <= 1:
        return features
    counts = [np.minimum(factor, length - np.arange(0, length, factor)) for length in (height, width)]
    with np.errstate(invalid="ignore", over="ignore"):
        sums = _sum_blocks(_sum_blocks(features, factor).swapaxes(0, 1), factor).swapaxes(0, 1)
        return sums / np.outer(*counts).astype(np.float32)[..., np.newaxis]


def lay_tiles(tiles: np.ndarray, columns: int) -> np.ndarray:
    """Lays `(h, w, n)` tiles row by row into one sheet `(rows · h, columns · w)`; places left over are 0."""
    height, width, count = tiles.shape
    rows = -(-count // columns)
    padded = np.zeros((height, width, rows * columns), np.float32)
    padded[..., :count] = tiles
    grid = padded.reshape(height, width, rows, columns).transpose(2, 0, 3, 1)
    return grid.reshape(rows * height, columns * width)


def _sum_blocks(values: np.ndarray, factor: int) -> np.ndarray:
    """Adds up every `factor` neighbors along the first axis; slices are 20 times as quick as `add.reduceat`."""
    sums = values[::factor].copy()
    for offset in range(1, factor):
        part = values[offset::factor]
        sums[: len(part)] += part
    return sums


def _find_flat(features: np.ndarray, tiles: np.ndarray, channels: Sequence[int]) -> list[bool]:
    """Finds maps of one value everywhere; only where the tile looks so is the whole map read."""
    if features.shape[0] * features.shape[1] == 1:
        return [False] * len(channels)
    with np.errstate(invalid="ignore", over="ignore"):
        spread = tiles.max(axis=(0, 1)) - tiles.min(axis=(0, 1))
        may_be = spread <= 1e-5 * np.abs(tiles[0, 0])
    return [
        bool(candidate and (features[..., channel] == features[0, 0, channel]).all())
        for candidate, channel in zip(may_be.tolist(), channels, strict=True)
    ]


def _mark(channel: int, facts: ChannelFacts, is_flat: bool) -> str:
    if facts.is_broken[channel]:
        return "broken"
    if facts.is_silent[channel]:
        return "dead"
    return "flat" if is_flat else ""
