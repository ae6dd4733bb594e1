"""A swirling sky over fields in thick paint: the style image that a new dashboard shows.

The painting is built as a painter builds one. A *flow* says which way the brush moves at every place, a *color plan*
says what is to be seen there, and strokes follow the one and take their paint from the other, broad ones first and
fine ones over them. Every stroke is a bundle of bristles, each with a little more or less paint; light from the upper
left then falls on the ridges that they leave.

All lengths are fractions of the picture's side, so that a seed gives the same composition at every size.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

_SUPERSAMPLING = 2
_STROKE_POINTS = 10
_GROUND_SQUARES = 32
_SKY = np.array([[0.03, 0.07, 0.22], [0.06, 0.15, 0.40], [0.11, 0.27, 0.58], [0.24, 0.45, 0.68], [0.50, 0.67, 0.72]])
_HALO = np.array([[0.99, 0.94, 0.70], [0.97, 0.79, 0.30], [0.90, 0.68, 0.28], [0.66, 0.76, 0.66], [0.30, 0.53, 0.70]])
_FIELDS = np.array([[0.07, 0.14, 0.16], [0.16, 0.27, 0.20], [0.42, 0.42, 0.16], [0.76, 0.56, 0.18], [0.92, 0.78, 0.42]])


@dataclass(frozen=True)
class _Coat:
    """One layer of strokes: how many, how long and wide as fractions of the side, and how strongly colors vary."""

    strokes: int
    length: float
    width: float
    bristles: int
    variation: float


_COATS = (
    _Coat(strokes=420, length=0.26, width=0.050, bristles=8, variation=0.05),
    _Coat(strokes=1000, length=0.17, width=0.022, bristles=5, variation=0.08),
    _Coat(strokes=1700, length=0.11, width=0.012, bristles=4, variation=0.11),
)


@dataclass(frozen=True)
class _Scene:
    """What is painted: swirls in a sky over rolling fields.

    Attributes:
        centers: (n, 2) float64, x and y of each swirl.
        radii: (n,) float64, reach of each swirl.
        spins: (n,) float64, 1 or -1, the direction each swirl turns.
        waves: (6,) float64, phases of the sky's drift and of the horizon.
    """

    centers: np.ndarray
    radii: np.ndarray
    spins: np.ndarray
    waves: np.ndarray


def brush_strokes(seed: int, size: int) -> np.ndarray:
    """Paints a swirling sky over fields with long curved strokes, after the manner of the Post-Impressionists.

    Args:
        seed: Chooses the composition; the same seed gives the same painting.
        size: Side in pixels.

    Returns:
        (size, size, 3) float32, RGB in [0, 1].

    Example:
        >>> brush_strokes(seed=0, size=64).shape
        (64, 64, 3)
    """
    random = np.random.default_rng(seed)
    scene = _compose(random)
    side = size * _SUPERSAMPLING
    canvas = Image.new("I", (side, side), 0)
    draw = ImageDraw.Draw(canvas)
    paints = [_lay_ground(draw, scene, side)]
    for coat in _COATS:
        paints.append(_paint_coat(draw, scene, coat, random, side, first=sum(map(len, paints))))
    painted = np.concatenate(paints).astype(np.float32)[np.asarray(canvas)]
    lit = painted[..., :3] * _light_ridges(painted[..., 3], side)[..., None]
    pixels = lit.reshape(size, _SUPERSAMPLING, size, _SUPERSAMPLING, 3).mean(axis=(1, 3))
    return np.clip(pixels, 0, 1, dtype=np.float32)


def _compose(random: np.random.Generator) -> _Scene:
    places = np.array([[0.60, 0.36], [0.20, 0.20], [0.88, 0.13], [0.10, 0.56], [0.40, 0.08]])
    centers = places + random.uniform(-0.05, 0.05, places.shape)
    radii = np.array([0.27, 0.17, 0.15, 0.11, 0.10]) * random.uniform(0.85, 1.15, len(places))
    return _Scene(centers, radii, random.choice([-1.0, 1.0], len(places)), random.uniform(0, 2 * np.pi, 6))


def _horizon(x: np.ndarray, scene: _Scene) -> np.ndarray:
    return 0.76 + 0.05 * np.sin(4.5 * x + scene.waves[0]) + 0.02 * np.sin(11 * x + scene.waves[1])


def _distances(points: np.ndarray, scene: _Scene) -> np.ndarray:
    """Distance of (..., 2) points to each swirl, in its radii: (..., n)."""
    offsets = points[..., None, :] - scene.centers
    return np.hypot(offsets[..., 0], offsets[..., 1]) / scene.radii


def _follow_flow(points: np.ndarray, scene: _Scene) -> np.ndarray:
    """Unit direction of the brush at (..., 2) points: a drifting sky, swirls in it, furrows along the fields."""
    x, y = points[..., 0], points[..., 1]
    drift = 0.5 * np.sin(5 * x + 3 * y + scene.waves[2]) + 0.35 * np.sin(9 * y - 4 * x + scene.waves[3])
    direction = np.stack([np.cos(drift), np.sin(drift)], axis=-1)
    offsets = points[..., None, :] - scene.centers
    distances = _distances(points, scene)[..., None]
    around = np.stack([-offsets[..., 1], offsets[..., 0]], axis=-1) * scene.spins[:, None]
    spiral = (around - 0.12 * offsets) / (scene.radii[:, None] * (distances + 0.05))
    direction = direction * 0.8 + (3 * np.exp(-(distances**2)) * spiral).sum(axis=-2)
    slope = 0.225 * np.cos(4.5 * x + scene.waves[0]) + 0.25 * np.sin(14 * y + 6 * x + scene.waves[4])
    furrow = np.stack([np.ones_like(x), slope], axis=-1)
    direction = np.where((y > _horizon(x, scene))[..., None], furrow, direction)
    return direction / (np.linalg.norm(direction, axis=-1, keepdims=True) + 1e-9)


def _blend(palette: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Colors at positions in [0, 1] along a palette of (n, 3): (..., 3)."""
    stops = np.linspace(0, 1, len(palette))
    return np.stack([np.interp(position, stops, palette[:, channel]) for channel in range(3)], axis=-1)


def _plan_colors(points: np.ndarray, scene: _Scene, jitter: np.ndarray) -> np.ndarray:
    """Color planned for (..., 2) points; `jitter` (...) moves it along its palette: (..., 3)."""
    x, y = points[..., 0], points[..., 1]
    nearest = _distances(points, scene).min(axis=-1)
    bands = 0.16 * np.sin(nearest * 9 + scene.waves[5]) * np.clip(nearest, 0, 1)
    clouds = 0.40 + 0.20 * np.sin(6 * x - 4 * y + scene.waves[3]) + 0.14 * np.sin(13 * y + 5 * x + scene.waves[4])
    sky = _blend(_SKY, clouds + bands + 1.6 * jitter)
    halo = _blend(_HALO, nearest + bands * 1.3 + jitter)
    share = np.clip(2.8 - 2.3 * nearest + 1.5 * bands, 0, 1)[..., None]
    depth = np.clip((y - _horizon(x, scene)) / 0.24, 0, 1)
    fields = _blend(_FIELDS, 0.15 + 0.75 * depth + 0.28 * np.sin(26 * depth + 5 * x + scene.waves[2]) + 2 * jitter)
    return np.where((y > _horizon(x, scene))[..., None], fields, sky * (1 - share) + halo * share)


def _lay_ground(draw: ImageDraw.ImageDraw, scene: _Scene, side: int) -> np.ndarray:
    """Draws squares under everything, so that no gap between strokes stays bare; returns their paints: (n, 4)."""
    middles = (np.arange(_GROUND_SQUARES) + 0.5) / _GROUND_SQUARES
    places = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
    for number, (x, y) in enumerate(places * side):
        reach = side / _GROUND_SQUARES / 2
        draw.rectangle((x - reach, y - reach, x + reach, y + reach), fill=number)
    colors = _plan_colors(places, scene, np.zeros(len(places)))
    return np.concatenate([colors, np.zeros((len(places), 1))], axis=1)


def _paint_coat(
    draw: ImageDraw.ImageDraw, scene: _Scene, coat: _Coat, random: np.random.Generator, side: int, first: int
) -> np.ndarray:
    """Draws a coat's strokes as numbers of paints, from `first` on; returns these paints: (n, 4), RGB and height."""
    points = np.empty((coat.strokes, _STROKE_POINTS, 2))
    points[:, 0] = random.uniform(-0.05, 1.05, (coat.strokes, 2))
    step = coat.length * random.uniform(0.6, 1.3, (coat.strokes, 1)) / (_STROKE_POINTS - 1)
    for index in range(1, _STROKE_POINTS):
        points[:, index] = points[:, index - 1] + step * _follow_flow(points[:, index - 1], scene)
    tangents = np.asarray(np.gradient(points, axis=1))
    normals = np.stack([-tangents[..., 1], tangents[..., 0]], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-9

    # A stroke swells and then thins out, so its bristles run together at both ends.
    swelling = np.sin(np.linspace(0.25, np.pi - 0.15, _STROKE_POINTS)) ** 0.6
    across = np.linspace(-0.5, 0.5, coat.bristles)
    spread = coat.width * across[:, None] * swelling
    bristles = points[:, None] + normals[:, None] * spread[None, :, :, None]

    halves = points[:, [2, 7]]
    jitter = coat.variation * random.normal(size=(coat.strokes, 1))
    colors = _plan_colors(halves, scene, np.broadcast_to(jitter, halves.shape[:2]))
    tints = coat.variation * random.normal(size=(coat.strokes, coat.bristles, 1))
    colors = colors[:, None] * (1 + 1.2 * tints[..., None])
    heights = 1 - 2.4 * across[:, None] ** 2 + 0.25 * random.normal(size=(coat.strokes, coat.bristles, 1))
    paints = np.concatenate([colors, np.broadcast_to(heights[..., None], (*colors.shape[:3], 1))], axis=-1)

    width = max(1, round(1.5 * coat.width * side / coat.bristles))
    middle = _STROKE_POINTS // 2
    paths = np.round(bristles * side).astype(int).reshape(-1, _STROKE_POINTS * 2).tolist()
    for number, path in enumerate(paths):
        draw.line(path[: 2 * middle + 2], fill=first + 2 * number, width=width)
        draw.line(path[2 * middle :], fill=first + 2 * number + 1, width=width)
    return paints.reshape(-1, 4)


def _light_ridges(heights: np.ndarray, side: int) -> np.ndarray:
    """Brightness under light from the upper left of paint of that height: (side, side) float32 around 1."""
    smooth = (heights + np.roll(heights, 1, 0) + np.roll(heights, 1, 1) + np.roll(heights, (1, 1), (0, 1))) / 4
    down, right = np.gradient(smooth)
    return np.clip(1 + 0.16 * (down + right), 0.75, 1.3)
