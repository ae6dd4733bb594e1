"""The spectrum of a Gram matrix: how many directions its channels really have."""

import numpy as np


def compute_spectrum(gram: np.ndarray) -> np.ndarray:
    """Computes the eigenvalues of a symmetric matrix.

    Args:
        gram: `(C, C)`.

    Returns:
        `(C,) float64`, from the largest to the smallest; NaN where the matrix holds a value that is not finite. What
        float32 rounded away in the matrix, below some 1e-7 of the largest, may come out below 0.
    """
    if not np.isfinite(gram).all():
        return np.full(len(gram), np.nan)
    return np.linalg.eigvalsh(gram.astype(np.float64))[::-1]


def compute_participation_ratio(spectrum: np.ndarray) -> float:
    """Computes the effective rank (Σλ)² / Σλ²: how many eigenvalues share the energy, were they all alike.

    Args:
        spectrum: `(C,)`, eigenvalues of a positive semidefinite matrix.

    Returns:
        1 for rank one, up to C for the identity; 0 for a matrix that is 0; NaN where an eigenvalue is.

    Source: Gao et al., "A theory of multineuronal dimensionality, dynamics and measurement" (2017), equation 1.

    Example:
        >>> compute_participation_ratio(np.array([2.0, 2.0, 0.0]))
        2.0
    """
    values = spectrum.astype(np.float64)
    largest = np.abs(values).max(initial=0)
    if largest == 0:
        return 0.0
    values = values / largest  # or squares of small eigenvalues vanish
    return float(values.sum() ** 2 / np.square(values).sum())


def measure_effective_rank(gram: np.ndarray) -> float:
    """Returns the participation ratio of a symmetric matrix without its eigenvalues, (tr G)² / ‖G‖².

    Args:
        gram: `(C, C)`.

    Returns:
        As `compute_participation_ratio` of its spectrum, a hundred times as fast.
    """
    if not np.isfinite(gram).all():
        return float("nan")
    values = gram.astype(np.float64)
    largest = float(np.abs(values).max(initial=0))
    if largest == 0:
        return 0.0
    values /= largest
    return float(np.trace(values) ** 2 / np.einsum("ij,ij", values, values))
