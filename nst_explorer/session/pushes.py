"""Pushes: every term's gradient at one moment, how strong each is, and whether they agree on the direction.

Two terms whose gradients have a cosine near 1 want the same change of the picture, near 0 they do not meddle with each
other, and near −1 each undoes what the other does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record
    from nst_explorer.session.one_step import Update


@dataclass(frozen=True, eq=False)
class Pushes:
    """Who pushes at one moment.

    Attributes:
        record: The moment.
        gradients: Term to its weighted gradient, `(H, W, 3) float32`.
        total: The gradient of their sum, the same; the one that the update uses.
        update: What the step that follows makes of it.
    """

    record: "Record"
    gradients: Mapping[str, np.ndarray]
    total: np.ndarray
    update: "Update"

    @cached_property
    def norms(self) -> Mapping[str, float]:
        """Term to the Euclidean norm of its gradient over all values of the picture."""
        return {term: measure_norm(gradient) for term, gradient in self.gradients.items()}

    @cached_property
    def cosines(self) -> np.ndarray:
        """Cosine between every two terms, as `compute_cosines` returns them."""
        return compute_cosines(tuple(self.gradients.values()))


def measure_norm(values: np.ndarray) -> float:
    """Returns the Euclidean norm of all values, summed in double precision."""
    return float(np.linalg.norm(values.ravel().astype(np.float64)))


def compute_cosines(gradients: tuple[np.ndarray, ...]) -> np.ndarray:
    """Computes the cosine of the angle between every two gradients.

    Args:
        gradients: n arrays of one shape.

    Returns:
        `(n, n) float64` in [−1, 1], symmetric, 1 on the diagonal; NaN where one of the two is 0 everywhere.
    """
    flat = np.stack([gradient.ravel() for gradient in gradients]).astype(np.float64)
    norms = np.linalg.norm(flat, axis=1, keepdims=True)
    # Divided before they are multiplied: the product of two small norms could be 0.
    units = np.divide(flat, norms, out=np.full_like(flat, np.nan), where=norms > 0)
    cosines = np.clip(units @ units.T, -1, 1)
    np.fill_diagonal(cosines, np.where(norms[:, 0] > 0, 1.0, np.nan))
    return cosines
