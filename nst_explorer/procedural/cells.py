"""Paintings by cells that fill the plane: stained glass, pebbles, mosaic, facets and cracked earth."""

import numpy as np

from nst_explorer.procedural.canvas import Canvas
from nst_explorer.procedural.colors import blend, choose_colors, sort_by_light, vary_colors
from nst_explorer.procedural.fields import cut_into_cells, light, list_places, make_noise, rescale, turn


def draw_stained_glass(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Joins panes of colored glass with dark leads; light shines through them unevenly."""
    side, lead = np.exp(look.uniform(np.log(0.06), np.log(0.24))), look.uniform(0.004, 0.014)
    stretch, angle, shine = look.uniform(1, 2.2), look.uniform(0, np.pi), look.uniform(0.1, 0.3)
    x, y = list_places(size)
    along, across = turn(x - 0.5, y - 0.5, angle)
    cells = cut_into_cells(random, along / stretch + 0.5, across + 0.5, side, look.uniform(0.3, 0.5))
    panes = choose_colors(random, palette, cells.count, 0.07)[cells.number]
    panes = panes * (1.05 + 0.12 * make_noise(random, size, 1.4)[..., None]) + shine * (
        0.35 - cells.distance[..., None] / side
    )
    share = np.clip((cells.edge - lead) * size + 0.5, 0, 1)[..., None]
    ridge = np.clip(cells.edge / lead, 0, 1)[..., None]
    return panes * share + (1 - share) * (0.16 - 0.13 * ridge)


def draw_pebbles(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lays round pebbles side by side, lit from one side."""
    side, joint = np.exp(look.uniform(np.log(0.05), np.log(0.2))), look.uniform(0.01, 0.08)
    roundness, angle, jitter = look.uniform(0.3, 0.9), look.uniform(0, 2 * np.pi), look.uniform(0.2, 0.45)
    x, y = list_places(size)
    wobble = side * 0.06
    x, y = x + wobble * make_noise(random, size, 2, 24), y + wobble * make_noise(random, size, 2, 24)
    cells = cut_into_cells(random, x, y, side, jitter)
    edge = cells.edge / side - joint
    height = np.sqrt(np.clip(edge / roundness, 0, 1) * (2 - np.clip(edge / roundness, 0, 1)))
    stones = choose_colors(random, palette, cells.count, 0.08)[cells.number]
    stones = stones * (1 + 0.06 * make_noise(random, size, 1.1))[..., None]
    lit = light(height, 0.55 * side, angle)[..., None] * 1.25
    share = np.clip(edge * side * size + 0.5, 0, 1)[..., None]
    return stones * lit * share + (1 - share) * sort_by_light(palette)[0] * 0.4


def draw_mosaic(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lays small square stones in courses that bend around a center, as in a Roman floor."""
    side, grout = look.uniform(0.026, 0.06), look.uniform(0.05, 0.1)
    is_round, bend, angle = look.random() < 0.6, look.uniform(0.02, 0.06), look.uniform(0, np.pi)
    x, y = list_places(size)
    center = random.uniform(0.1, 0.9, 2)
    if is_round:
        radius = np.hypot(x - center[0], y - center[1]) + bend * 0.3 * make_noise(random, size, 2.4, 6)
        course = np.floor(radius / side)
        stones = np.maximum(6, np.round(2 * np.pi * (course + 0.5)))
        along = (np.arctan2(y - center[1], x - center[0]) / (2 * np.pi) + 0.5) * stones + course * 0.37
    else:
        along, radius = turn(x + 1, y + 1, angle)
        radius = radius + bend * make_noise(random, size, 2.6, 5) + 4
        course = np.floor(radius / side)
        along = along / side + course * 0.41
    across, stone = radius / side - course, np.floor(along)
    along = along - stone
    edge = np.minimum(np.minimum(along, 1 - along), np.minimum(across, 1 - across))
    number = (course * 641 + stone * 37).astype(np.int64) % 4096
    tone = rescale(make_noise(random, size, 1.9, 14), 1.4)
    pick = np.clip(tone + 0.08 * random.normal(size=4096).astype(np.float32)[number], 0, 0.999)
    colors = palette[(pick * len(palette)).astype(int)] * (1 + 0.09 * random.normal(size=(4096, 1)))[number]
    share = np.clip((edge - grout) * side * size + 0.5, 0, 1)[..., None]
    ground = sort_by_light(palette)[0 if look.random() < 0.5 else -1] * 0.7 + 0.08
    return colors * share + (1 - share) * ground


def draw_facets(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Folds the plane into triangles of one color each, some with their edges drawn."""
    across, jitter = int(np.exp(look.uniform(np.log(5), np.log(16)))), look.uniform(0.1, 0.45)
    has_lines, has_knots, is_empty = look.random() < 0.5, look.random() < 0.4, look.random() < 0.25
    width, spread = look.uniform(0.005, 0.014), look.uniform(0.04, 0.12)
    grid = np.stack(np.meshgrid(np.arange(-1, across + 2), np.arange(-1, across + 2)), axis=-1).astype(float)
    grid[1::2, :, 0] += 0.5
    points = (grid + random.uniform(-jitter, jitter, grid.shape)) / across
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    falls = (random.random((*a.shape[:2], 1, 1)) < 0.5) | (jitter < 0.2)
    first = np.where(falls, np.stack([a, b, c], axis=2), np.stack([a, b, d], axis=2))
    second = np.where(falls, np.stack([a, c, d], axis=2), np.stack([b, c, d], axis=2))
    triangles = np.stack([first, second]).reshape(-1, 3, 2)
    tone = rescale(make_noise(random, 64, 2, 8), 1.4)
    middles = np.clip(triangles.mean(axis=1) * 64, 0, 63).astype(int)
    place = tone[middles[:, 1], middles[:, 0]] + random.normal(size=len(triangles)) * spread
    shades = sort_by_light(palette)
    canvas = Canvas(size, shades[0])
    if not is_empty:
        canvas.fill_polygons(triangles, vary_colors(random, blend(palette, place), spread))
    ink = shades[-1] if is_empty or has_knots else shades[0] * 0.6
    if has_lines or is_empty:
        loops = triangles[:, [0, 1, 2, 0]]
        canvas.draw_lines(loops, np.full(len(loops), width), np.tile(ink, (len(loops), 1)))
    if has_knots:
        knots = points.reshape(-1, 2)
        canvas.fill_discs(knots, np.full(len(knots), width * 2), np.tile(ink, (len(knots), 1)))
    return canvas.read()
