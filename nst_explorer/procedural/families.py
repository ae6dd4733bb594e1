"""Families of pictures made by code, for samples and for training the built-in network.

A picture has a family, which is a way of painting; a look, which is its palette and proportions; and a seed, which
places its strokes, cells and clouds. A family and a look make a class: what a network can learn to tell apart.
"""

from collections.abc import Callable
from zlib import crc32

import numpy as np

from nst_explorer.procedural import brushwork, cells, dots, plants, stripes, tiles, veins
from nst_explorer.procedural.colors import pick_palette

Family = Callable[[np.random.Generator, np.random.Generator, np.ndarray, int], np.ndarray]

FAMILIES: dict[str, Family] = {
    "Loose strokes": brushwork.draw_loose_strokes,
    "Hatching": brushwork.draw_hatching,
    "Scribbles": brushwork.draw_scribbles,
    "Fur": brushwork.draw_fur,
    "Writing": brushwork.draw_writing,
    "Stained glass": cells.draw_stained_glass,
    "Pebbles": cells.draw_pebbles,
    "Mosaic": cells.draw_mosaic,
    "Facets": cells.draw_facets,
    "Pointillism": dots.draw_pointillism,
    "Polka dots": dots.draw_polka_dots,
    "Cut paper": dots.draw_cut_paper,
    "Blobs": dots.draw_blobs,
    "Balls": dots.draw_balls,
    "Clouds": veins.draw_clouds,
    "Marble": veins.draw_marble,
    "Contour lines": veins.draw_contour_lines,
    "Wood grain": veins.draw_wood_grain,
    "Coral": veins.draw_coral,
    "Relief": veins.draw_relief,
    "Stripes": stripes.draw_stripes,
    "Checks": stripes.draw_checks,
    "Rings": stripes.draw_rings,
    "Spirals": stripes.draw_spirals,
    "Waves": stripes.draw_waves,
    "Maze": tiles.draw_maze,
    "Weave": tiles.draw_weave,
    "Bricks": tiles.draw_bricks,
    "Scales": tiles.draw_scales,
    "Patchwork": tiles.draw_patchwork,
    "Color fields": tiles.draw_color_fields,
    "Flowers": plants.draw_flowers,
    "Trees": plants.draw_trees,
    "Hills": plants.draw_hills,
    "Grass": plants.draw_grass,
}
"""Human name to how a family is drawn: from the look's numbers, the seed's numbers, (n, 3) colors and a size."""


def paint(family: str, look: int, seed: int, size: int) -> np.ndarray:
    """Paints one picture of a family.

    Args:
        family: One of `FAMILIES`.
        look: Chooses palette and proportions, from 0 on.
        seed: Chooses places and noise, from 0 on; the same numbers give the same picture.
        size: Side in pixels, from 16 on.

    Returns:
        (size, size, 3) float32, RGB in [0, 1].

    Example:
        >>> paint("Stained glass", look=3, seed=0, size=64).shape
        (64, 64, 3)
    """
    # A family's numbers hang on its name, so that a new family changes no picture of another.
    number = crc32(family.encode())
    of_look, of_seed = np.random.default_rng([number, look]), np.random.default_rng([number, look, seed])
    palette = pick_palette(of_look)
    pixels = FAMILIES[family](of_look, of_seed, palette, size)
    return np.ascontiguousarray(np.clip(pixels, 0, 1), dtype=np.float32)
