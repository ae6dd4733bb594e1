"""Paintings by smooth fields: clouds, marble, contour lines, wood grain, coral and relief."""

import numpy as np

from nst_explorer.procedural.colors import blend, sort_by_light
from nst_explorer.procedural.fields import light, list_places, make_noise, make_ripples, measure_slope, rescale, turn

_CORAL_STEPS = 8


def draw_clouds(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Lets clouds drift: soft or torn, round or drawn out by the wind."""
    slope, stretch, angle = look.uniform(1.1, 2.1), look.choice([1, 1, 2.5, 5]), look.uniform(0, np.pi)
    kind, contrast = int(look.integers(4)), look.uniform(0.9, 1.5)
    height = make_noise(random, size, slope, 80, stretch, angle)
    if kind == 1:
        height = 2.2 * np.abs(height) - 1.6
    elif kind == 2:
        height = 1.6 - 2.2 * np.abs(height)
    elif kind == 3:
        height = height + 0.5 * np.abs(make_noise(random, size, slope, 60, stretch, angle))
    shades = palette if look.random() < 0.5 else sort_by_light(palette)
    return blend(shades, rescale(height, contrast))


def draw_marble(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Polishes marble with veins that wander through it."""
    frequency, wander, slope = (
        np.exp(look.uniform(np.log(3), np.log(9))),
        look.uniform(0.8, 2.4),
        look.uniform(1.8, 2.5),
    )
    angle, sharpness = look.uniform(0, np.pi), look.uniform(0.35, 1.3)
    x, y = list_places(size)
    along, _ = turn(x, y, angle + random.normal() * 0.1)
    phase = along * frequency * np.pi + wander * make_noise(random, size, slope, 60) + random.uniform(0, np.pi)
    veins = np.abs(np.sin(phase)) ** sharpness
    shades = sort_by_light(palette) if look.random() < 0.6 else palette
    return blend(shades, 0.9 * veins + 0.06 * make_noise(random, size, 1.2))


def draw_contour_lines(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Maps mountains in flat steps of color, with a line between them."""
    steps, slope, width = look.uniform(1.2, 3.5), look.uniform(1.7, 2.4), look.uniform(0.7, 1.6) / 160
    is_ordered, has_lines = look.random() < 0.5, look.random() < 0.7
    height = make_noise(random, size, slope, 30) * steps + 40
    shades = sort_by_light(palette) if is_ordered else palette
    cycle = np.concatenate([shades, shades[-2:0:-1]])
    distance = np.abs(height - np.round(height)) / (measure_slope(height) + 1e-4)
    picture = cycle[np.floor(height).astype(int) % len(cycle)]
    beyond = cycle[(np.round(height * 2).astype(int) // 2 - (height < np.round(height))) % len(cycle)]
    picture = 0.5 * (picture + beyond)
    if has_lines:
        share = np.clip(distance - width * size * 0.5 + 0.5, 0, 1)[..., None]
        picture = picture * share + (1 - share) * sort_by_light(palette)[0] * 0.3
    return picture


def draw_wood_grain(
    look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int
) -> np.ndarray:
    """Saws boards out of a trunk, with year rings and knots."""
    boards, rings = int(look.integers(1, 6)), look.uniform(5, 14)
    angle, strength = look.choice([0, np.pi / 2]) + look.normal() * 0.05, look.uniform(0.5, 1)
    x, y = list_places(size)
    along, across = turn(x - 0.5, y - 0.5, angle)
    board = np.floor((across + 0.9) / 1.8 * boards * 1.8).astype(int)
    shifts = random.uniform(-5, 5, (boards * 2 + 4, 2)).astype(np.float32)
    height = across * rings + shifts[board, 0] + 0.35 * along * shifts[board, 1] / 5
    height = height + 0.5 * make_noise(random, size, 2, 24, 5, angle)
    for knot_along, knot_across in random.uniform(-0.5, 0.5, (int(look.integers(1, 5)), 2)):
        distance = np.hypot((along - knot_along) / 2.2, across - knot_across)
        height = height + 2.5 * np.exp(-((distance / 0.05) ** 2)) + 0.8 * np.exp(-distance / 0.08)
    year = height - np.floor(height)
    tone = 0.25 + 0.55 * strength * year**2 + 0.07 * make_noise(random, size, 0.6, 80, 10, angle)
    shades = sort_by_light(palette)[::-1]
    gap = np.abs((across + 0.9) * boards - np.round((across + 0.9) * boards)) / boards * size
    dark = 0.35 + 0.65 * np.clip(gap - 0.3, 0, 1) if boards > 1 else 1
    return blend(shades[: max(3, len(shades) - 1)], tone + 0.1 * shifts[board, 1] / 5) * np.asarray(dark)[..., None]


def draw_coral(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Grows spots, mazes and stripes as reaction and diffusion do on coral, fish and shells."""
    frequency, bias, softness = (
        np.exp(look.uniform(np.log(7), np.log(24))),
        look.choice([0, 0, 0.35, -0.35]),
        look.uniform(0.15, 0.9),
    )
    focus, angle, has_tone = look.choice([0, 0, 2]), look.uniform(0, np.pi), look.random() < 0.4
    height = make_ripples(random, size, frequency, 0.25, focus, angle)
    x = np.fft.rfftfreq(size, 1 / size).astype(np.float32)
    y = np.fft.fftfreq(size, 1 / size).astype(np.float32)[:, None]
    # Waves of one length grow, steep ones saturate, again and again: Swift and Hohenberg's model of such patterns.
    growth = np.exp(-0.5 * ((np.hypot(x, y) / frequency - 1) / 0.22) ** 2)
    for _ in range(_CORAL_STEPS):
        height = np.fft.irfft2(np.fft.rfft2(np.tanh(1.5 * height + bias)) * growth, s=height.shape).astype(np.float32)
        height /= height.std()
    share = (0.5 + 0.5 * np.tanh((height + 1.2 * bias) / softness))[..., None]
    shades = sort_by_light(palette)
    top = (
        blend(palette[1:], rescale(make_noise(random, size, 2, 8), 1.3)) if has_tone else shades[-1 - (len(shades) > 4)]
    )
    rim = np.exp(-((height / 0.35) ** 2))[..., None] * look.choice([0, 0.5])
    return (shades[0] * (1 - share) + top * share) * (1 - rim) + rim * shades[len(shades) // 2]


def draw_relief(look: np.random.Generator, random: np.random.Generator, palette: np.ndarray, size: int) -> np.ndarray:
    """Models clay or rock in relief and lets light fall on it from one side."""
    kind, angle, strength = int(look.integers(3)), look.uniform(0, 2 * np.pi), look.uniform(0.02, 0.05)
    if kind == 0:
        height = make_noise(random, size, look.uniform(1.4, 2), 60)
    elif kind == 1:
        height = (
            1.3
            * make_ripples(random, size, look.uniform(5, 16), 0.25, look.choice([0, 2]), look.uniform(0, np.pi))
            * 0.5
        )
    else:
        height = -2 * np.abs(make_noise(random, size, look.uniform(1.7, 2.2), 40))
    lit = light(height, strength, angle)[..., None]
    clay = (
        blend(palette, rescale(make_noise(random, size, 1.9, 10), 1.3))
        if look.random() < 0.6
        else palette[0] * 0.7 + 0.2
    )
    return clay * (0.15 + 1.1 * lit) + np.clip(lit - 0.95, 0, 1) * look.choice([0, 1.5])
