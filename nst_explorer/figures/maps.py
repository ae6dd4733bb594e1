"""Feature maps of a layer as a grid, each map under its channel's number."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from nst_explorer.checks import require_choice, require_integer
from nst_explorer.errors import InputError
from nst_explorer.figures.paper import (
    MUTED_COLOR,
    NAMES,
    SMALL,
    WIDTH,
    draw_map,
    find_bound,
    hide_axes,
    lay_out_sheet,
    measure_heading,
    require_session,
    write_heading,
    write_label,
)
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

ORDERS = ("number", "mean", "variance")
SCALES = ("own", "shared")
PERCENTILE = 99.5
MOST_MAPS = 512
_LABEL_HEIGHT = 0.2
_MOST_LABELED = 12  # columns in which a map is wide enough for two numbers
_BAR_HEIGHT = 0.4


def feature_maps(
    session: "Session",
    layer: str,
    *,
    of: str = "generated",
    channels: Iterable[int] | None = None,
    order: str = "number",
    scale: str = "own",
    columns: int = 8,
    count: int = 64,
) -> Figure:
    """Draws feature maps of a layer, after its ReLU, at the session's present step.

    Each is an image of one pixel a value, in viridis from 0; brighter values than the scale's end have its last color,
    and what is no number is magenta. A map's label is its channel, and under a scale of its own the scale's end.

    Args:
        session: Whose run.
        layer: Such as `block3_conv1`.
        of: `generated`, `content` or `style`.
        channels: Numbers of the channels to show, from 0; all of the layer if left out.
        order: `number` (channels that are given stay as they are given), or the largest `mean` or `variance` first.
        scale: `own`, each map up to its own 99.5th percentile, or `shared`, all up to that of all that are shown.
        columns: Maps in a row, 1 to 32.
        count: How many are shown at most, 1 to 512.

    Returns:
        A figure of 7 inches' width; `figure.axes[n].images[0]` holds the n-th map, `(h, w) float32`.

    Raises:
        InputError: There is no such layer, image, channel, order or scale, or a number is out of range.

    Example:
        >>> feature_maps(session, "block3_conv1", order="variance").savefig("maps.pdf")  # doctest: +SKIP
    """
    require_session(session)
    require_choice("order", order, ORDERS)
    require_choice("scale", scale, SCALES)
    require_integer("number of columns", columns, 1, 32, unit="", example="8")
    require_integer("number of maps", count, 1, MOST_MAPS, unit="", example="64")
    inspection = session.inspect(layer, of)
    features = inspection.features(of)
    height, width, channel_count = features.shape
    ordered = _order_channels(features, _choose_channels(channels, layer, channel_count), order)
    shown = ordered[:count]
    maps = features[..., shown]
    shared_bound = find_bound(maps, PERCENTILE)
    when = f", step {inspection.step}" if of == "generated" else ""
    title = f"Feature maps of {layer}: {NAMES[of]}{when}"
    columns = min(columns, len(shown))
    has_ends = scale == "own" and columns <= _MOST_LABELED
    note = _write_note(shown, channel_count, (height, width), order, scale, has_ends=has_ends)
    rows = math.ceil(len(shown) / columns)
    tile_width = min(WIDTH / columns, 2.5) - 0.07
    sheet = rows * (tile_width * min(height / width, 2.0) + _LABEL_HEIGHT) + measure_heading(note)
    with lay_out_sheet(sheet + _BAR_HEIGHT * (scale == "shared"), is_compressed=True) as figure:
        grid = figure.subplots(rows, columns, squeeze=False).ravel()
        for index, (axes, channel) in enumerate(zip(grid, shown, strict=False)):
            values = features[..., channel]
            bound = shared_bound if scale == "shared" else find_bound(values, PERCENTILE)
            draw_map(axes, values, 0.0, bound)
            hide_axes(axes)
            label = write_label(axes, str(channel), size=_choose_size(columns), weight="bold")
            label.set_in_layout(index % columns == 0)  # one a row is measured; all would take seconds
            if columns <= _MOST_LABELED:
                side = write_label(axes, _describe_map(values, bound, has_ends), loc="right", color=MUTED_COLOR)
                side.set_in_layout(False)
        for axes in grid[len(shown) :]:
            axes.remove()
        if scale == "shared":
            mappable: ScalarMappable = grid[0].images[0]
            figure.colorbar(mappable, ax=list(grid[: len(shown)]), location="bottom", aspect=80, pad=0.02, extend="max")
        write_heading(figure, title, note)
    return figure


def _choose_channels(channels: Iterable[int] | None, layer: str, channel_count: int) -> list[int]:
    if channels is None:
        return list(range(channel_count))
    chosen = list(channels)
    if not chosen:
        raise InputError("No channel is given, but a figure needs at least one; leave channels out for all of them.")
    for channel in chosen:
        if not isinstance(channel, int | np.integer) or isinstance(channel, bool) or not 0 <= channel < channel_count:
            raise InputError(
                f"The channel is {channel!r}, but {layer} has the channels 0 to {channel_count - 1}; choose among them."
            )
    return [int(channel) for channel in chosen]


def _order_channels(features: np.ndarray, channels: list[int], order: str) -> list[int]:
    """Returns channels from the largest value down, equals as they were, what is no number last."""
    if order == "number":
        return channels
    measure = np.mean if order == "mean" else np.var
    with np.errstate(invalid="ignore", over="ignore"):
        values = measure(features[..., channels], axis=(0, 1), dtype=np.float64)
    ranked = np.argsort(-np.where(np.isfinite(values), values, -np.inf), kind="stable")
    return [channels[index] for index in ranked]


def _choose_size(columns: int) -> float:
    return SMALL if columns <= 16 else 5.0


def _describe_map(values: np.ndarray, bound: float, has_ends: bool) -> str:
    if not np.isfinite(values).all():
        return "not numbers"
    if not values.any():
        return "dead"
    return format_number(bound) if has_ends else ""


def _write_note(
    shown: list[int], channel_count: int, size: tuple[int, int], order: str, scale: str, *, has_ends: bool
) -> str:
    height, width = size
    sorting = "" if order == "number" else f", largest {order} first"
    ends = {
        "own": f"Each map from 0 to its own {PERCENTILE:g}th percentile" + (", in gray" if has_ends else ""),
        "shared": f"All maps from 0 to the {PERCENTILE:g}th percentile of what is shown",
    }
    return (
        f"{len(shown)} of {channel_count} channels{sorting}; {width} × {height} values each, after the ReLU. "
        f"{ends[scale]}; the channel is in bold."
    )
