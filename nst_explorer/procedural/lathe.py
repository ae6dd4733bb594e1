"""Bodies turned on a lathe: fruit and a vase.

A profile says how wide a body is at each height, from 0 at its foot to 1 at its top; the place across that width says
how it faces the light, which comes from the upper left.
"""

from collections.abc import Callable

import numpy as np

Profile = Callable[[np.ndarray], np.ndarray]
Paint = Callable[[np.ndarray, np.ndarray], np.ndarray]


def turn_body(
    picture: np.ndarray,
    side: int,
    foot: tuple[float, float],
    height: float,
    width: Profile,
    color: Paint,
    gloss: float,
) -> None:
    """Paints a body of revolution into the picture: `width` gives half its width at heights from 0, its foot, to 1."""
    rows = np.arange(max(0, int((foot[1] - height) * side)), min(len(picture), int(foot[1] * side) + 1))
    t = np.clip((foot[1] - (rows + 0.5) / side) / height, 0, 1)[:, None]
    half = np.maximum(width(t), 1e-4)
    reach = float(half.max()) + 2 / side
    columns = np.arange(max(0, int((foot[0] - reach) * side)), min(side, int((foot[0] + reach) * side) + 1))
    offset = (columns[None] + 0.5) / side - foot[0]
    u = np.clip(offset / half, -1, 1)
    slope = np.gradient(half[:, 0], height / max(2, len(half)))[:, None] if len(half) > 1 else np.zeros_like(half)
    upward = np.clip(slope, -3, 3) / np.sqrt(1 + np.clip(slope, -3, 3) ** 2)
    out = np.sqrt(np.clip(1 - u * u, 0, 1))
    facing = np.clip((-0.62 * u + 0.55 * out) * np.sqrt(1 - upward**2) + 0.55 * upward, 0, 1)
    bounce = 0.16 * np.clip(u, 0, 1) ** 3
    shine = gloss * np.clip(1.6 * np.exp(-(((u + 0.42) / 0.16) ** 2 + ((t - 0.68) / 0.11) ** 2)), 0, 1)
    painted = np.asarray(color(u, t)) * (0.30 + 0.85 * facing + bounce)[..., None] + (0.75 * shine)[..., None]
    share = np.clip((half - np.abs(offset)) * side + 0.5, 0, 1)[..., None]
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    picture[box] = picture[box] * (1 - share) + painted * share


def ball_width(radius: float) -> Profile:
    """Returns the profile of a ball."""
    return lambda t: radius * np.sqrt(np.clip(1 - (2 * t - 1) ** 2, 0, 1))


def apple_width(radius: float) -> Profile:
    """Returns the profile of an apple: a ball with flat ends."""
    return lambda t: radius * np.clip(1 - np.abs(1.9 * t - 1.0) ** 2.6, 0, 1) ** 0.5


def lemon_width(t: np.ndarray) -> np.ndarray:
    """Half the width of a lemon that stands on its side."""
    return 0.062 * np.clip(1 - np.abs(2 * t - 1) ** 2.0, 0, 1) ** 0.5


def pear_width(t: np.ndarray) -> np.ndarray:
    """Half the width of a pear: a belly and a neck."""
    ends = np.clip(np.minimum(t / 0.3, (1 - t) / 0.12), 0, 1)
    return 0.066 * (0.42 + 0.58 * np.exp(-((np.maximum(t - 0.28, 0) / 0.3) ** 2))) * np.sqrt(ends * (2 - ends))


def vase_width(t: np.ndarray) -> np.ndarray:
    """Half the width of a vase: foot, belly, neck and lip."""
    belly = 0.048 + 0.056 * np.exp(-(((t - 0.48) / 0.24) ** 2)) - 0.018 * np.exp(-(((t - 0.88) / 0.10) ** 2))
    return belly + 0.016 * np.clip((t - 0.94) / 0.06, 0, 1) ** 2 + 0.008 * np.exp(-((t / 0.03) ** 2))


def blush(color: list[float] | np.ndarray, other: list[float] | np.ndarray, share: np.ndarray) -> np.ndarray:
    """Mixes two colors: the first where `share` is -1, the second where it is 1."""
    mixed = np.clip(0.5 + 0.6 * share, 0, 1)[..., None]
    return np.asarray(color) * (1 - mixed) + np.asarray(other) * mixed
