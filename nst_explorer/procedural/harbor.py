"""A harbor at dusk: sky, hills and a town, mirrored in a sea with sailing boats; a figure fishes from a pier."""

import numpy as np
from PIL import Image, ImageDraw

from nst_explorer.procedural.colors import blend, list_inks
from nst_explorer.procedural.fields import make_noise

_SUPERSAMPLING = 3
_HORIZON = 0.42
_SKY = np.array([[0.16, 0.20, 0.42], [0.36, 0.32, 0.55], [0.75, 0.45, 0.50], [0.97, 0.66, 0.42], [1.0, 0.86, 0.60]])
_SUN = np.array([1.0, 0.94, 0.74])
_HILLS = np.array([[0.46, 0.38, 0.55], [0.30, 0.27, 0.44], [0.18, 0.19, 0.32]])
_WALLS = np.array([[0.80, 0.58, 0.45], [0.70, 0.45, 0.40], [0.85, 0.72, 0.56], [0.52, 0.42, 0.52]])
_SAILS = np.array([[0.96, 0.91, 0.80], [0.80, 0.28, 0.22], [0.93, 0.70, 0.30]])
_DARK = np.array([0.09, 0.09, 0.16])


def harbor_at_dusk(seed: int, size: int) -> np.ndarray:
    """Paints sailing boats before a town and its hills while the sun sets.

    Args:
        seed: Chooses sun, hills, houses, boats and clouds; the same seed gives the same picture.
        size: Width in pixels.

    Returns:
        (size * 3 // 4, size, 3) float32, RGB in [0, 1].

    Example:
        >>> harbor_at_dusk(seed=0, size=64).shape
        (48, 64, 3)
    """
    random = np.random.default_rng([11, seed])
    side = size * _SUPERSAMPLING
    rows, horizon = (size * 3 // 4) * _SUPERSAMPLING, int(_HORIZON * side)
    sun = np.array([random.uniform(0.55, 0.7), _HORIZON - 0.075])
    land = _to_image(_paint_sky(random, side, horizon, sun))
    _draw_land(ImageDraw.Draw(land), random, side)
    boats = [(random.uniform(0.08, 0.2), 0.455, 0.10), (random.uniform(0.74, 0.9), 0.475, 0.13)]
    boats += [(random.uniform(0.36, 0.46), 0.56, 0.24)]
    picture = Image.new("RGB", (side, rows))
    picture.paste(land, (0, 0))
    picture.paste(_paint_sea(np.asarray(land, np.float32) / 255, random, side, rows, sun, boats), (0, horizon))
    draw = ImageDraw.Draw(picture)
    for number, (x, y, height) in enumerate(boats):
        _draw_boat(draw, np.array([x, y]) * side, height * side, _SAILS[number], 1)
    _draw_pier(draw, side)
    for _ in range(6):
        x, y = random.uniform([0.1, 0.06], [0.9, 0.24]) * side
        wing = random.uniform(0.008, 0.016) * side
        bird = [(x - wing, y - 0.5 * wing), (x - 0.4 * wing, y - 0.6 * wing), (x, y), (x + 0.5 * wing, y - 0.6 * wing)]
        draw.line([*bird, (x + wing, y - 0.3 * wing)], fill=list_inks(_DARK[None])[0], width=max(1, side // 400))
    pixels = np.asarray(picture.reduce(_SUPERSAMPLING), np.float32) / 255
    return np.ascontiguousarray(pixels[: size * 3 // 4])


def _to_image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def _paint_sky(random: np.random.Generator, side: int, horizon: int, sun: np.ndarray) -> np.ndarray:
    middles = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = middles[None], middles[:horizon, None]
    sky = blend(_SKY, np.broadcast_to(y / _HORIZON, (horizon, side)))
    clouds = np.asarray(Image.fromarray(make_noise(random, 256, 1.5, 60, 4, 0.05)).resize((side, side)))[:horizon]
    cover = np.clip(clouds * 0.8 - 0.3 - 0.6 * (y / _HORIZON - 0.5), 0, 1)[..., None]
    underside = np.clip(1.4 - 1.6 * np.hypot(x - sun[0], (y - sun[1]) * 1.6), 0, 1)[..., None]
    sky = sky * (1 - 0.75 * cover) + 0.75 * cover * (
        underside * [0.99, 0.62, 0.44] + (1 - underside) * [0.42, 0.36, 0.54]
    )
    distance = np.hypot(x - sun[0], y - sun[1])
    glow = (0.75 * np.exp(-distance / 0.11) + np.clip((0.042 - distance) * side / 3, 0, 1))[..., None]
    return sky + (_SUN - sky) * np.clip(glow, 0, 1)


def _draw_land(draw: ImageDraw.ImageDraw, random: np.random.Generator, side: int) -> None:
    x = np.linspace(0, 1, 200)
    for number, color in enumerate(list_inks(_HILLS)):
        phases = random.uniform(0, 2 * np.pi, 4)
        waves = sum(np.sin((3 + 5 * k) * x + phases[k]) / (1 + 2 * k) for k in range(4))
        left = np.clip(1.15 - (1.5 + 0.9 * number) * x, 0, 1)
        right = np.clip((1.8 + number) * x - 1.2 - 0.75 * number, 0, 1)
        top = _HORIZON - (0.035 + 0.05 * waves * 0.4 + 0.03) * (left + right) * (1.9 - 0.45 * number)
        ridge = np.stack([x, np.minimum(top, _HORIZON - 0.004)], axis=-1) * side
        draw.polygon([*map(tuple, ridge.tolist()), (side, _HORIZON * side), (0, _HORIZON * side)], fill=color)
    for place in np.arange(0.02, 0.34, 0.03):
        width, height = random.uniform(0.022, 0.034), random.uniform(0.022, 0.05)
        wall, roof = _WALLS[random.integers(len(_WALLS))] * 0.75, np.array([0.45, 0.18, 0.17])
        left, right, top, foot = (v * side for v in (place, place + width, _HORIZON - height, _HORIZON))
        wall_ink, roof_ink = list_inks(np.array([wall, roof]))
        draw.rectangle((left, top, right, foot), fill=wall_ink)
        draw.polygon([(left - 2, top), ((left + right) / 2, top - 0.015 * side), (right + 2, top)], fill=roof_ink)
        for column, row in np.ndindex(2, int(height / 0.013)):
            if random.random() < 0.6:
                at_x, at_y = left + (0.2 + 0.4 * column) * width * side, top + (0.004 + 0.013 * row) * side
                draw.rectangle((at_x, at_y, at_x + 0.005 * side, at_y + 0.007 * side), fill=(255, 214, 120))
    _draw_lighthouse(draw, side)


def _draw_lighthouse(draw: ImageDraw.ImageDraw, side: int) -> None:
    x, foot, top = 0.93, _HORIZON, _HORIZON - 0.15
    for band in range(6):
        low, high = foot - (foot - top) * band / 6, foot - (foot - top) * (band + 1) / 6
        wide, narrow = 0.016 - 0.0012 * band, 0.016 - 0.0012 * (band + 1)
        corners = [(x - wide, low), (x + wide, low), (x + narrow, high), (x - narrow, high)]
        color = (205, 190, 180) if band % 2 else (168, 52, 48)
        draw.polygon([(a * side, b * side) for a, b in corners], fill=color)
    draw.rectangle([v * side for v in (x - 0.007, top - 0.018, x + 0.007, top)], fill=(255, 226, 140))
    draw.polygon(
        [(v * side, w * side) for v, w in ((x - 0.01, top - 0.018), (x, top - 0.034), (x + 0.01, top - 0.018))],
        fill=(70, 34, 44),
    )


def _paint_sea(
    land: np.ndarray, random: np.random.Generator, side: int, rows: int, sun: np.ndarray, boats: list
) -> Image.Image:
    """Mirrors the land and the boats, and breaks the mirror image up by ripples that are larger toward the viewer."""
    depth = rows - len(land)
    y = ((np.arange(depth) + 0.5) / depth).astype(np.float32)[:, None]
    mirrored = land[::-1][np.minimum((y[:, 0] * 0.95 * len(land)).astype(int), len(land) - 1)]
    mirror = _to_image(mirrored * (0.92 - 0.25 * y[..., None]) + np.array([0.0, 0.01, 0.04]))
    draw = ImageDraw.Draw(mirror)
    for number, (x, waterline, height) in enumerate(boats):
        _draw_boat(draw, np.array([x, waterline - _HORIZON]) * side, height * side, _SAILS[number] * 0.75, -0.8)
    noise = make_noise(random, 256, 1.0, 90, 7)
    fine = np.asarray(Image.fromarray(noise).resize((side, side)))
    lines = np.clip((y**0.7 * side * 0.98).astype(int), 0, side - 1)
    ripple = fine[lines, np.arange(side)]
    columns = np.clip(np.arange(side) + ripple * (0.002 + 0.012 * y) * side, 0, side - 1).astype(int)
    sources = np.clip(np.arange(depth)[:, None] + ripple * (0.001 + 0.014 * y) * side, 0, depth - 1).astype(int)
    sea = (np.asarray(mirror, np.float32) / 255)[sources, columns]
    x = ((np.arange(side) + 0.5) / side).astype(np.float32)
    path = np.exp(-(((x - sun[0]) / (0.03 + 0.09 * y)) ** 2)) * np.clip(ripple * 1.5 - 0.2, 0, 1) * (1 - 0.5 * y)
    sea = sea + 0.06 * ripple[..., None] * y[..., None]
    return _to_image(sea + (_SUN - sea) * (0.8 * path)[..., None])


def _draw_boat(draw: ImageDraw.ImageDraw, foot: np.ndarray, height: float, sail: np.ndarray, up: float) -> None:
    """Draws a boat on its waterline, upside down where `up` is negative."""

    def place(*corners: tuple[float, float]) -> list[tuple[float, float]]:
        return [(float(foot[0] + a * height), float(foot[1] - b * up * height)) for a, b in corners]

    light, shade, hull, stripe = list_inks(np.array([sail, sail * 0.72, [0.24, 0.13, 0.12], [0.85, 0.75, 0.62]]))
    draw.line(place((0.0, 0.05), (0.0, 1.0)), fill=(58, 40, 34), width=max(1, int(height * 0.018)))
    draw.polygon(place((-0.03, 0.97), (-0.03, 0.2), (-0.40, 0.2), (-0.2, 0.55)), fill=light)
    draw.polygon(place((0.03, 0.88), (0.03, 0.2), (0.34, 0.2)), fill=shade)
    draw.polygon(place((0.0, 1.0), (0.0, 0.95), (0.1, 0.975)), fill=(200, 60, 50))
    draw.polygon(place((-0.46, 0.14), (0.48, 0.16), (0.36, 0.0), (-0.36, 0.0)), fill=hull)
    draw.line(place((-0.44, 0.115), (0.45, 0.13)), fill=stripe, width=max(1, int(height * 0.02)))


def _draw_pier(draw: ImageDraw.ImageDraw, side: int) -> None:
    """Draws planks on posts at the lower right, a person who fishes there, a lamp and a rope."""

    def place(*corners: tuple[float, float]) -> list[tuple[float, float]]:
        return [(a * side, b * side) for a, b in corners]

    for x in (0.66, 0.76, 0.86, 0.96):
        draw.rectangle([v * side for v in (x, 0.655, x + 0.014, 0.75)], fill=(38, 28, 34))
    draw.polygon(place((0.62, 0.645), (1.0, 0.63), (1.0, 0.675), (0.62, 0.668)), fill=(92, 62, 52))
    for step in np.arange(0.64, 1.0, 0.022):
        draw.line(place((step, 0.643), (step - 0.006, 0.669)), fill=(58, 40, 40), width=max(1, side // 400))
    thick = max(1, side // 260)
    draw.rectangle([v * side for v in (0.735, 0.575, 0.760, 0.618)], fill=(48, 62, 98))
    draw.polygon(
        place(
            (0.736, 0.61), (0.76, 0.61), (0.757, 0.643), (0.749, 0.643), (0.748, 0.622), (0.745, 0.643), (0.737, 0.643)
        ),
        fill=(36, 34, 52),
    )
    draw.ellipse([v * side for v in (0.738, 0.551, 0.757, 0.574)], fill=(190, 132, 104))
    draw.polygon(place((0.732, 0.559), (0.763, 0.559), (0.755, 0.546), (0.741, 0.546)), fill=(214, 176, 96))
    draw.line(place((0.74, 0.585), (0.718, 0.596)), fill=(48, 62, 98), width=3 * thick)
    draw.line(place((0.722, 0.602), (0.62, 0.53)), fill=(40, 30, 30), width=thick)
    draw.line(place((0.62, 0.53), (0.615, 0.69)), fill=(210, 200, 190), width=max(1, thick // 2))
    draw.rectangle([v * side for v in (0.905, 0.50, 0.912, 0.636)], fill=(30, 26, 34))
    draw.ellipse([v * side for v in (0.894, 0.478, 0.923, 0.507)], fill=(255, 222, 138))
