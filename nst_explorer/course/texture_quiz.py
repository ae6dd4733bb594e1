"""A quiz for networks: which pieces are of the same painting?

A network that answers to textures finds a piece's nearest relatives by its Gram matrices, wherever it was cut out.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from nst_explorer.recipe import GATYS_STYLE_LAYERS
from nst_explorer.samples import open_sample, sample_names

NAMES = {"random": "random", "smooth": "smooth", "builtin": "built-in", "imagenet": "ImageNet"}
"""Weights to what the lesson calls them."""
PIECES = 4
"""Into which each painting is cut, two rows of two."""


def hold_quiz(networks: Iterable[str], size: int, *, is_gray: bool = False) -> pd.DataFrame:
    """Asks each network which pieces belong together.

    Every sample painting is cut into four pieces. For a piece, the nearest of all others is looked for, by the distance
    of their Gram matrices in one layer; it is found if it is of the same painting.

    Args:
        networks: Weights.
        size: Longest side of a painting in pixels; a piece has half of it.
        is_gray: Whether the pieces have lost their colors.

    Returns:
        A row for each style layer, a column for each network: how many pieces of all were found.
    """
    pieces = _cut_paintings(size, is_gray=is_gray)
    table = {}
    for weights in networks:
        grams = _compute_grams(weights, pieces)
        table[NAMES[weights]] = [count_found(grams[layer]) for layer in GATYS_STYLE_LAYERS]
    frame = pd.DataFrame(table, index=list(GATYS_STYLE_LAYERS))
    return frame.rename_axis(f"found of {len(pieces)}" + (", gray" if is_gray else ""))


def _cut_paintings(size: int, *, is_gray: bool) -> list[np.ndarray]:
    """Returns the pieces of all sample paintings, four of each after the other."""
    pieces = []
    for name in sample_names("style"):
        painting = _open_painting(name, size)
        if is_gray:
            painting = np.repeat(painting.mean(axis=-1, keepdims=True), 3, axis=-1).astype(np.float32)
        half = min(painting.shape[:2]) // 2
        pieces += [painting[y : y + half, x : x + half] for y in (0, half) for x in (0, half)]
    return pieces


@lru_cache(maxsize=64)  # painting them takes longer than looking at them, and each is asked for twice
def _open_painting(name: str, size: int) -> np.ndarray:
    from nst_explorer.core.images import load_image

    return load_image(open_sample("style", name), size)


def _compute_grams(weights: str, pieces: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Returns, for each style layer, the pieces' Gram matrices, a flat row each."""
    from nst_explorer.core.losses import compute_gram
    from nst_explorer.core.tensors import to_array, to_tensor
    from nst_explorer.core.vgg19 import compute_features, place_network
    from nst_explorer.core.weights import load_weights

    network = place_network(load_weights(weights))
    rows: dict[str, list[np.ndarray]] = {layer: [] for layer in GATYS_STYLE_LAYERS}
    for piece in pieces:
        features = compute_features(network, to_tensor(piece), GATYS_STYLE_LAYERS, "average")
        for layer, maps in features.items():
            rows[layer].append(to_array(compute_gram(maps)).ravel())
    return {layer: np.array(grams) for layer, grams in rows.items()}


def count_found(grams: np.ndarray) -> int:
    """Returns for how many pieces the nearest other one is of the same painting.

    Args:
        grams: `(pieces, values) float32`, four pieces of each painting after the other.
    """
    squares = (grams.astype(np.float64) ** 2).sum(axis=1)
    products = grams.astype(np.float64) @ grams.T.astype(np.float64)
    distances = (squares[:, None] + squares[None] - 2 * products) / np.maximum(squares, 1e-30)[None]
    np.fill_diagonal(distances, np.inf)
    owners = np.arange(len(grams)) // PIECES
    return int((owners[distances.argmin(axis=1)] == owners).sum())
