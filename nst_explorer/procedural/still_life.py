"""A still life: a painted vase with flowers, and fruit on a table, lit from a window on the left."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from nst_explorer.procedural.colors import list_inks
from nst_explorer.procedural.fields import make_noise
from nst_explorer.procedural.lathe import (
    apple_width,
    ball_width,
    blush,
    lemon_width,
    pear_width,
    turn_body,
    vase_width,
)

_SUPERSAMPLING = 3
_TABLE = 0.50


def still_life(seed: int, size: int) -> np.ndarray:
    """Paints a vase with flowers, apples, a pear, a lemon and grapes on a table.

    Args:
        seed: Chooses colors, flowers and places; the same seed gives the same picture.
        size: Width in pixels.

    Returns:
        (size * 3 // 4, size, 3) float32, RGB in [0, 1].

    Example:
        >>> still_life(seed=0, size=64).shape
        (48, 64, 3)
    """
    random = np.random.default_rng([12, seed])
    side, rows = size * _SUPERSAMPLING, (size * 3 // 4) * _SUPERSAMPLING
    shift = random.uniform(-0.02, 0.02, (8, 2))
    apples = [
        (0.56, 0.63, 0.068, [0.78, 0.13, 0.12]),
        (0.70, 0.60, 0.062, [0.56, 0.66, 0.20]),
        (0.665, 0.665, 0.058, [0.85, 0.32, 0.14]),
    ]
    apples = [(x + dx, y + dy * 0.3, r, c) for (x, y, r, c), (dx, dy) in zip(apples, shift[:3], strict=True)]
    pear, lemon, vase = (0.18 + shift[3, 0], 0.64), (0.44 + shift[4, 0], 0.675), (0.34 + shift[5, 0] * 0.5, 0.60)
    grapes = _place_grapes(random, 0.86 + shift[6, 0] * 0.5, 0.645)

    picture = _paint_room(random, side, rows)
    shadows = [(*vase, 0.10), (*pear, 0.065), (*lemon, 0.05), (0.85, 0.66, 0.085)] + [each[:3] for each in apples]
    picture = picture * _cast_shadows(shadows, side, rows)[..., None]
    picture = _draw_bouquet(picture, random, vase[0], side)
    turn_body(picture, side, vase, 0.30, vase_width, lambda u, t: _glaze(u, t, random.uniform()), 0.7)
    turn_body(
        picture, side, pear, 0.185, pear_width, lambda u, t: blush([0.80, 0.72, 0.26], [0.72, 0.35, 0.16], u), 0.25
    )
    for x, y, radius, color in apples:
        other = np.clip(np.array(color) * 0.8 + [0.22, 0.16, 0.02], 0, 1)
        turn_body(
            picture,
            side,
            (x, y),
            1.85 * radius,
            apple_width(radius),
            lambda u, t, c=color, o=other: blush(c, o, u * 0.6 + t - 0.5),
            0.5,
        )
    turn_body(
        picture, side, lemon, 0.085, lemon_width, lambda u, t: blush([0.96, 0.83, 0.20], [0.90, 0.70, 0.12], u), 0.3
    )
    for x, y in grapes:
        turn_body(
            picture,
            side,
            (x, y),
            0.042,
            ball_width(0.021),
            lambda u, t: blush([0.34, 0.16, 0.42], [0.22, 0.14, 0.40], u),
            0.7,
        )
    image = _to_image(picture)
    _draw_stems(ImageDraw.Draw(image), apples, pear, side)
    return np.ascontiguousarray(np.asarray(image.reduce(_SUPERSAMPLING), np.float32) / 255)


def _to_image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def _paint_room(random: np.random.Generator, side: int, rows: int) -> np.ndarray:
    """A wall in the light of a window, a table of wood and a white cloth with blue stripes on it."""
    middles = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = middles[None], middles[:rows, None]
    stains = np.asarray(Image.fromarray(make_noise(random, 256, 1.7, 40)).resize((side, side)))[:rows]
    beam = np.exp(-(((x - 0.25 - 0.5 * (y - 0.1)) / 0.42) ** 2))
    wall = np.array([0.34, 0.42, 0.42]) + (0.32 * beam + 0.03 * stains)[..., None] * [1.1, 1.0, 0.75]
    grain = np.asarray(Image.fromarray(make_noise(random, 256, 1.0, 90, 12)).resize((side, side)))[:rows]
    wood = np.array([0.50, 0.30, 0.17]) * (1.05 + 0.10 * grain - 0.35 * (x - 0.4))[..., None]
    left, right = 0.10 - 0.3 * (y - _TABLE), 0.62 + 0.12 * np.sin(y * 9)
    folds = 0.05 * np.sin(30 * x + 8 * y) + 0.03 * np.sin(11 * x - 24 * y)
    place = (x - left) / (right - left)
    stripes = (np.abs(place - 0.10) < 0.02) | (np.abs(place - 0.16) < 0.008) | (np.abs(place - 0.90) < 0.02)
    cloth = (
        np.where(stripes[..., None], [0.25, 0.36, 0.62], [0.92, 0.89, 0.82])
        * (0.95 + folds - 0.2 * (x - 0.3))[..., None]
    )
    is_cloth = (place > 0) & (place < 1) & (y > _TABLE + 0.03 + 0.01 * np.sin(14 * x))
    table = np.where(is_cloth[..., None], cloth, wood)
    edge = np.clip((y - 0.715 - 0.004 * np.sin(20 * x) * is_cloth) * side, 0, 1)[..., None]
    table = table * (1 - 0.5 * edge)
    return np.where((y > _TABLE)[..., None], table, wall).astype(np.float32)


def _cast_shadows(bodies: list[tuple[float, float, float]], side: int, rows: int) -> np.ndarray:
    """Share of light left on the table, where each body (x, foot and half width) throws its shadow to the right."""
    mask = Image.new("L", (side, rows), 255)
    draw = ImageDraw.Draw(mask)
    for x, foot, reach in bodies:
        draw.ellipse(
            [v * side for v in (x - 0.8 * reach, foot - 0.35 * reach, x + 2.3 * reach, foot + 0.25 * reach)], fill=110
        )
    soft = mask.filter(ImageFilter.GaussianBlur(side * 0.008))
    share = np.asarray(soft, np.float32) / 255
    share[: int(_TABLE * side)] = 1
    return share


def _glaze(u: np.ndarray, t: np.ndarray, phase: float) -> np.ndarray:
    """Blue painting on white: rings, waves and a row of rosettes around the belly."""
    around = np.arcsin(np.clip(u, -1, 1)) * 3 + phase
    rosette = np.hypot(np.sin(around), (t - 0.48) / 0.10)
    petals = (rosette < 0.75 + 0.15 * np.cos(8 * np.arctan2(np.sin(around), (t - 0.48) / 0.10))) & (rosette > 0.3)
    rings = (np.abs(t - 0.28) < 0.012) | (np.abs(t - 0.68) < 0.012) | (np.abs(t - 0.96) < 0.02) | (t < 0.04)
    waves = np.abs(t - 0.78 - 0.02 * np.sin(4 * around)) < 0.010
    return np.where((petals | rings | waves)[..., None], [0.14, 0.27, 0.62], [0.90, 0.91, 0.90])


def _place_grapes(random: np.random.Generator, x: float, foot: float) -> list[tuple[float, float]]:
    rows = [(5, 0.0), (6, 0.022), (4, 0.040), (2, 0.056)]
    places = [(x + (k - (n - 1) / 2) * 0.033, foot + down - 0.01) for n, down in rows for k in range(n)]
    return [(a + random.uniform(-0.006, 0.006), b + random.uniform(-0.003, 0.003)) for a, b in places]


def _draw_bouquet(picture: np.ndarray, random: np.random.Generator, x: float, side: int) -> np.ndarray:
    """Draws stalks, leaves and flowers that stand in the vase."""
    image = _to_image(picture)
    draw = ImageDraw.Draw(image)
    flowers = [
        (-0.13, 0.20),
        (-0.06, 0.10),
        (0.03, 0.16),
        (0.11, 0.10),
        (0.16, 0.22),
        (-0.01, 0.24),
        (0.08, 0.26),
        (-0.09, 0.29),
    ]
    colors = np.array(
        [[0.93, 0.72, 0.20], [0.86, 0.33, 0.30], [0.95, 0.92, 0.86], [0.88, 0.52, 0.60], [0.62, 0.42, 0.72]]
    )
    centers = [np.array([x + a, b]) + random.uniform(-0.012, 0.012, 2) for a, b in flowers]
    mouth = np.array([x, 0.31])
    for center in centers:
        bend = (center + mouth) / 2 + [0.0, -0.03]
        path = [tuple(point * side) for point in (mouth, bend, center)]
        draw.line(path, fill=(52, 92, 52), width=max(1, side // 160), joint="curve")
    for _ in range(16):
        root, angle = mouth + random.uniform([-0.12, -0.16], [0.12, -0.01]), random.uniform(0, np.pi)
        tip = root + 0.07 * np.array([np.cos(angle), -np.sin(angle)])
        normal = 0.016 * np.array([np.sin(angle), np.cos(angle)])
        ink = list_inks((np.array([0.20, 0.40, 0.22]) * random.uniform(0.7, 1.3))[None])[0]
        draw.polygon(
            [tuple(p * side) for p in (root, (root + tip) / 2 + normal, tip, (root + tip) / 2 - normal)], fill=ink
        )
    for number, center in enumerate(centers):
        petals, radius, color = int(random.integers(7, 12)), random.uniform(0.038, 0.052), colors[number % len(colors)]
        for ring, reach in ((0.82, 1.0), (1.0, 0.72), (1.12, 0.45)):
            turns = np.arange(petals) * 2 * np.pi / petals + random.uniform(0, 1)
            inks = list_inks(np.clip(color * ring * random.uniform(0.9, 1.1, (petals, 1)), 0, 1))
            for turn, ink in zip(turns, inks, strict=True):
                middle = center + 0.6 * reach * radius * np.array([np.cos(turn), np.sin(turn)])
                half = 0.42 * reach * radius
                draw.ellipse([v * side for v in (*(middle - half), *(middle + half))], fill=ink)
        draw.ellipse([v * side for v in (*(center - 0.011), *(center + 0.011))], fill=(112, 66, 30))
    return np.asarray(image, np.float32) / 255


def _draw_stems(draw: ImageDraw.ImageDraw, apples: list, pear: tuple[float, float], side: int) -> None:
    tops = [(x, y - 1.72 * radius) for x, y, radius, _ in apples] + [(pear[0], pear[1] - 0.182)]
    for x, y in tops:
        draw.line(
            [(x * side, y * side), ((x + 0.012) * side, (y - 0.028) * side)], fill=(72, 46, 26), width=side // 180
        )
        leaf = [(0.008, -0.02), (0.026, -0.034), (0.046, -0.026), (0.028, -0.016)]
        draw.polygon([((x + a) * side, (y + b) * side) for a, b in leaf], fill=(70, 110, 50))
