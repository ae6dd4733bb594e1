"""The layers of a report: what each active one sees of the picture, and how far that is from its image.

A content layer shows its strongest maps of the generated picture and of the content; a style layer the maps, and the
Gram matrices of style and generated picture with their difference.
"""

from collections.abc import Mapping

import numpy as np

from nst_explorer.export.report_page import write_figure, write_paragraph, write_row
from nst_explorer.session.inspection import Inspection
from nst_explorer.view.color_scale import encode_placed, find_bounds, place_maps
from nst_explorer.view.colormaps import VIRIDIS
from nst_explorer.view.feature_mosaic import lay_tiles, reduce_maps
from nst_explorer.view.gram_choice import GramChoice, place_window
from nst_explorer.view.gram_heatmap import draw_gram, draw_gram_difference, measure_bounds
from nst_explorer.view.numbers import format_number

COLUMNS, MAPS, TILE = 4, 16, 96
NAMES = {"generated": "generated", "content": "content", "style": "style"}


def write_layer(inspection: Inspection, roles: Mapping[str, float]) -> str:
    """Returns what is shown of a layer, as HTML.

    Args:
        inspection: The layer, with the maps of the generated picture and of the images in its roles.
        roles: `content`, `style` or both, to the layer's weight there.
    """
    parts = [f"<h3>{inspection.layer}</h3>"]  # a name of ours
    for role, weight in roles.items():
        term = f"{role}/{inspection.layer}"
        raw, weighted = format_number(inspection.raw[term]), format_number(inspection.losses[term])
        total = format_number(inspection.losses["total"])
        parts.append(
            write_paragraph(
                f"{role.capitalize()} layer of weight {weight:g}: loss {raw}, {weighted} with all weights, of {total}."
            )
        )
    strongest = _find_strongest(inspection.features("generated"))
    figures = _draw_maps(inspection, [*roles], strongest)
    if "style" in roles:
        figures += _draw_grams(inspection)
    channels = ", ".join(map(str, strongest))
    note = f"Maps: channels that vary most in the generated picture ({channels}), each from 0, dark, on its own scale."
    return "\n".join([*parts, write_row(*figures, kind="dense"), write_paragraph(note, "quiet")])


def _draw_maps(inspection: Inspection, images: list[str], strongest: np.ndarray) -> list[str]:
    figures, count = [], inspection.features("generated").shape[-1]
    for of in ("generated", *images):
        tiles = reduce_maps(inspection.features(of)[..., strongest], TILE)
        sheet = lay_tiles(place_maps(tiles, find_bounds(tiles), is_difference=False), COLUMNS)
        picture, _ = encode_placed(sheet, VIRIDIS, is_quick=False)
        alternative = f"Feature maps of {inspection.layer}, {NAMES[of]}: {len(strongest)} of {count} channels"
        size = sheet.shape[1], sheet.shape[0]
        figures.append(write_figure(picture, alternative, f"Maps, {NAMES[of]}", size=size, kind="pixels"))
    return figures


def _draw_grams(inspection: Inspection) -> list[str]:
    style, generated = inspection.gram("style"), inspection.gram("generated")
    window = place_window(GramChoice(), np.arange(len(style)))
    bounds = measure_bounds(style, generated, window)
    layer, high, difference = inspection.layer, format_number(bounds.gram), format_number(bounds.difference)
    drawn = (
        (draw_gram(style, window, bounds), "Gram matrix A of the style", f"Gram A, style: 0 to {high}"),
        (
            draw_gram(generated, window, bounds),
            "Gram matrix G of the generated picture",
            f"Gram G, generated: 0 to {high}",
        ),
        (
            draw_gram_difference(generated - style, window, bounds),
            "Difference of the two",
            f"G − A: −{difference} (blue) to {difference} (rust)",
        ),
    )
    size = window.side, window.side
    return [
        write_figure(picture, f"{name}, layer {layer}, {len(style)} channels", caption, size=size, kind="pixels")
        for picture, name, caption in drawn
    ]


def _find_strongest(maps: np.ndarray) -> np.ndarray:
    """Returns the channels of the largest variance, that first; such as are no numbers come last."""
    with np.errstate(invalid="ignore", over="ignore"):
        variance = maps.reshape(-1, maps.shape[-1]).var(axis=0)
    return np.argsort(-np.nan_to_num(variance, nan=-1.0), kind="stable")[:MAPS]
