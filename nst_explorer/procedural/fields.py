"""Fields under the pictures made by code: places, smooth noise, directions, cells and light.

Every field is given by fractions of the picture's side and by frequencies in waves per side, and draws the same
random numbers at every size, so that a seed gives the same picture small and large.
"""

from dataclasses import dataclass

import numpy as np

_FLOW_SIDE = 64


def list_places(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns x and y of every pixel's middle as fractions of the side: two (size, size) float32 in (0, 1)."""
    middles = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(middles, middles)
    return x, y


def turn(x: np.ndarray, y: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns coordinates along and across a direction at `angle` radians."""
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * cosine + y * sine, y * cosine - x * sine


def make_noise(
    random: np.random.Generator, size: int, slope: float = 1.6, finest: int = 80, stretch: float = 1, angle: float = 0
) -> np.ndarray:
    """Makes fractal noise with mean 0 and deviation 1: (size, size) float32.

    Args:
        random: Where its numbers come from; it takes 4 · `finest` · (`finest` + 1) of them at every size.
        size: Side in pixels.
        slope: How much calmer fine waves are: their height falls as frequency ** -slope.
        finest: Highest frequency, in waves per side.
        stretch: How many times longer waves are along than across the direction.
        angle: That direction, in radians.
    """
    along, across = turn(*_list_frequencies(finest), angle)
    frequency = np.hypot(along * stretch, across)
    return _sum_waves(random, size, finest, np.where(frequency > 0, np.maximum(frequency, 1) ** -slope, 0))


def make_ripples(
    random: np.random.Generator, size: int, frequency: float, width: float, focus: float = 0, angle: float = 0
) -> np.ndarray:
    """Makes waves of about one frequency, with mean 0 and deviation 1: (size, size) float32.

    Args:
        random: Where its numbers come from.
        size: Side in pixels.
        frequency: Waves per side.
        width: Deviation of the logarithm of the frequency.
        focus: How strongly the waves keep to one direction; 0 is not at all.
        angle: That direction, in radians.
    """
    finest = int(frequency * np.exp(2 * width)) + 2
    x, y = _list_frequencies(finest)
    distance = np.hypot(x, y)
    heights = np.exp(-0.5 * (np.log(np.maximum(distance, 0.1) / frequency) / width) ** 2)
    heights *= np.exp(focus * (np.cos(2 * (np.arctan2(y, x) - angle)) - 1))
    return _sum_waves(random, size, finest, np.where(distance > 0, heights, 0))


def rescale(noise: np.ndarray, contrast: float = 1) -> np.ndarray:
    """Returns noise of deviation 1 moved to around 0.5, clipped to [0, 1]."""
    return np.clip(0.5 + 0.22 * contrast * noise, 0, 1)


def look_up(field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Returns a square field's values at places given as fractions of the side; outside, the border's."""
    last = len(field) - 1
    rows = np.clip((y * len(field)).astype(np.int32), 0, last)
    return field[rows, np.clip((x * len(field)).astype(np.int32), 0, last)]


def make_flow(look: np.random.Generator, random: np.random.Generator) -> np.ndarray:
    """Makes a field of directions: swirls, drift, a straight lie, rays or circles; (64, 64) radians."""
    x, y = list_places(_FLOW_SIDE)
    kind, lie = int(look.integers(5)), look.uniform(0, np.pi)
    if kind == 0:
        places, spins = random.uniform(0, 1, (5, 2)), random.choice([-1.0, 1.0], 5)
        offsets_x, offsets_y = x[..., None] - places[:, 0], y[..., None] - places[:, 1]
        pull = spins / (offsets_x**2 + offsets_y**2 + 0.006)
        return np.arctan2((offsets_x * pull).sum(axis=-1), (-offsets_y * pull).sum(axis=-1))
    if kind == 1:
        return lie + 1.1 * make_noise(random, _FLOW_SIDE, 2.2, 6)
    if kind == 2:
        return lie + 0.25 * make_noise(random, _FLOW_SIDE, 1.8, 10)
    center = random.uniform(0.2, 0.8, 2)
    return np.arctan2(y - center[1], x - center[0]) + (np.pi / 2 if kind == 3 else 0.25)


@dataclass(frozen=True)
class Cells:
    """The plane cut into cells, each the places nearest to its point.

    Attributes:
        number: (H, W) int32, the cell that a place lies in.
        count: How many numbers there are.
        distance: (H, W) float32, distance to the cell's point.
        edge: (H, W) float32, distance to the nearest border between cells.
        offset: (H, W, 2) float32, x and y from the cell's point to the place.
    """

    number: np.ndarray
    count: int
    distance: np.ndarray
    edge: np.ndarray
    offset: np.ndarray


def cut_into_cells(random: np.random.Generator, x: np.ndarray, y: np.ndarray, side: float, jitter: float) -> Cells:
    """Cuts the plane into the cells of one point in each square of a grid, moved by up to `jitter` squares.

    Args:
        random: Where the points come from.
        x: (H, W) float32, between -1 and 2.
        y: (H, W) float32, between -1 and 2.
        side: Side of a square of the grid, in the unit of x and y.
        jitter: From 0, which gives squares, to 0.5.
    """
    columns, rows = (x + 1) / side + 1, (y + 1) / side + 1
    across = int(np.ceil(3 / side)) + 3
    moves = random.uniform(0.5 - jitter, 0.5 + jitter, (across * across, 2)).astype(np.float32)
    column, row = columns.astype(np.int32), rows.astype(np.int32)
    nearest = np.full(x.shape, np.inf, np.float32)
    second = nearest.copy()
    winner, runner_up = np.zeros((2, *x.shape), np.int32)
    for step_y in (-1, 0, 1):
        for step_x in (-1, 0, 1):
            number = (row + step_y) * across + (column + step_x)
            offset_x = columns - (column + step_x) - moves[number, 0]
            offset_y = rows - (row + step_y) - moves[number, 1]
            distance = offset_x * offset_x + offset_y * offset_y
            wins, follows = distance < nearest, distance < second
            runner_up = np.where(wins, winner, np.where(follows, number, runner_up))
            second = np.where(wins, nearest, np.where(follows, distance, second))
            winner, nearest = np.where(wins, number, winner), np.where(wins, distance, nearest)
    points = moves + np.stack([np.arange(across * across) % across, np.arange(across * across) // across], axis=-1)
    gap = np.linalg.norm((points[winner] - points[runner_up]).astype(np.float32), axis=-1)
    edge = (second - nearest) / (2 * gap + 1e-6)
    offset = np.stack([columns, rows], axis=-1) - points[winner].astype(np.float32)
    return Cells(winner, across * across, np.sqrt(nearest) * side, edge * side, offset * side)


def measure_slope(height: np.ndarray) -> np.ndarray:
    """Returns how steep a field is, per pixel: (H, W)."""
    along_y, along_x = np.gradient(height)
    return np.hypot(along_x, along_y)


def light(height: np.ndarray, strength: float, angle: float) -> np.ndarray:
    """Returns how light falls on a relief of that height from the side at `angle`: (H, W) float32, flat is 0.8."""
    slope_y, slope_x = np.gradient(height * np.float32(strength * len(height)))
    length = np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    facing = 0.8 + 0.6 * (np.cos(angle) * slope_x + np.sin(angle) * slope_y)
    return np.clip(facing / length, 0, 1.2).astype(np.float32)


def _list_frequencies(finest: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies of the waves up to `finest`, along x and y: two (2 · finest + 1, finest + 1) float32."""
    x = np.arange(finest + 1, dtype=np.float32)
    y = np.concatenate([x, np.arange(-finest, 0, dtype=np.float32)])
    return np.broadcast_to(x, (len(y), len(x))), np.broadcast_to(y[:, None], (len(y), len(x)))


def _sum_waves(random: np.random.Generator, size: int, finest: int, heights: np.ndarray) -> np.ndarray:
    parts = random.standard_normal((2, *heights.shape), np.float32)
    waves = (parts[0] + 1j * parts[1]) * heights
    reach = min(finest, (size - 1) // 2)
    spectrum = np.zeros((size, size // 2 + 1), np.complex64)
    spectrum[: reach + 1, : reach + 1] = waves[: reach + 1, : reach + 1]
    spectrum[-reach:, : reach + 1] = waves[-reach:, : reach + 1]
    summed = np.fft.irfft2(spectrum, s=(size, size)).astype(np.float32)
    return summed / (summed.std() + np.float32(1e-9))
