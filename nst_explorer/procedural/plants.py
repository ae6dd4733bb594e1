"""Paintings of what grows: flowers, trees, hills and leaves of grass."""

import numpy as np

from nst_explorer.procedural.canvas import Canvas, halve
from nst_explorer.procedural.colors import blend, choose_colors, sort_by_light, vary_colors
from nst_explorer.procedural.fields import make_noise, rescale


def draw_flowers(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Strews flowers with round or pointed petals and a bright heart."""
    petals, radius, waist = int(look.integers(4, 12)), look.uniform(0.045, 0.15), look.uniform(0.2, 0.7)
    is_pointed, is_double = look.random() < 0.4, look.random() < 0.5
    shades = sort_by_light(palette)
    outline = shades[0] * 0.3 if look.random() < 0.4 else None
    count = int(min(420, 1.5 / radius**2))
    t = np.arange(8 * petals) * 2 * np.pi / (8 * petals)
    petal = np.abs(np.cos(t * petals / 2))
    shape = waist + (1 - waist) * (petal**3 if is_pointed else petal**0.6)
    centers, angles = random.uniform(-0.03, 1.03, (count, 2)), random.uniform(0, 2 * np.pi, (count, 1))
    radii = radius * random.uniform(0.6, 1.2, count)
    corners = np.stack([np.cos(t + angles), np.sin(t + angles)], axis=-1) * shape[:, None]
    colors = choose_colors(random, palette[1:], count, 0.06)
    rings = [(1.0, colors), (0.62, np.clip(colors * 0.75 + 0.2, 0, 1))] if is_double else [(1.0, colors)]
    canvas = Canvas(size, palette[0] * 0.8)
    for first in range(0, count, 30):
        some = slice(first, first + 30)
        for share, ring in rings:
            flowers = centers[some, None] + corners[some] * (share * radii[some])[:, None, None]
            canvas.fill_polygons(flowers, ring[some], outline)
        hearts = np.tile(shades[-1] if first % 60 else shades[0], (len(radii[some]), 1))
        canvas.fill_discs(centers[some], radii[some] * 0.2, hearts)
    return canvas.read()


def draw_trees(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lets trees fork from trunk to twig before the sky, bare or in leaf."""
    spread, shrink, width = look.uniform(0.3, 0.6), look.uniform(0.68, 0.78), look.uniform(0.018, 0.035)
    has_leaves, leaf = look.random() < 0.7, look.uniform(0.008, 0.022)
    count = int(look.integers(3, 9))
    shades = sort_by_light(palette)
    roots = np.stack([random.uniform(0, 1, count), np.sort(random.uniform(0.45, 1.05, count))], axis=-1)
    canvas = Canvas(size, shades[-1] * 0.75 + 0.2)
    for root in roots:
        ends, angles = root[None], np.array([-np.pi / 2 + random.normal() * 0.1])
        length = random.uniform(0.11, 0.2)
        for level in range(6):
            tips = ends + length * random.uniform(0.7, 1.2, (len(ends), 1)) * np.stack(
                [np.cos(angles), np.sin(angles)], -1
            )
            thickness = np.full(len(ends), max(0.004, width * 0.68**level))
            canvas.draw_lines(np.stack([ends, tips], 1), thickness, np.tile(shades[0] * 0.8, (len(ends), 1)))
            ends = np.repeat(tips, 2, axis=0)
            angles = np.repeat(angles, 2) + np.tile([-spread, spread], len(tips)) * random.uniform(
                0.4, 1.4, 2 * len(tips)
            )
            length *= shrink
        if has_leaves:
            places = ends + random.normal(size=ends.shape) * 0.015
            radii = leaf * random.uniform(0.6, 1.3, len(ends))
            canvas.fill_discs(places, radii, choose_colors(random, palette, len(ends), 0.08))
    return canvas.read() * (1 + 0.03 * make_noise(random, size, 1.8, 20)[..., None])


def draw_hills(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Stacks ridges of hills one behind another, paler with distance, under a low sun."""
    ridges, roughness, is_dark = int(look.integers(4, 10)), look.uniform(1, 2), look.random() < 0.3
    height, haze = look.uniform(0.06, 0.16), look.uniform(0.2, 0.6)
    shades = sort_by_light(palette)[:: -1 if is_dark else 1]
    side = 2 * size
    x = ((np.arange(side) + 0.5) / side).astype(np.float32)
    y = np.broadcast_to(x[:, None], (side, side))
    picture = blend(shades[-3:][::-1], y * 1.4)
    sun, radius = random.uniform([0.15, 0.1], [0.85, 0.3]), look.uniform(0.05, 0.12)
    distance = np.hypot(x - sun[0], y - sun[1])
    glow = np.exp(-((distance / radius / 3) ** 2))[..., None] * 0.5 + (distance < radius)[..., None] * 0.6
    picture = picture + (shades[-1] * 0.6 + 0.4 - picture) * np.clip(glow, 0, 1)
    waves = np.arange(1, 40, dtype=np.float32)
    for ridge in range(ridges):
        near = (ridge + 1) / ridges
        phases, strengths = random.uniform(0, 2 * np.pi, 39), random.normal(size=39) / waves**roughness
        profile = (np.sin(2 * np.pi * 0.7 * waves * x[:, None] + phases) @ strengths.astype(np.float32)).astype(
            np.float32
        )
        edge = 0.25 + 0.75 * (ridge / ridges) + height * (0.5 + near) * 0.5 * profile / (np.abs(profile).max() + 1e-6)
        color = vary_colors(random, blend(shades[:-1][::-1], np.array([near])), 0.03)[0]
        top = max(0, int(edge.min() * side))
        depth = y[top:] - edge
        lit = (
            color + (shades[-1] - color) * np.clip(haze * (1 - near) + 0.25 * depth / height * haze, 0, 0.8)[..., None]
        )
        picture[top:] = np.where((depth > 0)[..., None], lit, picture[top:])
    return halve(picture)


def draw_grass(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lets blades of grass or feathers overlap in rows, bent by the wind."""
    rows, length, width = int(look.integers(5, 12)), look.uniform(0.14, 0.3), look.uniform(0.014, 0.035)
    wind, spread = look.uniform(-0.8, 0.8), look.uniform(0.1, 0.4)
    is_down = look.random() < 0.3
    per_row = int(min(90, 2.2 / width))
    tone = rescale(make_noise(random, 64, 2, 10), 1.4)
    canvas = Canvas(size, sort_by_light(palette)[0] * 0.6)
    t = np.linspace(0, 1, 6)
    for row in range(rows + 3):
        roots = np.stack([random.uniform(-0.1, 1.1, per_row), (row + random.random(per_row)) / rows], axis=-1)
        lean = wind + spread * random.normal(size=(per_row, 1)) + 0.3 * np.sin(7 * roots[:, :1] + row)
        reach = length * random.uniform(0.6, 1.2, (per_row, 1))
        x, y = roots[:, :1] + lean * reach * t**2, roots[:, 1:] - reach * t * (1 - 0.25 * np.abs(lean) * t)
        half = width / 2 * (1 - t**2)
        left, right = np.stack([x - half, y], axis=-1), np.stack([x + half, y], axis=-1)
        blades = np.concatenate([left, right[:, ::-1]], axis=1)
        places = np.clip(roots * 64, 0, 63).astype(int)
        pick = tone[places[:, 1], places[:, 0]] + 0.15 * random.normal(size=per_row)
        if is_down:
            blades = 1 - blades
        canvas.fill_polygons(blades, vary_colors(random, blend(palette, pick), 0.05))
    return canvas.read()
