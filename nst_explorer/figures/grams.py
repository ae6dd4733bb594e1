"""The Gram matrices of a layer: the style's, the generated picture's, and what is between them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nst_explorer.checks import require_choice
from nst_explorer.figures.paper import (
    MEDIUM,
    WIDTH,
    draw_map,
    find_bound,
    lay_out_sheet,
    measure_heading,
    require_session,
    write_heading,
)
from nst_explorer.recipe import STYLE_LOSS_LABELS
from nst_explorer.view.numbers import MINUS, format_number

if TYPE_CHECKING:
    from nst_explorer.session.inspection import Inspection
    from nst_explorer.session.session import Session

PERCENTILE = 99


def _order_by_strength(style: np.ndarray) -> np.ndarray:
    strengths = np.diagonal(style)
    return np.argsort(-np.where(np.isfinite(strengths), strengths, -np.inf), kind="stable")


def _order_by_similarity(style: np.ndarray) -> np.ndarray:
    from nst_explorer.core.gram_order import order_by_similarity

    return order_by_similarity(style)


ORDERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "natural": lambda style: np.arange(len(style)),
    "strength": _order_by_strength,
    "similarity": _order_by_similarity,
}
"""Name of an order to what finds it: from the style's Gram matrix, `(C, C)`, to its channels, `(C,) int`."""


def gram(session: "Session", layer: str, *, order: str = "natural") -> Figure:
    """Draws three heat maps of a layer: the style's Gram matrix A, the generated picture's G, and G − A around 0.

    A and G share one scale, from 0 to the 99th percentile of A; the difference ends at its own 99th percentile on both
    sides. Values beyond have the last color, which a pointed end of the color bar says. What is no number is magenta.

    Args:
        session: Whose run, at its present step.
        layer: Such as `block3_conv1`; with its style loss in the title where it has one.
        order: Of rows and columns: `natural`, by number; `strength`, the style's largest diagonal value first; or
            `similarity`, channels of the style that answer at the same places side by side, as on the Gram tab.

    Returns:
        A figure of 7 inches' width; `figure.axes[0]` to `[2]` hold A, G and G − A as `(C, C) float32` images.

    Raises:
        InputError: There is no such layer or order.

    Example:
        >>> gram(session, "block2_conv1").savefig("gram.svg")  # doctest: +SKIP

    Source: Gatys, Ecker and Bethge (2016), equation 3, here divided by the number of positions, G = FᵀF / M.
    """
    require_session(session)
    require_choice("order", order, tuple(ORDERS))
    inspection = session.inspect(layer, "style", "generated")
    with np.errstate(invalid="ignore", over="ignore"):
        style, generated = inspection.gram("style"), inspection.gram("generated")
        channels = ORDERS[order](style)
        style, generated = style[np.ix_(channels, channels)], generated[np.ix_(channels, channels)]
        difference = generated - style
    height, bound = find_bound(style, PERCENTILE), find_bound(difference, PERCENTILE) or 1.0
    parts = (
        ("Style A", style, 0.0, height),
        (f"Generated G, step {inspection.step}", generated, 0.0, height),
        ("Difference G − A", difference, -bound, bound),
    )
    note = _write_note(inspection, len(style))
    with lay_out_sheet(WIDTH / 3 + 0.45 + measure_heading(note)) as figure:
        for index, (axes, (title, values, low, high)) in enumerate(zip(figure.subplots(1, 3), parts, strict=True)):
            draw_map(axes, values, low, high, is_difference=low < 0)
            axes.set_title(title, fontsize=MEDIUM, loc="left")
            _name_channels(axes, len(values), order, has_rows=index == 0)
            _draw_bar(figure, axes, values)
        write_heading(figure, f"Gram matrices of {layer}: {_describe_loss(inspection)}", note)
    return figure


def _describe_loss(inspection: "Inspection") -> str:
    term, recipe = f"style/{inspection.layer}", inspection.recipe
    if term not in inspection.raw:
        return "no style loss here"
    kind = "" if recipe.style_loss == "gram" else f" of {STYLE_LOSS_LABELS[recipe.style_loss].lower()}"
    weighted = inspection.losses[term]
    return f"style loss{kind} {format_number(inspection.raw[term])}, weighted {format_number(weighted)}"


def _write_note(inspection: "Inspection", channel_count: int) -> str:
    sizes = [inspection.features(of).shape for of in ("style", "generated")]
    positions = ", ".join(
        f"M = {height * width:,} for {name}" for (height, width, _), name in zip(sizes, ("A", "G"), strict=True)
    )
    loss = (
        f" Loss in the convention {inspection.recipe.convention}."
        if f"style/{inspection.layer}" in inspection.raw
        else ""
    )
    return f"FᵀF / M of {channel_count} channels at M positions, {positions}, after the ReLU.{loss}"


def _name_channels(axes: Axes, channel_count: int, order: str, *, has_rows: bool) -> None:
    """Numbers the channels where their place is their number, and else says what the places are."""
    ticks = sorted({0, channel_count - 1}) if order == "natural" else []
    axes.set_xticks(ticks)
    axes.set_yticks(ticks if has_rows else [])
    words = "channel" if order == "natural" else f"channels by {order}"
    axes.set_xlabel(words, labelpad=-6 if ticks else 3)
    if has_rows:
        axes.set_ylabel(words, labelpad=-6 if ticks else 3)


def _draw_bar(figure: Figure, axes: Axes, values: np.ndarray) -> None:
    image = axes.images[0]
    low, high = image.get_clim()
    finite = values[np.isfinite(values)]
    is_below, is_above = bool((finite < low).any()), bool((finite > high).any())
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    bar = figure.colorbar(image, ax=axes, location="bottom", pad=0.03, extend=extend[is_below, is_above])
    ticks = [low, 0.0, high] if low < 0 else [low, (low + high) / 2, high]
    bar.set_ticks(ticks, labels=[format_number(tick).replace("-", MINUS) for tick in ticks])
    bar.outline.set_visible(False)
