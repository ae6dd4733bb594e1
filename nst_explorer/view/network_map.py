"""VGG19 drawn to scale, as a tower: a row a convolution, a slab as wide as its maps, as thick as its channels.

The drawing is SVG in parts of 312 units of width; `ROW_HEIGHT` and its neighbors are repeated in style.css, where the
invisible buttons over the rows are laid out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.layers import FULL_WIDTHS, LAYERS, Layer, find_layer, measure_map
from nst_explorer.view.numbers import format_percent
from nst_explorer.view.svg import draw_bar, draw_svg, draw_text

WIDTH, ROW_HEIGHT, POOL_HEIGHT, HEAD_HEIGHT, FOOT_HEIGHT = 312, 20, 8, 22, 24
NAME_X, SLAB_X, SLAB_WIDTH, SIZE_X, CHIP_X, SHARE_X, SHARE_WIDTH = 10, 122, 60, 204, 211, 252, 28
ROLES = ("none", "content", "style", "both")


@dataclass(frozen=True)
class NetworkState:
    """What the map shows.

    Attributes:
        height: Of the picture in pixels.
        width: Of the picture in pixels.
        channels: Channels of each convolution; empty before the network's weights are known.
        content_layers: Names and weights.
        style_layers: Names and weights.
        shares: Share by layer, and of `variation`, in [0, 1]; empty where they are not known.
        shares_title: What they are shares of, a few words.
        selected: The chosen layer.
    """

    height: int
    width: int
    channels: Mapping[str, int]
    content_layers: Mapping[str, float]
    style_layers: Mapping[str, float]
    shares: Mapping[str, float]
    shares_title: str
    selected: str

    def role(self, layer: str) -> str:
        """Returns the layer's role, one of `ROLES`."""
        is_content, is_style = layer in self.content_layers, layer in self.style_layers
        return "both" if is_content and is_style else "content" if is_content else "style" if is_style else "none"

    def count_channels(self, layer: Layer) -> int | None:
        """Returns the layer's number of channels, None if not known; a pooling has those of the one before it."""
        counted = LAYERS[LAYERS.index(layer) - 1] if layer.is_pool else layer
        return self.channels.get(counted.name)


@dataclass(frozen=True)
class LayerFacts:
    """Facts of one layer, as text, for the lines under the map."""

    maps: str
    channels: str
    sees: str
    stride: str


def state_facts(state: NetworkState) -> LayerFacts:
    """Returns the chosen layer's facts."""
    layer = find_layer(state.selected)
    height, width = measure_map(layer, state.height, state.width)
    return LayerFacts(
        maps=f"{width} × {height}",
        channels=str(state.count_channels(layer) or "…"),
        sees=f"{layer.receptive_field} px",
        stride=f"{layer.stride} px",
    )


def draw_network(state: NetworkState) -> str:
    """Returns the map as SVG."""
    parts = [
        draw_text(NAME_X, 11, "layer", "nst-dim"),
        draw_text(SLAB_X, 11, "feature maps", "nst-dim nst-mid"),
        draw_text(CHIP_X + 17, 11, "role", "nst-dim nst-mid"),
        draw_text(WIDTH - 4, 11, state.shares_title, "nst-dim nst-end"),
    ]
    top = HEAD_HEIGHT
    for layer in LAYERS:
        parts += _draw_pool(state, layer, top) if layer.is_pool else _draw_layer(state, layer, top)
        top += POOL_HEIGHT if layer.is_pool else ROW_HEIGHT
    if "variation" in state.shares:
        parts.append(draw_text(NAME_X, top + ROW_HEIGHT / 2 + 4, "variation, on the pixels", "nst-dim"))
        parts += _draw_share(state.shares["variation"], top + ROW_HEIGHT / 2, "var(--nst-variation)")
    used = [f"{layer.name} {state.role(layer.name)}" for layer in LAYERS if state.role(layer.name) != "none"]
    return draw_svg(WIDTH, top + FOOT_HEIGHT, f"VGG19's layers; in use: {', '.join(used)}", parts)


def _draw_pool(state: NetworkState, layer: Layer, top: float) -> list[str]:
    half, after = SLAB_WIDTH / layer.stride, SLAB_WIDTH / 2 / layer.stride
    color = "nst-pool" if state.role(layer.name) == "none" else "nst-pool nst-used"
    shape = f"M{SLAB_X - half:g} {top}h{2 * half:g}L{SLAB_X + after:g} {top + POOL_HEIGHT}h{-2 * after:g}z"
    marker = [draw_bar(0, top, 3, POOL_HEIGHT, "var(--nst-ink)")] if layer.name == state.selected else []
    return [*marker, f'<path class="{color}" d="{shape}"/>']


def _draw_layer(state: NetworkState, layer: Layer, top: float) -> list[str]:
    middle, baseline = top + ROW_HEIGHT / 2, top + ROW_HEIGHT / 2 + 4
    role, is_selected = state.role(layer.name), layer.name == state.selected
    parts = []
    if is_selected:
        parts += [
            draw_bar(0, top, WIDTH, ROW_HEIGHT, "var(--nst-selected)", radius=4),
            draw_bar(0, middle - 7, 3, 14, "var(--nst-ink)"),
        ]
    emphasis = "nst-strong" if is_selected else "nst-dim" if role == "none" else ""
    parts.append(draw_text(NAME_X, baseline, layer.name, emphasis))
    parts += _draw_slab(state, layer, middle)
    height, width = measure_map(layer, state.height, state.width)
    if layer.name.endswith("conv1"):
        parts.append(draw_text(SIZE_X, baseline, f"{width}×{height}", "nst-dim nst-end nst-tiny"))
    elif layer.name.endswith("conv2") and (channels := state.count_channels(layer)):
        parts.append(draw_text(SIZE_X, baseline, f"×{channels}", "nst-dim nst-end nst-tiny"))
    parts += _draw_chip("C", "content", CHIP_X + 2, middle, is_on=role in ("content", "both"))
    parts += _draw_chip("S", "style", CHIP_X + 20, middle, is_on=role in ("style", "both"))
    if layer.name in state.shares:
        parts += _draw_share(state.shares[layer.name], middle, _color(role, layer))
    return parts


def _draw_slab(state: NetworkState, layer: Layer, middle: float) -> list[str]:
    role, width = state.role(layer.name), SLAB_WIDTH / layer.stride
    # Before the channels are known, as thick as VGG19's own would be, with a quarter of them.
    channels = state.count_channels(layer) or FULL_WIDTHS[layer.block - 1] / 4
    thickness = 3 + channels**0.5 / 2.4
    left, top = SLAB_X - width / 2, middle - thickness / 2
    if role != "both":
        return [draw_bar(left, top, width, thickness, _color(role, layer))]
    return [
        draw_bar(left, top, width, thickness / 2, _color("content", layer), radius=0),
        draw_bar(left, middle, width, thickness / 2, _color("style", layer), radius=0),
    ]


def _draw_chip(letter: str, role: str, left: float, middle: float, *, is_on: bool) -> list[str]:
    if not is_on:
        return [draw_bar(left + 0.5, middle - 6.5, 13, 13, "none", radius=4, classes="nst-off")]
    return [
        draw_bar(left, middle - 7, 14, 14, f"var(--nst-{role})", radius=4),
        draw_text(left + 7, middle + 3.7, letter, "nst-letter nst-mid"),
    ]


def _draw_share(share: float, middle: float, color: str) -> list[str]:
    return [
        draw_bar(SHARE_X, middle - 4, max(1.5, SHARE_WIDTH * share), 8, color),
        draw_text(WIDTH - 4, middle + 4, format_percent(share), "nst-end"),
    ]


def _color(role: str, layer: Layer) -> str:
    if role == "none":
        return "var(--nst-idle)"
    return f"var(--nst-style-{layer.block})" if role == "style" else "var(--nst-content)"
