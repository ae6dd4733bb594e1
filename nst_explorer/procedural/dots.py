"""Paintings by dots and cut shapes: pointillism, polka dots, cut paper, blobs and balls."""

import numpy as np

from nst_explorer.procedural.canvas import Canvas
from nst_explorer.procedural.colors import blend, choose_colors, sort_by_light, vary_colors
from nst_explorer.procedural.fields import list_places, look_up, make_noise, measure_slope, rescale, turn


def draw_pointillism(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Sets dots of pure color side by side, which mix in the eye."""
    radius, spread = look.uniform(0.008, 0.022), look.uniform(0.08, 0.25)
    tone = rescale(make_noise(random, 96, look.uniform(1.5, 2.2), 12), look.uniform(1, 1.6))
    ground = np.clip(sort_by_light(palette)[-1] * 0.4 + (0.58 if look.random() < 0.6 else 0), 0, 1)
    count = int(min(2600, 1.1 / radius**2 / 2))
    places = random.uniform(-0.02, 1.02, (count, 2))
    pick = np.clip(look_up(tone, *places.T) + random.normal(size=count) * spread, 0, 0.999)
    colors = vary_colors(random, palette[(pick * len(palette)).astype(int)], 0.07)
    canvas = Canvas(size, ground)
    canvas.fill_discs(places, radius * random.uniform(0.6, 1.25, count), colors)
    return canvas.read()


def draw_polka_dots(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Prints rows of dots that grow and shrink over the picture, some with a ring."""
    spacing, angle, is_staggered = look.uniform(0.045, 0.15), look.uniform(0, np.pi / 2), look.random() < 0.6
    is_halftone, has_core, is_striped = look.random() < 0.5, look.random() < 0.4, look.random() < 0.4
    ticks = np.arange(-0.8, 0.8, spacing)
    column, row = np.meshgrid(np.arange(len(ticks)), np.arange(len(ticks)))
    along = ticks[column] + (row % 2) * spacing / 2 * is_staggered + random.uniform(0, spacing)
    across = ticks[row] * (0.87 if is_staggered else 1)
    x, y = turn(along, across, -angle - random.normal() * 0.04)
    places = np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5
    tone = rescale(make_noise(random, 64, 2.2, 6), 1.5)
    value = look_up(tone, *places.T)
    radii = spacing * (0.12 + 0.42 * value if is_halftone else np.full(len(places), look.uniform(0.2, 0.44)))
    shades = palette[1:]
    chosen = (row.ravel() if is_striped else random.integers(len(shades), size=len(places))) % len(shades)
    canvas = Canvas(size, palette[0])
    canvas.fill_discs(places, radii, vary_colors(random, shades[chosen], 0.03))
    if has_core:
        canvas.fill_discs(places, radii * 0.5, vary_colors(random, shades[(chosen + 1) % len(shades)], 0.03))
    return canvas.read()


def draw_cut_paper(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Strews shapes cut out of paper, small and large, over one another: discs, squares, triangles or leaves."""
    kind, slope = int(look.integers(5)), look.uniform(1.2, 2.6)
    smallest, largest = look.uniform(0.02, 0.06), look.uniform(0.14, 0.34)
    lie = look.uniform(0, 2 * np.pi) if look.random() < 0.4 else None
    outline = sort_by_light(palette)[0] * 0.3 if look.random() < 0.4 else None
    count = 450
    power = 1 - slope
    radii = (smallest**power + random.random(count) * (largest**power - smallest**power)) ** (1 / power)
    centers = random.uniform(-0.05, 1.05, (len(radii), 2))
    angles = random.uniform(0, 2 * np.pi, len(radii)) if lie is None else lie + random.normal(size=len(radii)) * 0.06
    colors = choose_colors(random, palette, len(radii), 0.07)
    canvas = Canvas(size, palette[0])
    if kind == 0:
        canvas.fill_discs(centers, radii, colors, outline)
        canvas.fill_discs(centers, radii * 0.4, np.roll(colors, 1, axis=0))
        return canvas.read()
    corners = (4, 3, 14, 6)[kind - 1]
    t = np.arange(corners) * 2 * np.pi / corners
    shape = np.stack([np.cos(t), np.sin(t)], axis=-1)
    if kind == 3:  # a leaf: pointed at both ends
        shape = np.stack([1.25 * np.cos(t), 0.5 * np.sin(t) * np.abs(np.sin(t))], axis=-1)
    turned = np.stack(turn(shape[:, 0], shape[:, 1][None] * np.ones((len(radii), 1)), 0), axis=-1)
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x = turned[..., 0] * cosine - turned[..., 1] * sine
    y = turned[..., 0] * sine + turned[..., 1] * cosine
    canvas.fill_polygons(centers[:, None] + np.stack([x, y], axis=-1) * radii[:, None, None], colors, outline)
    return canvas.read()


def draw_blobs(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Pours drops of paint that run together, with rims of other colors."""
    radius, rims = look.uniform(0.03, 0.09), int(look.integers(1, 4))
    count = int(min(60, 0.24 / radius**2))
    centers, radii = random.uniform(-0.05, 1.05, (count, 2)), radius * random.uniform(0.5, 1.4, count)
    ticks = ((np.arange(size) + 0.5) / size)[:, None]
    # A sum of Gaussians is a product of two small matrices.
    along = np.exp(-(((ticks - centers[:, 0]) / (1.3 * radii)) ** 2))
    across = np.exp(-(((ticks - centers[:, 1]) / (1.3 * radii)) ** 2))
    height = (across @ along.T).astype(np.float32) * 2
    height += 0.05 * make_noise(random, size, 2, 12)
    slope = measure_slope(height) + 1e-4
    picture = np.broadcast_to(palette[0], (size, size, 3)) * (1 + 0.03 * make_noise(random, size, 1.8, 20)[..., None])
    for rim in range(rims + 1):
        level = 0.75 + 0.35 * rim
        share = np.clip((height - level) / slope + 0.5, 0, 1)[..., None]
        picture = picture * (1 - share) + share * palette[(rim + 1) % len(palette)]
    shine = np.clip((height - np.roll(height, (size // 50, size // 50), axis=(0, 1))) * 2.5, 0, 0.3) * (height > 0.75)
    return picture + shine[..., None]


def draw_balls(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lets balls float before clouds, lit from one side, with their shadows."""
    count, reach, angle = int(look.uniform(8, 26)), look.uniform(0.05, 0.13), look.uniform(0, 2 * np.pi)
    depth, gloss, stripes = look.uniform(0.4, 0.8), look.uniform(0, 0.6), look.uniform(8, 30) * (look.random() < 0.4)
    x, y = list_places(size)
    picture = blend(palette, np.clip(y + 0.12 * make_noise(random, size, 1.8, 24), 0, 1))
    toward_x, toward_y = np.cos(angle), np.sin(angle)
    centers, radii = random.uniform(0, 1, (count, 2)), np.sort(reach * random.uniform(0.4, 1.8, count))
    colors = choose_colors(random, palette, count, 0.08)
    for (center_x, center_y), radius, color in zip(centers, radii, colors, strict=True):
        top, left = (max(0, int((each - 1.7 * radius) * size)) for each in (center_y, center_x))
        box = (
            slice(top, int((center_y + 1.7 * radius) * size) + 1),
            slice(left, int((center_x + 1.7 * radius) * size) + 1),
        )
        u, v = (x[box] - center_x) / radius, (y[box] - center_y) / radius
        away = (u + 0.35 * toward_x) ** 2 + (v + 0.35 * toward_y) ** 2
        ground = picture[box] * (1 - 0.45 * np.clip(1.5 - away, 0, 1))[..., None]
        squared = u * u + v * v
        lift = np.sqrt(np.clip(1 - squared, 0, 1))
        facing = np.clip(0.75 * lift + 0.65 * (u * toward_x + v * toward_y), 0, 1)
        paint = color * (1 - 0.25 * (np.sin(stripes * (u * toward_y - v * toward_x)) > 0.2))[..., None]
        ball = paint * (1 - depth + 1.2 * depth * facing)[..., None] + gloss * (facing**14)[..., None]
        share = np.clip((1 - np.sqrt(squared)) * radius * size + 0.5, 0, 1)[..., None]
        picture[box] = ground * (1 - share) + ball * share
    return picture
