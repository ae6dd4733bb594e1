"""The order of channels: by number, by what they answer, or by their part in the loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class ChannelFacts:
    """Numbers of every channel of a layer.

    Attributes:
        means: `(C,) float64`, the mean activation.
        mean_squares: `(C,) float64`; of activations it is the diagonal of the Gram matrix.
        is_silent: `(C,) bool`, whether it is 0 everywhere.
        is_broken: `(C,) bool`, whether not all of its values are numbers.
    """

    means: np.ndarray
    mean_squares: np.ndarray
    is_silent: np.ndarray
    is_broken: np.ndarray

    @property
    def variances(self) -> np.ndarray:
        """`(C,) float64`, never below 0."""
        with np.errstate(invalid="ignore"):
            return np.maximum(self.mean_squares - self.means**2, 0)


@dataclass(frozen=True)
class Ordering:
    """Channels in the order in which they are shown.

    Attributes:
        key: What was ordered and how: while a run plays, the order of the same key stays, or tiles would jump.
        channels: All of the layer, each once.
        step: The step at which they stood in this order.
    """

    key: tuple[object, ...]
    channels: tuple[int, ...]
    step: int


def measure_channels(features: np.ndarray) -> ChannelFacts:
    """Measures every channel of `(h, w, C) float32`, in three passes over the values."""
    flat = features.reshape(-1, features.shape[-1])
    with np.errstate(invalid="ignore", over="ignore"):
        # Sums of rows first: float32 alone would lose digits over 200,000 values.
        means = features.sum(axis=0).sum(axis=0, dtype=np.float64) / len(flat)
        mean_squares = np.einsum("mc,mc->c", flat, flat).astype(np.float64) / len(flat)
    is_broken = ~np.isfinite(means)
    return ChannelFacts(means, mean_squares, is_silent=mean_squares == 0, is_broken=is_broken)


def share_style(gram: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns each channel's share of a style layer's term, Σ_j (G − A)²_ij over the sum of all.

    Args:
        gram: `(C, C)`, of the generated picture.
        target: `(C, C)`, of the style.

    Returns:
        `(C,) float64` that adds up to 1; all 0 where there is no difference.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return _share(((gram - target).astype(np.float64) ** 2).sum(axis=1))


def share_content(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns each channel's share of a content layer's term, Σ (F − P)² over the sum of all.

    Args:
        features: `(h, w, C)`, of the generated picture.
        target: The same of the content.

    Returns:
        `(C,) float64` that adds up to 1; all 0 where there is no difference.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        difference = (features - target).reshape(-1, features.shape[-1])
        return _share(np.einsum("mc,mc->c", difference, difference).astype(np.float64))


def mix_shares(terms: Sequence[tuple[float, np.ndarray]]) -> np.ndarray:
    """Returns each channel's share of several terms together, each given as its weighted value and its shares."""
    with np.errstate(invalid="ignore"):
        return _share(np.sum([value * shares for value, shares in terms], axis=0))


def order_channels(values: np.ndarray) -> tuple[int, ...]:
    """Returns channels from the largest value to the smallest, equals by number; what is no number comes last."""
    return tuple(np.argsort(-np.where(np.isnan(values), -np.inf, values), kind="stable").tolist())


def _share(parts: np.ndarray) -> np.ndarray:
    total = np.nansum(parts)
    return parts / total if np.isfinite(total) and total > 0 else np.zeros_like(parts)
