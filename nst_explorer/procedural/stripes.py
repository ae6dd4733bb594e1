"""Paintings by repeated bands: stripes, checks, rings, spirals and waves."""

import numpy as np

from nst_explorer.procedural.canvas import halve
from nst_explorer.procedural.colors import blend, sort_by_light, vary_colors
from nst_explorer.procedural.fields import list_places, make_noise, turn


def draw_stripes(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Draws stripes, straight or warped, hard or soft."""
    frequency, angle = np.exp(look.uniform(np.log(4), np.log(18))), look.uniform(0, np.pi) + random.normal() * 0.1
    warp, is_hard, has_pins = look.uniform(0, 0.7), look.random() < 0.6, look.random() < 0.4
    x, y = list_places(2 * size if is_hard else size)
    along, _ = turn(x, y, angle)
    phase = along * frequency + warp * make_noise(random, len(x), 2.2, 8) + random.uniform(0, 9)
    if not is_hard:
        return blend(palette[:3], 0.5 + 0.5 * np.sin(2 * np.pi * phase))
    widths = look.uniform(0.3, 1, len(palette))
    borders = np.cumsum(widths) / widths.sum()
    place = phase / 2 - np.floor(phase / 2)
    picture = palette[np.minimum(np.searchsorted(borders, place), len(palette) - 1)]
    if has_pins:
        pins = np.abs(phase * 2 - np.round(phase * 2)) < 0.08
        picture = np.where(pins[..., None], sort_by_light(palette)[-1], picture)
    return halve(picture)


def draw_checks(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lays a chessboard, a harlequin's coat or a tartan, straight or warped."""
    kind, side, angle = (
        int(look.integers(3)),
        np.exp(look.uniform(np.log(0.05), np.log(0.16))),
        look.uniform(0, np.pi / 2),
    )
    warp, aspect = look.uniform(0, 0.05) * (look.random() < 0.7), look.uniform(0.5, 1)
    x, y = list_places(2 * size)
    x = x + 2 + warp * make_noise(random, len(x), 2.2, 8)
    y = y + 2 + warp * make_noise(random, len(x), 2.2, 8)
    along, across = turn(x, y, angle + random.normal() * 0.06)
    along, across = along / side + random.random() + 99, across / (side * aspect) + random.random() + 99
    column, row = along.astype(np.int32), across.astype(np.int32)
    if kind == 0:
        return halve(sort_by_light(palette)[[0, -1] if look.random() < 0.5 else [1, -1]][(column + row) % 2])
    if kind == 1:
        colors = vary_colors(random, palette[random.integers(len(palette), size=4096)], 0.05)
        return halve(colors[(column * 61 + row) % 4096])
    sett = palette[look.integers(len(palette), size=8)]
    warp_thread, weft_thread = sett[(along * 2).astype(np.int32) % 8], sett[(across * 2).astype(np.int32) % 8]
    twill = ((along * 6 + across * 6) % 1 < 0.5)[..., None]
    return halve(np.where(twill, 0.75 * warp_thread + 0.25 * weft_thread, 0.25 * warp_thread + 0.75 * weft_thread))


def draw_rings(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Drops stones into water: rings around several centers, each as far as the next."""
    count, frequency = int(look.integers(1, 9)), np.exp(look.uniform(np.log(6), np.log(20)))
    is_hard, warp = look.random() < 0.6, look.uniform(0, 0.02)
    x, y = list_places(2 * size if is_hard else size)
    x, y = x + warp * make_noise(random, len(x), 2, 10), y + warp * make_noise(random, len(x), 2, 10)
    centers = random.uniform(0, 1, (count, 2)).astype(np.float32)
    distances = np.stack([np.hypot(x - each[0], y - each[1]) for each in centers])
    nearest, distance = distances.argmin(axis=0), distances.min(axis=0)
    if is_hard:
        return halve(palette[((distance * frequency).astype(np.int32) + nearest) % len(palette)])
    return blend(palette[:3], 0.5 + 0.5 * np.sin(np.pi * distance * frequency + nearest))


def draw_spirals(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Winds arms around one or a few centers, tight or wide."""
    count, arms = int(look.integers(1, 5)), int(look.integers(1, 8))
    frequency, is_hard = np.exp(look.uniform(np.log(3), np.log(10))), look.random() < 0.6
    is_logarithmic, spin = look.random() < 0.4, look.choice([-1, 1])
    x, y = list_places(2 * size if is_hard else size)
    centers = random.uniform(0.05, 0.95, (count, 2)).astype(np.float32)
    distances = np.stack([np.hypot(x - each[0], y - each[1]) for each in centers])
    nearest, distance = distances.argmin(axis=0), distances.min(axis=0)
    turns = spin * np.arctan2(y - centers[nearest, 1], x - centers[nearest, 0]) / (2 * np.pi)
    reach = 0.25 * frequency * np.log(distance + 0.01) if is_logarithmic else distance * frequency
    phase = reach + turns * arms + 0.04 * make_noise(random, len(x), 1.8, 20) + random.uniform(0, 2)
    if is_hard:
        return halve(palette[np.floor(phase * len(palette)).astype(np.int32) % len(palette)])
    return blend(sort_by_light(palette), 0.5 + 0.5 * np.sin(2 * np.pi * phase))


def draw_waves(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Rolls one wave behind another toward the viewer, each with a crest of foam."""
    rows, frequency, height = int(look.uniform(6, 16)), look.uniform(2, 7), look.uniform(0.15, 0.5)
    sharpness, foam = look.uniform(0.6, 1.6), look.uniform(0.003, 0.008)
    side = 2 * size
    x = ((np.arange(side) + 0.5) / side).astype(np.float32)
    y = x[:, None]
    shades = sort_by_light(palette)
    picture = blend(shades[::-1][:3], np.broadcast_to(y * 0.6, (side, side)))
    for row in range(rows):
        level = (row + 0.6) / rows
        phases = random.uniform(0, 2 * np.pi, 3)
        crest = np.abs(np.sin(frequency * np.pi * x + phases[0])) ** sharpness + 0.4 * np.sin(5 * x + phases[1])
        edge = (level - height * (0.3 + level) / rows * 2 * (crest + 0.2 * np.sin(23 * x + phases[2])))[None]
        top = max(0, int(edge.min() * side))
        bottom = min(side, int(edge.max() * side + 3 * side / rows) + 2) if row < rows - 1 else side
        depth = y[top:bottom] - edge
        color = vary_colors(random, palette[random.integers(len(palette), size=1)], 0.06)[0]
        lit = color * (1.1 - 0.5 * np.clip(depth * rows * 0.5, 0, 1))[..., None]
        lit = np.where((depth < foam)[..., None], shades[-1] * 0.7 + 0.3, lit)
        picture[top:bottom] = np.where((depth > 0)[..., None], lit, picture[top:bottom])
    return halve(picture)
