"""Paintings by strokes and lines: loose strokes, hatching, scribbles, fur and writing."""

import numpy as np

from nst_explorer.procedural.canvas import Canvas
from nst_explorer.procedural.colors import blend, choose_colors, sort_by_light, vary_colors
from nst_explorer.procedural.fields import list_places, look_up, make_flow, make_noise, make_ripples, rescale


def draw_loose_strokes(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Paints curved strokes that follow a flow, long or short, in colors that change over the picture."""
    length, aspect = np.exp(look.uniform(np.log(0.05), np.log(0.22))), look.uniform(0.08, 0.3)
    width = max(0.008, length * aspect)
    flow = make_flow(look, random)
    tone = make_noise(random, 64, look.uniform(1.2, 2.2), 24)
    count = int(min(1600, 3.5 / (length * width)))
    points = np.empty((count, 5, 2))
    points[:, 0] = random.uniform(-0.08, 1.08, (count, 2))
    step = length / 4 * random.uniform(0.6, 1.3, count)
    lean = random.normal(size=count) * 0.08
    for index in range(1, 5):
        angle = look_up(flow, points[:, index - 1, 0], points[:, index - 1, 1]) + lean
        points[:, index] = points[:, index - 1] + np.stack([np.cos(angle), np.sin(angle)], axis=-1) * step[:, None]
    place = rescale(look_up(tone, *points[:, 2].T)) + random.normal(size=count) * 0.10
    canvas = Canvas(size, palette[0] * 0.6)
    canvas.draw_lines(points, width * random.uniform(0.6, 1.3, count), vary_colors(random, blend(palette, place), 0.06))
    return canvas.read()


def draw_hatching(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Draws parallel lines with a pen, crossed where the picture is darker."""
    spacing, layers = look.uniform(0.02, 0.06), int(look.integers(1, 4))
    first, crossing, waver = look.uniform(0, np.pi), look.uniform(0.6, 1.6), look.uniform(0.1, 0.6) * 0.006
    width, is_colored, is_on_dark = spacing * look.uniform(0.15, 0.4), look.random() < 0.5, look.random() < 0.3
    shades = sort_by_light(palette)[:: -1 if is_on_dark else 1]
    tone = rescale(make_noise(random, 96, 1.8, 12), 1.5)
    paper = 0.35 * shades[-1] + (0 if is_on_dark else 0.62)
    canvas = Canvas(size, np.clip(paper, 0, 1))
    along = np.arange(-0.72, 0.73, 0.04)
    for layer in range(layers):
        angle = first + crossing * layer + random.normal() * 0.05
        across = np.arange(-0.72, 0.72, spacing)
        offsets = across[:, None] + random.normal(size=(len(across), 1)) * spacing * 0.1
        offsets = offsets + np.cumsum(random.normal(size=(len(across), len(along))), axis=1) * waver
        x = 0.5 + along * np.cos(angle) - offsets * np.sin(angle)
        y = 0.5 + along * np.sin(angle) + offsets * np.cos(angle)
        paths = np.stack([x, y], axis=-1)
        pieces = np.stack([paths[:, :-1], paths[:, 1:]], axis=2).reshape(-1, 2, 2)
        value = look_up(tone, pieces[:, 0, 0], pieces[:, 0, 1])
        kept = value > (layer + 0.2) / layers * 0.85
        color = shades[layer % (len(shades) - 1)] if is_colored else shades[0] * (1 if is_on_dark else 0.4)
        widths = width * (0.5 + 0.9 * value[kept])
        canvas.draw_lines(pieces[kept], widths, vary_colors(random, np.tile(color, (len(widths), 1)), 0.02))
    return canvas.read()


def draw_scribbles(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Draws long winding lines over one another with a thick or a thin pen."""
    count, width = int(look.uniform(40, 130)), np.exp(look.uniform(np.log(0.006), np.log(0.045)))
    curl, is_looping = look.uniform(0.1, 0.45), look.random() < 0.5
    turns = random.normal(size=(count, 60)) * curl
    if is_looping:
        turns = np.cumsum(turns, axis=1) * 0.12 + random.normal(size=(count, 1)) * curl * 0.6
    angles = random.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(turns, axis=1)
    steps = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * 0.02
    paths = np.cumsum(steps, axis=1) + random.uniform(-0.1, 1.1, (count, 1, 2))
    canvas = Canvas(size, palette[0])
    canvas.draw_lines(paths, width * random.uniform(0.7, 1.3, count), choose_colors(random, palette[1:], count))
    return canvas.read()


def draw_fur(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Combs fine hair along a flow."""
    steps, contrast, patches = int(look.integers(6, 16)), look.uniform(0.6, 1.3), look.uniform(0.3, 1)
    grain = make_ripples(random, size, look.uniform(14, 50), 0.4)
    flow = make_flow(look, random)
    x, y = list_places(size)
    hair = grain.copy()
    for _ in range(steps):
        angle = look_up(flow, x, y)
        x, y = x + 0.0063 * np.cos(angle), y + 0.0063 * np.sin(angle)
        hair += look_up(grain, x, y)
    return blend(palette, rescale(hair / hair.std() * contrast + patches * make_noise(random, size, 1.7, 16)))


def draw_writing(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Writes lines of letters in an alphabet of its own."""
    height, width = look.uniform(0.06, 0.15), look.uniform(0.08, 0.15)
    is_curved, words, slant = look.random() < 0.6, look.uniform(0.7, 1), look.uniform(-0.15, 0.15)
    alphabet = look.random((12, 4, 2))
    alphabet[:, 0] *= [1, 0.3]  # from top to bottom, so that letters fill their line
    alphabet[:, 3] = 1 - alphabet[:, 3] * [1, 0.3]
    shades = sort_by_light(palette)[:: 1 if look.random() < 0.5 else -1]
    if is_curved:
        t = np.linspace(0, 1, 8)[:, None]
        weights = np.concatenate([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], axis=1)
        alphabet = np.einsum("tk,akc->atc", weights, alphabet * 1.5 - 0.25)
    columns, rows = np.arange(-0.1, 1.1, height * 0.62), np.arange(-0.2, 1.2, height * 1.15)
    places = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    places = places[random.random(len(places)) < words]
    letters = places[:, None] + alphabet[random.integers(12, size=len(places))] * [height * 0.6, height * 0.9]
    letters[..., 1] += slant * letters[..., 0] + 0.05 * random.uniform()
    inks = np.where(random.random((len(places), 1)) < 0.15, shades[len(shades) // 2], shades[-1])
    canvas = Canvas(size, shades[0])
    canvas.draw_lines(letters, width * height * random.uniform(0.7, 1.3, len(places)), inks)
    return canvas.read()
