"""Reconstruction: an image painted anew from what one layer knows of it.

Each layer gets a run of its own from noise, with its term alone. A session is not needed for that, only its images and
its network: nobody goes back in these runs, so they keep no history.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.images import load_image
from nst_explorer.core.tensors import to_array
from nst_explorer.recipe import Adam, Recipe
from nst_explorer.session.problem import Problem
from nst_explorer.session.session import Session

LEARNING_RATE = 0.05


def reconstruct(
    session: Session, layers: Iterable[str], of: str, steps: int, size: int
) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """Computes an image anew from each layer alone; the session stays as it is.

    Args:
        session: Whose images, network, device, pooling, style loss and seed are used.
        layers: Names.
        of: `content`, by a layer's features, or `style`, by its style loss.
        steps: Of each run, 1 or more.
        size: Longest side in pixels.

    Returns:
        The image as it was aimed at, and for each layer its picture, `(H, W, 3) float32`, RGB in [0, 1], with the loss
        that is left in the convention `relative`.

    Raises:
        DivergedError: The loss of a run is not a number.
    """
    original = load_image(session.content if of == "content" else session.style, size)
    with on_device(session.device):
        problem = Problem(original, original, session.weights, session.device)
        return original, [_paint(problem, _make_recipe(session.recipe, layer, of), steps) for layer in layers]


def _paint(problem: Problem, recipe: Recipe, steps: int) -> tuple[np.ndarray, float]:
    iterate = problem.begin(recipe)
    for _ in range(steps):
        iterate = problem.step(iterate)
    return to_array(iterate.image), iterate.record.losses["total"]


def _make_recipe(recipe: Recipe, layer: str, of: str) -> Recipe:
    return replace(
        recipe,
        start="noise",
        content_layers={layer: 1.0} if of == "content" else {},
        style_layers={layer: 1.0} if of == "style" else {},
        content_weight=1.0,
        style_weight=1.0,
        variation_weight=0.0,
        convention="relative",
        optimizer=Adam(learning_rate=LEARNING_RATE),
    )
